"""What travels for a take.

pcmdigest  the digest of samples
flac       the same samples in half the bytes
wire       the WAV itself, or a FLAC of it
"""
