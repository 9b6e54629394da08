"""The tables. Times are Unix seconds of the board's clock; digests are SHA-256 in hexadecimal."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Double, Index, Integer, MetaData, String, Table, Text

VERSION = 1
META = MetaData()

about = Table("about", META, Column("name", String(40), primary_key=True), Column("value", String(200)))

expected = Table(
    "expected",
    META,
    Column("station", String(64), primary_key=True),
    Column("district", String(40), nullable=False),
    Column("school", String(60), nullable=False),
    Column("room", String(60), nullable=False),
    Column("contact", String(60), nullable=False),
    Column("pupils", Integer, nullable=False),
    Column("position", Integer, nullable=False),
)
Index("expected_district", expected.c.district)

tokens = Table(
    "tokens",
    META,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("district", String(40), nullable=False),
    Column("school", String(60), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("made_at", Double, nullable=False),
    Column("revoked_at", Double),
)

latest = Table(
    "latest",
    META,
    Column("station", String(64), primary_key=True),
    Column("district", String(40), nullable=False),
    Column("school", String(60), nullable=False),
    Column("received_at", Double, nullable=False),
    Column("run", String(8), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("at", Double, nullable=False),
    Column("pasted_by", String(40), nullable=False),
    Column("body", Text, nullable=False),
)
Index("latest_district", latest.c.district)
Index("latest_school", latest.c.school)

notes = Table(
    "notes",
    META,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("station", String(64), nullable=False),
    Column("at", Double, nullable=False),
    Column("author", String(40), nullable=False),
    Column("text", String(500), nullable=False),
)
Index("notes_station", notes.c.station)

words = Table(
    "words",
    META,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("district", String(40), nullable=False),
    Column("station", String(64), nullable=False),
    Column("at", Double, nullable=False),
    Column("author", String(40), nullable=False),
    Column("text", String(120), nullable=False),
    Column("withdrawn_at", Double),
)
Index("words_station", words.c.station)

users = Table(
    "users",
    META,
    Column("name", String(40), primary_key=True),
    Column("role", String(10), nullable=False),
    Column("district", String(40), nullable=False),
    Column("password", String(200), nullable=False),
    Column("made_at", Double, nullable=False),
)

sessions = Table(
    "sessions",
    META,
    Column("digest", String(64), primary_key=True),
    Column("name", String(40), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("made_at", Double, nullable=False),
)

failures = Table(
    "failures",
    META,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("who", String(80), nullable=False),
    Column("at", Double, nullable=False),
)
Index("failures_who", failures.c.who, failures.c.at)
