"""Parts of screens.

digits   large digits
field    a line to type in
keyline  the keys of a screen, drawn when they change
meter    the level
qrcode   a code for a telephone
tables   rows that keep their place
words    Text that is drawn where it says something else than before, and only
wrapped  sentences, broken into lines as their language breaks them
"""
