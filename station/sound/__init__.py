"""The headset, kept open.

starttone   a tone made of the notation
sounds      a session's sounds at the device's rate
supervisor  keeps a capture process running
blocking    a headset for callers that wait
"""
