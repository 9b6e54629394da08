"""Names of everything below the data folder. Nothing is created or written here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from config.disk.files import is_there


@dataclass(frozen=True)
class DataDir:
    """The data folder of one station; `root` is `[data] dir` made absolute."""

    root: Path

    @property
    def database(self) -> Path:
        """Journal, takes and queue: one SQLite file."""
        return self.root / "station.db"

    @property
    def lock(self) -> Path:
        """Held by `run`, `record` and `queue run`."""
        return self.root / "station.lock"

    @property
    def capture_lock(self) -> Path:
        """Held by the capture process while it lives, so that a restarted station waits for it."""
        return self.root / "capture.lock"

    @property
    def selftest(self) -> Path:
        """The last self-test with its fingerprint."""
        return self.root / "selftest.json"

    @property
    def checklist(self) -> Path:
        """What people ticked before the afternoon."""
        return self.root / "selftest-list.json"

    @property
    def forms(self) -> Path:
        """Forms to be signed, a folder for each session."""
        return self.root / "forms"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def cache(self) -> Path:
        """Prompts at the device rate and headset-check recordings; may be deleted at any time."""
        return self.root / "cache"

    @property
    def takes(self) -> Path:
        return self.root / "takes"

    def session(self, session_id: str) -> Path:
        """Folder of the takes of one session."""
        return self.takes / session_id


def existing(path: Path) -> Path | None:
    """`path` or its nearest parent that is there; None where the whole drive is missing (Windows)."""
    for folder in (path, *path.parents):
        try:
            if is_there(folder):
                return folder
        except OSError:
            # A drive without a medium, or a folder that we may not look into.
            continue
    return None
