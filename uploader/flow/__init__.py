"""When bytes may go, and how many at a time.

limit         bytes spread over time
gate          may bytes flow now, and how fast
speed         how fast they are acknowledged
chunks        how large a piece is
connectivity  has the network come back
"""
