"""What lies in a store of uploads, alike for folders and S3. What is written beside the bytes is a claim."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

MAX_FACT = 64
"""Characters of a fact that is kept; stations write fewer."""
FACTS = ("take_id", "station", "session", "student_id", "item", "attempt")


@dataclass(frozen=True)
class Lying:
    """A thing that may be a finished upload, as a listing shows it."""

    place: str
    """Its address, unique among all stores."""
    mark: str
    """Another one whenever the bytes may have changed."""


@dataclass(frozen=True)
class Finished:
    """One upload of a take that its server takes for complete."""

    upload_id: str
    place: str
    mark: str
    data: str
    """Where the bytes are, for the store's own `read`."""
    facts: Mapping[str, str]
    """FACTS as the server wrote them down: claims of whoever sent it."""

    @property
    def take_id(self) -> str:
        return self.facts["take_id"]


class UploadStore(Protocol):
    """Raises OSError wherever the store does not answer; FileNotFoundError for what is gone."""

    @property
    def name(self) -> str:
        """Its address; the places of all that lies in it begin with it."""

    def lying(self) -> Iterator[Lying]:
        """Everything that may be finished, by place, in the order of their bytes."""

    def put_together(self, settled: float) -> int:
        """Finish what a server left behind with all its bytes, and has not touched for `settled` seconds,
        among what the last listing showed; how many."""

    def finished(self, lying: Lying) -> Finished | None:
        """None for what is not finished, or no take. What can't be understood is logged."""

    def with_id(self, upload_id: str) -> Lying | None:
        """One upload by its server's id."""

    def read(self, upload: Finished) -> Iterator[bytes]:
        """All bytes, in blocks; a folder's are forced to the disk first."""


def facts_of(metadata: Any) -> dict[str, str] | None:
    """FACTS of an upload's metadata, bounded; None where it is not the upload of a take."""
    if not isinstance(metadata, dict):
        return None
    found = {}
    for name in FACTS:
        value = metadata.get(name)
        fits = isinstance(value, str) and len(value) <= MAX_FACT and value.isprintable()
        found[name] = str(value) if fits else ""
    return found if found["take_id"] else None
