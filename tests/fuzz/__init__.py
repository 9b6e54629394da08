"""Files that nobody meant to write: every reader of what comes from outside answers them with a sentence.

mutate    bytes -> other bytes, the same for the same seed
readers   what is read, and what it may raise
run       many inputs for one reader, with time and memory
"""
