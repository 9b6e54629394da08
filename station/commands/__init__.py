"""The command line. Data goes to stdout, talk to stderr; nothing here imports the screens but `run`.

cli      the group, its lazy table of commands, errors to exit codes
talk     stdout and stderr: the only module that prints
options  what several commands share
"""
