"""Users, sessions and attempts to log in.

1. Passwords are kept as Argon2id hashes (RFC 9106, second recommended option), sessions as digests.
2. Five wrong passwords for a name, or twenty from an address, close the door to that name or address for a
   quarter of an hour; the right password does not open it before.
"""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import Engine, delete, func, insert, select

from board.store.relations import failures, sessions, users
from board.store.roll import digest

Role = Literal["district", "viewer"]
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,31}")
SHORTEST = 10
"""Characters of a password."""
LONGEST = 200
WINDOW = 900.0
MOST_OF_NAME, MOST_OF_ADDRESS = 5, 20
SESSION_SECONDS = 12 * 3600.0
AT_ONCE = threading.BoundedSemaphore(2)
"""A hash takes 64 MB: no crowd of strangers may ask for more of them at a time."""
_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash(secrets.token_hex(16))
"""Checked where there is no such user, so that an answer does not tell which names exist."""


@dataclass(frozen=True)
class Person:
    """Somebody who is logged in."""

    name: str
    role: Role
    district: str
    """Empty: all districts."""
    csrf: str = ""

    @property
    def acts(self) -> bool:
        return self.role == "district"

    def sees(self, district: str) -> bool:
        return self.district in ("", district)


class ClosedError(Exception):
    """Too many wrong passwords."""


class People:
    def __init__(self, engine: Engine, clock: Callable[[], float] = time.time) -> None:
        self._engine, self._clock = engine, clock

    def add(self, name: str, role: Role, district: str, password: str) -> None:
        """Make a user, or give one a new password; his sessions end. Raises ValueError."""
        if not NAME.fullmatch(name) or not SHORTEST <= len(password) <= LONGEST:
            raise ValueError(name)
        values = {
            "name": name,
            "role": role,
            "district": district,
            "password": _HASHER.hash(password),
            "made_at": self._clock(),
        }
        with self._engine.begin() as db:
            db.execute(delete(users).where(users.c.name == name))
            db.execute(delete(sessions).where(sessions.c.name == name))
            db.execute(insert(users).values(**values))

    def remove(self, name: str) -> bool:
        with self._engine.begin() as db:
            db.execute(delete(sessions).where(sessions.c.name == name))
            return db.execute(delete(users).where(users.c.name == name)).rowcount == 1

    def names(self) -> list[Person]:
        with self._engine.connect() as db:
            found = db.execute(select(users).order_by(users.c.name))
            return [Person(row.name, row.role, row.district) for row in found]

    def log_in(self, name: str, password: str, address: str) -> str | None:
        """A new session's secret; None for a wrong password. Raises ClosedError."""
        name = name.strip().lower()[:32]
        self._refuse_many(f"name {name}", MOST_OF_NAME)
        self._refuse_many(f"from {address[:64]}", MOST_OF_ADDRESS)
        with self._engine.connect() as db:
            stored = db.execute(select(users.c.password).where(users.c.name == name)).scalar()
        if not self._fits(stored, password[:LONGEST]):
            with self._engine.begin() as db:
                now = self._clock()
                db.execute(delete(failures).where(failures.c.at < now - WINDOW))
                for who in (f"name {name}", f"from {address[:64]}"):
                    db.execute(insert(failures).values(who=who, at=now))
            return None
        secret = secrets.token_urlsafe(32)
        values = {"digest": digest(secret), "name": name, "csrf": secrets.token_urlsafe(24)}
        with self._engine.begin() as db:
            db.execute(delete(sessions).where(sessions.c.made_at < self._clock() - SESSION_SECONDS))
            db.execute(insert(sessions).values(made_at=self._clock(), **values))
        return secret

    def _refuse_many(self, who: str, most: int) -> None:
        query = select(func.count()).where(failures.c.who == who, failures.c.at > self._clock() - WINDOW)
        with self._engine.connect() as db:
            if (db.execute(query).scalar() or 0) >= most:
                raise ClosedError(who)

    @staticmethod
    def _fits(stored: str | None, password: str) -> bool:
        with AT_ONCE:
            try:
                return _HASHER.verify(stored or _NOBODY, password) and stored is not None
            except (Argon2Error, InvalidHashError):
                return False

    def who(self, secret: str) -> Person | None:
        """Whose session it is; None for one that does not hold."""
        query = (
            select(users.c.name, users.c.role, users.c.district, sessions.c.csrf)
            .join_from(sessions, users, sessions.c.name == users.c.name)
            .where(sessions.c.digest == digest(secret), sessions.c.made_at > self._clock() - SESSION_SECONDS)
        )
        with self._engine.connect() as db:
            row = db.execute(query).first()
        return None if row is None else Person(row.name, row.role, row.district, row.csrf)

    def log_out(self, secret: str) -> None:
        with self._engine.begin() as db:
            db.execute(delete(sessions).where(sessions.c.digest == digest(secret)))
