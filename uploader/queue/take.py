"""A finished take, as its sidecar describes it: what is to be delivered, and how to know it again."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

from config.base import DiskError, reason_of, say

SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class FinishedTake:
    """Identity of one take; `path` is the audio file."""

    take_id: str
    session: str
    station: str
    student_id: str
    item: str
    attempt: int
    path: Path
    size: int
    mtime_ns: int
    sha256: str

    @classmethod
    def from_sidecar(cls, sidecar: Path) -> FinishedTake:
        """Read `<take>.json`; the file beside it must be there. Raises DiskError.

        The digest is compared with the file's bytes before an upload becomes complete
        (uploader.prove.integrity), not here: this runs between two pupils.
        """
        try:
            facts = json.loads(sidecar.read_text(encoding="utf-8"))
            path = sidecar.with_suffix(".wav")
            stat = path.stat()
            take = cls(
                take_id=_text(facts["take_id"]),
                session=_text(facts["session"]),
                station=_text(facts["station"]),
                student_id=_text(facts["student_id"]),
                item=_text(facts["item"]),
                attempt=int(facts["attempt"]),
                path=path,
                size=stat.st_size,
                mtime_ns=stat.st_mtime_ns,
                sha256=_text(facts["sha256"]),
            )
            whole = stat.st_size >= int(facts["frames"]) * int(facts["bits"]) // 8
        except OSError as error:
            raise DiskError(
                say("{file} can't be read: {detail}", file=sidecar.name, detail=reason_of(error)),
                say("Run “station recover”; it looks through all recordings."),
            ) from error
        except (ValueError, KeyError, TypeError) as error:
            raise _unusable(sidecar) from error
        if not SHA256.fullmatch(take.sha256) or not whole:
            raise _unusable(sidecar)
        return take


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"not a text: {value!r}")
    return value


def _unusable(sidecar: Path) -> DiskError:
    return DiskError(
        say("{file} does not describe the recording beside it.", file=sidecar.name),
        say("Keep both files, and run “station recover”; it looks through all recordings."),
    )


def digest_of(path: Path) -> str:
    """sha256 of a file. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
