"""What a power cut would leave: bytes of each file as of its last fsync, names as of the folder's (Linux)."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest


class SyncedDisk:
    """Notes each fsync while `patch` lasts; nothing is really brought to the disk."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.synced: list[int] = []
        """Inodes of files, as often as they were."""
        self._bytes: dict[int, bytes] = {}
        self._names: dict[int, dict[str, int]] = {}
        patch.setattr(os, "fsync", self._fsync)

    def _fsync(self, handle: int) -> None:
        found = os.fstat(handle)
        if stat.S_ISDIR(found.st_mode):
            names = {name: os.stat(name, dir_fd=handle).st_ino for name in os.listdir(handle)}
            self._names[found.st_ino] = names
        else:
            self.synced.append(found.st_ino)
            self._bytes[found.st_ino] = Path(f"/proc/self/fd/{handle}").read_bytes()

    def after_power_cut(self, folder: Path) -> dict[str, bytes]:
        """Name -> content; empty where nothing of the file was synced."""
        names = self._names.get(folder.stat().st_ino, {})
        return {name: self._bytes.get(inode, b"") for name, inode in names.items()}
