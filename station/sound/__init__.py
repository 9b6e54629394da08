"""The headset, kept open.

sounds      a session's sounds at the device's rate
supervisor  keeps a capture process running
blocking    a headset for callers that wait
"""
