"""A piece of a file as the body of one request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from config.base import Message, reason_of, say
from uploader.faults import Kind, UploadFault

BLOCK = 64 * 1024
"""One blocking send each: small enough that a slow line moves within the stall limit. A line that was seen
to be fast gets larger ones."""

Gate = Callable[[int], None]
"""Called before each block with its bytes: may wait (pace) and may raise Interrupted."""


class Body:
    """`length` bytes of an open file from `offset`, in blocks. Has a length, so it is not sent chunked.

    `handed` counts the bytes given to the system, which is more than the server has.
    """

    def __init__(self, file: BinaryIO, offset: int, length: int, gate: Gate, block: int = BLOCK) -> None:
        self._file = file
        self._offset = offset
        self._length = length
        self._gate = gate
        self._block = block
        self.handed = 0
        self.on_end: Callable[[], None] = lambda: None
        """Called when the last byte was handed over."""

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(self._offset)
        self.handed = 0
        while self.handed < self._length:
            want = min(self._block, self._length - self.handed)
            self._gate(want)
            yield self._read(want)
            self.handed += want
        self.on_end()

    def _read(self, want: int) -> bytes:
        """A fault here must not look like a broken connection, so it is no OSError."""
        try:
            block = self._file.read(want)
        except OSError as error:
            raise unreadable(reason_of(error)) from error
        if len(block) != want:
            raise unreadable(f"{self._offset + self.handed + len(block)}")
        return block


def unreadable(detail: Message | str) -> UploadFault:
    return UploadFault(
        Kind.TAKE,
        say("The recording can't be read from the disk: {detail}", detail=detail),
        say("Copy the data folder to another disk and tell the district's technician."),
    )
