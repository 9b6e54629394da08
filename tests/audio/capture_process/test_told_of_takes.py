"""What a recorder writes and tells from the start of a take to its end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from errno import EACCES, ENOSPC
from pathlib import Path

import pytest

from audio.capture import running_take
from audio.capture.diskfault import fault_of
from audio.file.takefile import TakeFile
from audio.protocol import messages as ev
from config.takes import part_path, read_facts, read_finished
from tests.audio.booth import RATE, SIZE, Booth
from tests.audio.capture import facts
from tests.audio.wavs import tone, write_wav


@pytest.fixture
def booth(tmp_path: Path) -> Iterator[Booth]:
    found = Booth(tmp_path)
    yield found
    found.recorder.end("stop")


# --- where it begins


def test_a_take_begins_three_tenths_of_a_second_before_the_key(booth: Booth) -> None:
    booth.hear(2)
    before = datetime.now().astimezone()
    booth.start()
    [started] = booth.told(ev.TakeStarted)
    began = datetime.fromisoformat(started.started_at)
    assert before - timedelta(seconds=0.35) < began < before - timedelta(seconds=0.25)
    booth.hear(1)
    booth.stop()
    assert booth.first == 200 - 30
    [saved] = booth.told(ev.TakeSaved)
    assert saved.frames == (30 + 101) * SIZE
    assert saved.started_at == read_finished(booth.path).started_at == started.started_at


def test_what_a_device_brings_at_its_start_is_in_no_take(booth: Booth) -> None:
    booth.hear(0.4)
    booth.start()
    booth.hear(1)
    booth.stop()
    assert booth.first == 30, "three tenths of a second are rubbish"


def test_a_take_before_anything_was_heard_begins_with_the_first_block_that_counts(booth: Booth) -> None:
    booth.start()
    booth.hear(1)
    booth.stop()
    assert booth.first == 30
    assert booth.told(ev.TakeSaved)[0].frames == (100 - 30 + 1) * SIZE


def test_a_probe_begins_with_the_key_and_has_no_facts(booth: Booth) -> None:
    booth.hear(1)
    booth.start(probe=True)
    booth.hear(0.5)
    booth.stop()
    assert booth.first == 100
    assert sorted(path.suffix for path in booth.path.parent.iterdir()) == [".wav"]


# --- while it runs


def test_a_take_that_runs_knows_its_pupil_and_how_long_it_may_go_on(booth: Booth) -> None:
    booth.hear(1)
    booth.start(seconds=25)
    known = read_facts(booth.path)
    assert (known.student_id, known.item, known.max_seconds, known.frames) == ("0107", "song1", 25, None)
    assert (known.samplerate, known.bits) == (RATE, 16)
    assert (booth.path.parent / ".reserve").stat().st_size == 64 * 1024, "for the facts on a full disk"
    booth.stop()
    assert not (booth.path.parent / ".reserve").exists()


@pytest.mark.parametrize("left", ["0107_song1_1.wav", "0107_song1_1.part.wav"])
def test_a_take_of_this_name_is_never_written_over(booth: Booth, left: str) -> None:
    (booth.path.parent / left).write_bytes(b"sung before")
    booth.hear(1)
    booth.start()
    [failed] = booth.told(ev.TakeFailed)
    assert (failed.code, booth.recorder.recording) == ("exists", False)
    assert (booth.path.parent / left).read_bytes() == b"sung before"


def test_a_probe_takes_the_place_of_the_one_before(booth: Booth) -> None:
    booth.path.write_bytes(b"old")
    part_path(booth.path).write_bytes(b"old")
    booth.hear(1)
    booth.start(probe=True)
    booth.hear(0.5)
    booth.stop()
    assert len(booth.told(ev.TakeSaved)) == 1
    assert not part_path(booth.path).exists()


def test_how_far_it_is_is_told_once_a_second(booth: Booth) -> None:
    booth.hear(1)
    booth.start()
    booth.hear(4)
    told = [round(progress.seconds, 1) for progress in booth.told(ev.TakeProgress)]
    assert told == [1.0, 2.0, 3.0, 4.0]
    assert {progress.take_id for progress in booth.told(ev.TakeProgress)} == {"t"}


def test_what_the_second_pupil_loses_is_told_as_early_as_the_firsts(booth: Booth) -> None:
    booth.hear(1)
    booth.start()
    booth.hear(4)
    booth.stop()
    booth.events.clear()
    booth.path = booth.path.with_name("0108_song1_1.wav")
    booth.start()
    booth.hear(2)
    assert [round(progress.seconds, 1) for progress in booth.told(ev.TakeProgress)] == [1.0, 2.0]


def test_a_microphone_that_is_dead_is_told_in_seconds(booth: Booth) -> None:
    booth.hear(1)
    booth.start()
    booth.hear(3.5, silent=True)
    assert booth.told(ev.TakeProgress)[-1].muted_seconds == pytest.approx(2.7, abs=0.4)
    assert booth.told(ev.Level)[-1].muted_seconds == pytest.approx(3.4, abs=0.4)


def test_what_is_sung_is_on_the_disk_a_second_later(booth: Booth, monkeypatch: pytest.MonkeyPatch) -> None:
    now, synced = [100.0], 0
    monkeypatch.setattr(running_take, "monotonic", lambda: now[0])

    def begin(file: TakeFile) -> bool:
        nonlocal synced
        synced += 1
        return synced != 2

    monkeypatch.setattr(TakeFile, "begin_sync", begin)
    booth.hear(1)
    booth.start()
    seen = []
    for at in (100.9, 101.0, 101.9, 102.0, 102.1, 103.0, 103.1):
        now[0] = at
        booth.hear(0.01)
        seen.append(synced)
    assert seen == [0, 1, 1, 2, 3, 3, 4], "and again at once where the one before still ran"


# --- how it ends


def test_it_ends_by_itself_after_its_time_without_what_came_before_the_key(booth: Booth) -> None:
    booth.hear(1)
    booth.start(seconds=2)
    booth.hear(1.99)
    assert booth.recorder.recording
    booth.hear(1)
    [saved] = booth.told(ev.TakeSaved)
    assert (saved.ended_by, saved.frames) == ("maximum", round(2.3 * RATE))


def test_the_last_block_is_cut_at_the_end_of_the_time(booth: Booth) -> None:
    booth.hear(1)
    booth.start(seconds=1.005)
    booth.hear(2)
    assert booth.told(ev.TakeSaved)[0].frames == round(1.305 * RATE)


def test_the_facts_beside_a_take_and_what_is_told_of_it_are_the_same(booth: Booth) -> None:
    booth.hear(1)
    booth.start()
    booth.hear(1)
    booth.stop()
    [saved] = booth.told(ev.TakeSaved)
    known = read_finished(booth.path)
    assert (saved.take_id, saved.path, saved.samplerate) == ("t", str(booth.path), RATE)
    assert (known.take_id, known.frames, known.sha256, known.ended_by, known.loss) == (
        "t",
        saved.frames,
        saved.sha256,
        saved.ended_by,
        saved.loss,
    )
    assert known.accompaniment_at is saved.accompaniment_at is None
    assert known.max_seconds is None, "it has ended"
    assert saved.loss.longest_gap_ms == pytest.approx(10, abs=0.1)


def test_where_the_music_began_in_the_take_is_known_to_the_frame(booth: Booth, tmp_path: Path) -> None:
    music = write_wav(tmp_path / "music.wav", tone(5, 440, -12))
    booth.source.loop_frames = 96
    booth.hear(1)
    booth.start(music=music)
    booth.hear(1)
    booth.stop()
    [saved] = booth.told(ev.TakeSaved)
    # The next output frame after the key, as much later in the microphone as the loop is long.
    assert saved.accompaniment_at == 30 * SIZE + 96
    assert read_finished(booth.path).accompaniment_at == saved.accompaniment_at


def test_of_a_take_that_heard_nothing_nothing_is_kept_but_its_part(booth: Booth) -> None:
    booth.start()
    booth.recorder.end("device", "unplugged")
    assert [failed.code for failed in booth.told(ev.TakeFailed)] == ["unplugged"]
    assert not booth.path.exists()
    booth.recorder.end("device", "unplugged")
    assert len(booth.told(ev.TakeFailed)) == 1


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (FileExistsError(17, "exists"), "exists"),
        (OSError(ENOSPC, "full"), "disk_full"),
        (OSError(EACCES, "refused"), "disk_error"),
    ],
)
def test_a_fault_of_the_disk_has_its_name(error: OSError, code: str) -> None:
    assert fault_of(error) == code


def test_a_second_take_at_the_same_time_is_refused_and_the_first_goes_on(booth: Booth) -> None:
    booth.hear(1)
    booth.start()
    booth.recorder.handle(ev.StartTake("u", str(booth.path.with_name("u.wav")), 30, facts(take_id="u")))
    [failed] = booth.told(ev.TakeFailed)
    assert (failed.take_id, failed.code) == ("u", "refused")
    booth.stop()
    assert [saved.take_id for saved in booth.told(ev.TakeSaved)] == ["t"]


def test_music_that_can_not_be_played_begins_no_take(booth: Booth, tmp_path: Path) -> None:
    (tmp_path / "music.wav").write_bytes(b"RIFF")
    booth.hear(1)
    booth.start(music=tmp_path / "music.wav")
    [failed] = booth.told(ev.TakeFailed)
    assert (failed.code, booth.recorder.recording) == ("bad_sound", False)
    assert not part_path(booth.path).exists()
