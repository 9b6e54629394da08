"""Languages, and words for what the station knows.

i18n        the language, switchable at any time
present     states in words
standings   words for pupils: how far each is, the sums, what is left to do
milestones  words for the stages of a session
hints       what to do next, for who does it for the first time
wrapping    lines as both languages break them
categories  sorts of incidents
talk        stdout and stderr of every command
"""
