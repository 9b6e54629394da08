"""What a session plays and records: prepared sounds, the kit's items, where files go, and what is
written beside every take."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from audio.protocol import messages as heard
from config import Settings
from config.disk import DataDir
from config.kit import Item, Kit
from config.takes import Assignment, take_prefix
from station import __version__
from station.sound.sounds import prepare_sounds

SOFTWARE = f"singing-test-station {__version__}"


@dataclass(frozen=True)
class Material:
    items: Mapping[str, Item]
    phrase: Path
    prompts: Mapping[str, Path]
    accompaniments: Mapping[str, Path]
    takes: Path
    """Folder of this session's takes."""
    probes: Path
    """Folder of headset-check recordings, overwritten for each pupil."""
    session_id: str
    station: str
    kit: Kit
    renew: Callable[[], Material] | None = None
    """Prepares the sounds again."""

    @classmethod
    def of(cls, settings: Settings, kit: Kit, session_id: str) -> Material:
        """Sounds at the device rate and the names of a session. Raises AudioError."""
        data = DataDir(settings.data.dir)
        sounds = prepare_sounds(kit, settings.audio.samplerate, data.cache)
        return cls(
            items={item.id: item for item in kit.items},
            phrase=sounds.phrase,
            prompts=sounds.prompts,
            accompaniments=sounds.accompaniments,
            takes=data.session(session_id),
            probes=data.cache / "check",
            session_id=session_id,
            station=settings.station.id,
            kit=kit,
            renew=lambda: cls.of(settings, kit, session_id),
        )

    def start_take(self, take_id: str, student_id: str, item_id: str, attempt: int) -> heard.StartTake:
        """The command that records one take, with all facts that are known before it begins."""
        item = self.items[item_id]
        accompaniment = self.accompaniments.get(item_id)
        facts = Assignment(
            session=self.session_id,
            station=self.station,
            kit=self.kit.named,
            software=SOFTWARE,
            take_id=take_id,
            student_id=student_id,
            item=item_id,
            kind=item.kind,
            attempt=attempt,
        )
        return heard.StartTake(
            take_id,
            str(self.takes / f"{take_prefix(student_id, item_id)}{attempt}.wav"),
            item.max_seconds,
            facts,
            str(accompaniment) if accompaniment else None,
        )
