"""`make test-windows`: the station on Windows' Python under Wine, from Debian, Maven and PyPI only.

machine       Wine with a Python in it, made once into the user's cache
session       one start of Wine: its environment, its programs, its end
steps         one line per step, with its result and its time
pupil         who sings in a demo on the virtual card
sharing       which pytest runs which files, of several side by side
commands, sound, faults, chinese, suites      the steps
left_out      which tests Wine can't run, and why (left_out.toml)
"""
