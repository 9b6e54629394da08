"""Parts of screens.

digits   large digits
keyline  the keys of a screen, drawn when they change
meter    the level
tables   rows that keep their place
words    Text that is drawn where it says something else than before, and only
"""
