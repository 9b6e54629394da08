"""What the board remembers, alike on SQLite and PostgreSQL.

relations  the tables
engine     a database by its address
roll       expected stations, and the tokens of their schools
arrivals   what every station said last
register   statuses taken in together: who may write what
desk       the technician's notes, and words to stations
people     users, sessions, attempts to log in
"""
