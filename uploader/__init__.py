"""Delivery of takes to the server, with proof. Imports only config.

queue      the durable queue (store, schema, row, states)   take       a take from its sidecar
worker     threads: turns, pauses, end (gate, limit)        aftermath  what a session makes of the queue
delivery   one take: tries, and what faults teach           sender     create, resume, pieces (wire, flac)
proof      the ladder L0-L3 (receipt, receiptfile)          server     what is known of a server (chunks)
tus        the protocol itself                              patience   how long to wait
carry      takes on a stick (packfile, homecoming)          retention  removing what is surely elsewhere
receipts   the centre's half: a command (stores)            errors     kinds of faults
"""
