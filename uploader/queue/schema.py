"""Tables of the queue. Times are Unix seconds; an upload's address is committed before its first byte."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from config.disk import closed_on_error, has_table, migrate

STEPS = (
    (
        """
        CREATE TABLE deliveries (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            take_id TEXT NOT NULL UNIQUE,
            session TEXT NOT NULL,
            station TEXT NOT NULL,
            student_id TEXT NOT NULL,
            item TEXT NOT NULL,
            attempt INTEGER NOT NULL,
            path TEXT NOT NULL,
            size INTEGER NOT NULL,
            sha256 TEXT NOT NULL,
            mtime_ns INTEGER NOT NULL,
            state TEXT NOT NULL DEFAULT 'queued',
            paused INTEGER NOT NULL DEFAULT 0,
            verify_level INTEGER,
            receipt TEXT,
            endpoint TEXT,
            upload_url TEXT,
            offset INTEGER NOT NULL DEFAULT 0,
            sending_to INTEGER NOT NULL DEFAULT 0,
            checked INTEGER NOT NULL DEFAULT 1,
            attempts INTEGER NOT NULL DEFAULT 0,
            failures INTEGER NOT NULL DEFAULT 0,
            restarts INTEGER NOT NULL DEFAULT 0,
            due_at REAL,
            error TEXT,
            error_kind TEXT,
            created_at REAL NOT NULL,
            updated_at REAL NOT NULL,
            verified_at REAL,
            purged_at REAL
        )
        """,
        "CREATE INDEX deliveries_state ON deliveries (state)",
        """
        CREATE TABLE events (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            at REAL NOT NULL,
            take_id TEXT,
            kind TEXT NOT NULL,
            detail TEXT
        )
        """,
        "CREATE TABLE delivery_control (name TEXT PRIMARY KEY, value TEXT)",
        "CREATE TABLE servers (endpoint TEXT PRIMARY KEY, known TEXT NOT NULL)",
    ),
    (
        "ALTER TABLE deliveries ADD COLUMN encoding TEXT NOT NULL DEFAULT 'wav'",
        "ALTER TABLE deliveries ADD COLUMN wire_size INTEGER",
        "ALTER TABLE deliveries ADD COLUMN wire_sha256 TEXT",
        "ALTER TABLE deliveries ADD COLUMN pcm_md5 TEXT",
    ),
    ("ALTER TABLE deliveries ADD COLUMN compared_at REAL",),
    # Errors are codes from here on: an older program can't read them.
    (),
    (
        "ALTER TABLE deliveries ADD COLUMN address_failures INTEGER NOT NULL DEFAULT 0",
        "CREATE INDEX events_take ON events (take_id)",
    ),
    ("ALTER TABLE deliveries ADD COLUMN doubtful INTEGER NOT NULL DEFAULT 0",),
)


def up_to_date(db: sqlite3.Connection) -> sqlite3.Connection:
    """For reading only: the connection itself, or where an older program made the tables a copy of them in
    memory, brought up to date; the file stays as it is. Raises sqlite3.Error."""
    if not has_table(db, "deliveries"):
        return db
    (version,) = db.execute("SELECT MAX(version) FROM schema_versions WHERE component = 'queue'").fetchone()
    if version == len(STEPS):
        return db
    copy = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    with closed_on_error(copy), closing(db):
        copy.row_factory = sqlite3.Row
        db.backup(copy)
        migrate(copy, "queue", STEPS)
    return copy
