"""What the station says of itself to the district's board, and what comes back. Never in the way of a take.

collector  session, uploads and self-test -> one status, without a name
schedule   when to speak
broadcast  the thread that speaks
beside     what other stations with the same roster have said
here       this station's own facts
"""
