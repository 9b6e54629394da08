"""One file per screen. A screen holds no state of the session: show(view) draws it anew.

session    home: who is next, done, absent
stage      opening, closing, sealing, clearing, and the lock
checkin    each card is seen
identity   is this the pupil
check      the headset check
test       what the pupil sees
queue      recordings and their delivery
selftest   the self-test, live
checklist  what a person must see, ticked
forms      the forms to be signed
help       all keys
later      screens that are imported when somebody opens them
"""
