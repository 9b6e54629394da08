"""A song on the pupil's screen: its notation as numbers or on a staff, page by page.

numbered  numbered notation above its words
staff     the same notes on five lines, drawn in characters
score     which of the two fits, cut into pages that follow the time
"""
