"""Checks of the headset.

signals         what is played
microphone      alive, quiet, without hum, bright
devices         there, open, both sides
playback        what comes back
recording_rate  samples come as fast as they claim
voice           how loud a voice comes in
"""
