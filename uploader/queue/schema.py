"""Tables of the queue. Times are Unix seconds; an upload's address is committed before its first byte."""

from __future__ import annotations

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
