"""A finished take, as its sidecar describes it: what is to be delivered, and how to know it again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from config.base import DiskError, reason_of, say
from config.takes import SidecarError, read_finished

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
        """Of `<take>.json`; the file beside it must be there. Raises DiskError.

        The digest is compared with the file's bytes before an upload becomes complete
        (uploader.prove.integrity), not here: this runs between two pupils.
        """
        path = sidecar.with_suffix(".wav")
        try:
            facts = read_finished(path)
            stat = path.stat()
        except OSError as error:
            raise DiskError(
                say("{file} can't be read: {detail}", file=sidecar.name, detail=reason_of(error)),
                say("Run “station recover”; it looks through all recordings."),
            ) from error
        if not SHA256.fullmatch(facts.sha256) or stat.st_size < facts.frames * facts.bits // 8:
            raise SidecarError.not_of(sidecar)
        return cls(
            take_id=facts.take_id,
            session=facts.session,
            station=facts.station,
            student_id=facts.student_id,
            item=facts.item,
            attempt=facts.attempt,
            path=path,
            size=stat.st_size,
            mtime_ns=stat.st_mtime_ns,
            sha256=facts.sha256,
        )
