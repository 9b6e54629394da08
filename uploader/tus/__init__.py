"""A tus 1.0.0 client (https://tus.io/protocols/resumable-upload) that distrusts what it is told.

address    which origin may have the token, and where an upload really is
transport  connections: trust, timeouts, buffers, abort from another thread
body       a piece of a file as blocks: pace, progress, interruption
answers    every answer that is not the expected one -> a Fault
client     the requests themselves
"""
