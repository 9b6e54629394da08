"""Sounds with known right verdicts, made by script: singing, and what must not be mistaken for it.

voices       singing, speech and a murmuring class, from formants
instruments  what has a pitch and is nobody's voice
machines     what else sounds in a school
cases        all of them at several levels and in several rooms, with what must be said
"""
