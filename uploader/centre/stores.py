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
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from glob import escape
from pathlib import Path
from typing import Any

from config.disk import database_uri, is_file, is_folder

log = logging.getLogger(__name__)
BESIDE = (".info", ".json", ".meta")
SELECT = "SELECT upload_id, metadata FROM uploads WHERE completed = 1 AND (? IS NULL OR upload_id = ?)"


@dataclass(frozen=True)
class Finished:
    """One upload that its server takes for complete."""

    upload_id: str
    take_id: str
    path: Path


def finished(store: Path, only: str | None = None) -> list[Finished]:
    """All finished uploads of takes below `store`, by id, or `only` one. Raises OSError.

    What can't be understood is logged.
    """
    if not is_folder(store):
        raise NotADirectoryError(f"{store} is not a folder")
    found = {upload.upload_id: upload for upload in (*_beside(store, only), *_in_databases(store, only))}
    return sorted(found.values(), key=lambda upload: upload.upload_id)


def _beside(store: Path, only: str | None) -> Iterator[Finished]:
    for info in _descriptions(store, only):
        data = info.with_suffix("")
        if not is_file(data):
            continue
        try:
            facts = json.loads(info.read_text(encoding="utf-8"))
            metadata = _metadata(facts)
            complete = _complete(facts, data.stat().st_size)
        except (OSError, ValueError, TypeError, AttributeError) as error:
            log.warning("%s is not the description of an upload: %s", info, error)
            continue
        if complete and (take_id := metadata.get("take_id")):
            yield Finished(data.name, take_id, data)


def _descriptions(store: Path, only: str | None) -> Iterator[Path]:
    """A hook asks for one upload, in a folder that may have a hundred thousand."""
    if only is None:
        yield from (path for path in store.rglob("*") if path.suffix in BESIDE)
        return
    for folder in (store, *(path for path in store.iterdir() if is_folder(path))):
        yield from (path for suffix in BESIDE if is_file(path := folder / f"{only}{suffix}"))


def _metadata(facts: dict[str, Any]) -> dict[str, str]:
    return facts.get("MetaData") or facts.get("metadata") or {}


def _complete(facts: dict[str, Any], size: int) -> bool:
    if "MetaData" in facts:
        return bool(facts.get("Size") == size)
    if "finished_at" in facts:
        return facts["finished_at"] is not None
    whole = facts.get("size", facts.get("length"))
    return whole is not None and bool(whole == size or facts.get("offset") == whole)


def _in_databases(store: Path, only: str | None) -> Iterator[Finished]:
    for database in (*store.glob("*.db"), *store.parent.glob(f"{escape(store.name)}*.db")):
        try:
            with closing(sqlite3.connect(f"{database_uri(database)}?mode=ro", uri=True)) as db:
                rows = db.execute(SELECT, (only, only)).fetchall()
        except sqlite3.Error as error:
            log.info("%s has no uploads: %s", database, error)
            continue
        for upload_id, text in rows:
            take_id = json.loads(text or "{}").get("take_id")
            places = (store / upload_id, *store.glob(f"*/{upload_id}"))
            path = next((place for place in places if is_file(place)), None)
            if take_id and path is not None:
                yield Finished(upload_id, take_id, path)
