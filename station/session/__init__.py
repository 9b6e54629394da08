"""The session: a pure state machine, and what remembers and shows it.

day        stages of the session as a whole, the persons, and what they do (frozen)
events     what happened (frozen; the journal is a list of them)
effects    what is to be done next (frozen)
plan       who sings what (frozen)
state      Session and its parts (frozen)
chair      who sits in the chair, and how far each pupil is
moves      one function per event: (session, event) -> (session, effects)
decisions  moves after a verdict
stages     STAGES: what a person may do to the session as a whole
machine    TRANSITIONS and step()
chain      entries that can't be changed alone
journal    accepted events, durable
replay     a session from its journal
view       what screens and commands see
"""
