"""The seal of a session: a code that stands for everything recorded, and that anybody can recompute.

sealcode   the code, as it is written on paper
manifest   what is sealed: every take, every entry of the journal
tampering  what differs from it, and where
"""
