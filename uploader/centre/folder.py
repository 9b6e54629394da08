"""Finished uploads in the folders of upload servers, for the centre's half of the receipts.

server              beside the bytes `<id>`         finished when
tusd (file store)   `<id>.info`, names capitalised  the file has the length (its `Offset` stays 0)
@tus/server         `<id>.json`                     the file has the length (its `offset` stays 0)
tuspyserver         `<id>.info`, names small        offset == size, even where the file has other bytes
rustus              `<id>.info`, `length` for size  the same
tussi               `<id>.meta` with finished_at    it stands in the folder of finished files
resumable-upload    a SQLite file, table uploads    completed
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from glob import escape
from pathlib import Path
from typing import Any

from config.disk import database_uri, is_file, is_folder
from uploader.centre.holding import Finished, Lying, facts_of

log = logging.getLogger(__name__)
BESIDE = (".info", ".json", ".meta")
BLOCK = 1 << 20
SELECT = "SELECT upload_id, metadata FROM uploads WHERE completed = 1 AND (? IS NULL OR upload_id = ?)"


class FolderStore:
    """A folder of one server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()
        self._in_databases: dict[str, Finished] = {}

    @property
    def name(self) -> str:
        return self._folder.as_posix()

    def lying(self) -> Iterator[Lying]:
        self._check()
        found = {one.place: one for info in self._descriptions() if (one := _beside(info)) is not None}
        self._in_databases = {one.place: one for one in self._databases(None)}
        found |= {one.place: Lying(one.place, one.mark) for one in self._in_databases.values()}
        yield from sorted(found.values(), key=lambda one: one.place.encode("utf-8", "surrogatepass"))

    def put_together(self, settled: float) -> int:
        """Servers append to the file itself: there is nothing to do."""
        return 0

    def finished(self, lying: Lying) -> Finished | None:
        if (known := self._in_databases.get(lying.place)) is not None:
            return known
        info = Path(lying.place)
        data = info.with_suffix("")
        try:
            facts = json.loads(info.read_text(encoding="utf-8"))
            complete = _complete(facts, data.stat().st_size)
            take = facts_of(_metadata(facts))
        except (OSError, ValueError, TypeError, AttributeError, RecursionError) as error:
            log.warning("%s is not the description of an upload: %s", info, error)
            return None
        if not complete or take is None:
            return None
        return Finished(data.name, lying.place, lying.mark, str(data), take)

    def with_id(self, upload_id: str) -> Lying | None:
        """A hook asks for one upload, in a folder that may have a hundred thousand."""
        self._check()
        if Path(upload_id).name != upload_id:
            return None
        for folder in (self._folder, *(path for path in self._folder.iterdir() if is_folder(path))):
            for suffix in BESIDE:
                info = folder / f"{upload_id}{suffix}"
                if is_file(info) and (found := _beside(info)) is not None:
                    return found
        self._in_databases |= {one.place: one for one in self._databases(upload_id)}
        return next(
            (Lying(o.place, o.mark) for o in self._in_databases.values() if o.upload_id == upload_id), None
        )

    def read(self, upload: Finished) -> Iterator[bytes]:
        path = Path(upload.data)
        # Windows flushes only what is open for writing; elsewhere the right to read is enough.
        with path.open("rb+") if os.name == "nt" else path.open("rb") as file:
            os.fsync(file.fileno())
            while block := file.read(BLOCK):
                yield block

    def _check(self) -> None:
        if not is_folder(self._folder):
            raise NotADirectoryError(f"{self._folder} is not a folder")

    def _descriptions(self) -> Iterator[Path]:
        yield from (path for path in self._folder.rglob("*") if path.suffix in BESIDE)

    def _databases(self, only: str | None) -> Iterator[Finished]:
        store = self._folder
        for database in (*store.glob("*.db"), *store.parent.glob(f"{escape(store.name)}*.db")):
            try:
                with closing(sqlite3.connect(f"{database_uri(database)}?mode=ro", uri=True)) as db:
                    rows = db.execute(SELECT, (only, only)).fetchall()
            except sqlite3.Error as error:
                log.info("%s has no uploads: %s", database, error)
                continue
            for upload_id, text in rows:
                facts = facts_of(json.loads(text or "{}"))
                places = (store / upload_id, *store.glob(f"*/{upload_id}"))
                path = next((place for place in places if is_file(place)), None)
                if facts is not None and path is not None and (mark := _mark(path)) is not None:
                    yield Finished(upload_id, path.as_posix(), mark, str(path), facts)


def _beside(info: Path) -> Lying | None:
    data = info.with_suffix("")
    if not is_file(data):
        return None
    ours, theirs = _mark(data), _mark(info)
    return None if ours is None or theirs is None else Lying(info.as_posix(), f"{ours} {theirs}")


def _mark(path: Path) -> str | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return f"{found.st_size}-{found.st_mtime_ns}"


def _metadata(facts: dict[str, Any]) -> dict[str, str]:
    return facts.get("MetaData") or facts.get("metadata") or {}


def _complete(facts: dict[str, Any], size: int) -> bool:
    if "MetaData" in facts:
        return bool(facts.get("Size") == size)
    if "finished_at" in facts:
        return facts["finished_at"] is not None
    whole = facts.get("size", facts.get("length"))
    return whole is not None and bool(whole == size or facts.get("offset") == whole)
