"""The self-test: checks as data.

check        a check and its result
line         the way to the server, looked at once
bench        what checks measure with
runner       one after the other, each in its time limit
computer     the computer itself
headset      the headset, in and out
connection   from the plug to a proven upload
catalogue    all of them, in order
fingerprint  what a pass stands for
lastpass     the last pass, and until when
byhand       what only a person can see, ticked
estimate     how long it is going to take
"""
