"""The virtual pupils pass every check with the sample kit, on a headset with a room and without one."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from audio.file.prompts import prepare
from audio.judge.evidence import Expectation
from audio.judge.headset_check import judge_silence, judge_singing
from audio.judge.verdict import judge
from config.kit.items import Kit
from config.kit.kitfile import load_kit
from config.takes import Loss
from station.demo.samples import folder
from station.demo.singer import KEYS, sing_item, sing_phrase
from tests.audio.recordings import RATE, ROOM_DBFS, noise, write_take

pytestmark = pytest.mark.sampled(4)

PREROLL_SECONDS = 0.3


@pytest.fixture(scope="module")
def kit() -> Kit:
    return load_kit(folder() / "kit")


def heard(path: Path, seconds: float, room_dbfs: float | None) -> Path:
    """The file as the take would be when it was stopped after `seconds`."""
    sound, _ = soundfile.read(path, dtype="float32")
    whole = np.concatenate([np.zeros(round(PREROLL_SECONDS * RATE), dtype=np.float32), sound])
    whole = whole[: round((seconds + PREROLL_SECONDS) * RATE)]
    if room_dbfs is not None:
        whole = whole + noise(len(whole), room_dbfs)
    return write_take(path, whole)


@pytest.mark.sampled(10, fewest=1)
@pytest.mark.parametrize(
    ("index", "pupil"), [(0, 0), (1, 2), (0, 4), (0, 7), (0, 9), (2, 1), (2, 3), (2, 5), (2, 8), (2, 10)]
)
def test_pupils_sing_the_items_well(tmp_path: Path, kit: Kit, index: int, pupil: int) -> None:
    item = kit.items[index]
    seconds = item.min_seconds + 0.3
    path = sing_item(item, pupil, RATE, seconds, tmp_path / "take.wav")
    accompaniment = prepare(kit.root / item.accompaniment, RATE, tmp_path) if item.accompaniment else None
    for room in (ROOM_DBFS, None):
        expectation = Expectation(
            min_seconds=item.min_seconds,
            max_seconds=item.max_seconds,
            floor_dbfs=room,
            loss=Loss(),
            ended_by="stop",
            accompaniment=accompaniment,
            accompaniment_at=round(PREROLL_SECONDS * RATE) if accompaniment else None,
        )
        verdict = judge(heard(path, seconds, room), expectation, kit.limits)
        assert verdict.reasons == ()
        assert verdict.remarks == ()


@pytest.mark.parametrize("pupil", range(KEYS))
def test_every_pupil_passes_the_headset_check(tmp_path: Path, kit: Kit, pupil: int) -> None:
    room = write_take(tmp_path / "room.wav", noise(2 * RATE, ROOM_DBFS))
    silence = judge_silence(room, kit.limits)
    assert silence.outcome == "ok"
    phrase = sing_phrase(pupil, RATE, tmp_path / "phrase.wav")
    singing = judge_singing(heard(phrase, 4.0, ROOM_DBFS), silence.numbers["floor_dbfs"], kit.limits)
    assert (singing.outcome, singing.advice) == ("ok", None)
