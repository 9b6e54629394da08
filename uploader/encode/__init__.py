"""What travels for a take.

flac  the same samples in half the bytes
wire  the WAV itself, or a FLAC of it
"""
