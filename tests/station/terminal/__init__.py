"""The real command in a real terminal: what run_test() of Textual leaves out, and depends on the interpreter.

Driver, signals, bytes from the keyboard, exit codes. Every test here starts `python -m station` in a
pseudo terminal of its own, with the Python that runs the suite: to try another Python, run this folder on it.
"""
