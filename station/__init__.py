"""The station itself: the session, its commands and its screens.

pythons    which Pythons the station runs on
release    the list of files of a release
exitcodes  errors -> exit codes
stopping   signals end a command in order
session    the session as a state machine, its journal and its view
words      languages, and words for states
sound      the headset, kept open
takes      files of the session: names, verdicts, what a crash left
checks     the self-test
status     what the station says of itself
run        the running station
seal       the seal of a session, and what differs from it
forms      the forms to be signed, as pages and as an Excel file
reports    pages and tables of what happened
tui        the screens
demo       the whole afternoon without a school
commands   the command line
__main__   `station`
"""

__version__ = "0.2.0"
