"""A disk that keeps only what was synced, and afternoons that are cut off on it.

- `disk.c`: loaded before libc, it writes down what a program does to the files below one folder
- `disk`: builds that, and rebuilds the disk as it may stand after a power cut at any of those steps
- `afternoon`: a program that records, judges, delivers and carries, and says what it promised
"""
