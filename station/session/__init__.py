"""The session as a pure state machine: no clock, no ids, no files, no threads.

events   what happened (frozen; the journal is a list of them)
effects  what the conductor must do next (frozen)
state    Session and its parts (frozen)
moves    one function per event and phase, grouped by subject
machine  TRANSITIONS, step(), allows(), replay()
"""
