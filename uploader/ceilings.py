"""What strangers, broken servers and bad days may cost at most: bytes, seconds, counts; all in one place.

Waits between tries are not here: they belong to the kind of fault (uploader.faults.POLICY).
"""

from __future__ import annotations

HOUR, DAY = 3600.0, 86400.0

# --- answers of servers

ANSWER_BYTES = 64 * 1024
"""Of an answer that is no recording and no receipt; longer ones are cut off unread."""
ANSWER_SECONDS = 30.0
"""For the body of such an answer."""
HEADER_SECONDS = 30.0
"""Added to the time in which an answer must begin, until all its headers are there."""
PEEK_BYTES = 2000
"""Of an error's text that are looked at for a server's own codes."""
RECEIPT_BYTES = 256 * 1024
"""A real one has some 700."""
UPLOAD_BYTES = 1 << 40
"""No encoded recording is larger, whatever a receipt says; the database takes 63 bits."""
RETRY_AFTER_SECONDS = HOUR
"""A server that asks for more patience gets this much."""

TIMEOUTS = 2
"""Time-outs in a row until a take steps back: each has waited long enough by itself."""

# --- addresses

ADDRESS_SESSIONS = 3
"""Sessions that an upload's address may bring nothing while the creation address answers: with the waits
between them twenty minutes."""

# --- sticks

CARRYING_SECONDS = 600.0
"""After so long without a sign, an export was killed in the middle: the take is not on the stick for sure."""
STICKS = 8
"""Places of packs that are remembered, for the receipts."""

# --- trust in what a server can do

TRUST_FAILURES = 3
"""Failures in a row until something is taken for not offered: one is an accident on the way."""
TRUST_BACK_SECONDS = 900.0
"""After that it is tried once more; servers and boxes on the way are repaired."""

# --- uploads of one take

LOOKS = 4
"""Questions until an upload counts as unknown to the server; of two servers behind one address without
sticky sessions, one that knows it is met with 15 of 16 chances."""
GONE_SESSIONS = 1
"""Sessions that must have ended before with "not there" until a finished upload is sent once more."""
BEGUN_AN_HOUR, BEGUN_A_DAY = 3, 8
"""Uploads that are begun for one take, unless a person asks for more."""
COPIES_A_DAY = 2
"""Uploads of one take of which all bytes were sent, unless a person asks for more."""
