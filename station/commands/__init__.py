"""The command line. Data goes to stdout, sentences to stderr; only `run` imports the screens.

cli       the group, its lazy table of commands, errors to exit codes
lazy      commands imported when called
options   what several commands share
progress  checks, on one line of a terminal
queues    the queue as commands open and show it
waiting   a recorder from before is waited for
run       `station run`
init      `station init`
rehearse  `station rehearse`
demo      `station demo`
record    `station record`
devices   `station devices`
selftest  `station selftest`
queue     `station queue`
proofs    `station queue verify`, `again`, `remove`
faults    `station queue faults`
carry     `station queue export`, `import`
verdict   `station verdict`
recover   `station recover`
material  `station kit check`
rosters   `station roster check`, `template`
doctor    `station doctor`
report    `station report`
forms     `station forms`
status    `station status`
board     `station board`
boarddemo  what `station board demo` puts together
seal      `station seal show`, `verify`
start     `station start`
"""
