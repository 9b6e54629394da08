"""What the recorder tells while it runs: when, how often, and in which figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from audio.capture.recorder import Recorder
from audio.device.source import Block
from audio.device.virtual import VirtualSource
from audio.file.tags import read_tags
from audio.protocol import messages as ev
from config.takes import read_finished
from tests.audio.booth import RATE, SIZE, Booth
from tests.audio.capture import facts
from tests.audio.wavs import tone, write_wav


@pytest.fixture
def booth(tmp_path: Path) -> Iterator[Booth]:
    found = Booth(tmp_path)
    yield found
    found.recorder.end("stop")


# --- what plays


@pytest.mark.parametrize("heard_before", [0.0, 1.0])
def test_a_sound_is_over_when_its_last_sample_has_left_the_headphones(
    booth: Booth, tmp_path: Path, heard_before: float
) -> None:
    booth.source.output_seconds = 0.05
    prompt = write_wav(tmp_path / "prompt.wav", tone(0.1, 440, -12))
    booth.hear(heard_before)
    for name in ("p", "q"):
        booth.recorder.handle(ev.Play(name, str(prompt)))
        ended = []
        for _ in range(20):
            booth.hear(0.01)
            ended.append(ev.PlayEnded(name) in booth.events)
        assert ended.index(True) == 14, "15 blocks of 10 ms"
        assert booth.told(ev.PlayStarted)[-1] == ev.PlayStarted(name)
    assert [event.play_id for event in booth.told(ev.PlayStarted)] == ["p", "q"]
    assert [event.play_id for event in booth.told(ev.PlayEnded)] == ["p", "q"]


def test_a_sound_that_was_stopped_is_over_once(booth: Booth, tmp_path: Path) -> None:
    booth.recorder.handle(ev.Play("p", str(write_wav(tmp_path / "prompt.wav", tone(1, 440, -12)))))
    booth.hear(0.1)
    for _ in range(2):
        booth.recorder.handle(ev.StopPlay())
        booth.hear(0.1)
    assert booth.told(ev.PlayEnded) == [ev.PlayEnded("p", complete=False)]


# --- the meter


def test_the_meter_is_told_as_soon_as_a_fifteenth_of_a_second_was_heard(booth: Booth) -> None:
    while not booth.told(ev.Level):
        booth.hear(0.01)
    booth.events.clear()
    index, told = booth.count * SIZE, []
    least = RATE // 15
    for frames in (least - 1, 1, least - 1, 1):
        samples = np.full(frames, 1000, dtype=np.int16)
        booth.recorder.process_block(Block(samples, index, index / RATE), 0)
        index += frames
        told.append(len(booth.told(ev.Level)))
    assert told == [0, 1, 1, 2]
    assert booth.told(ev.Level)[-1].peak_dbfs == -30.3


def test_figures_of_a_take_that_runs_have_one_decimal(booth: Booth) -> None:
    booth.hear(1.37)
    booth.start()
    booth.hear(2)
    booth.late = 0.07777
    booth.hear(3.13)
    booth.hear(2, silent=True)
    told = booth.told(ev.TakeProgress)
    assert told[-1].lost_ms == 77.8
    levels = booth.told(ev.Level)
    muted = [*(event.muted_seconds for event in told), *(event.muted_seconds for event in levels)]
    assert muted == [round(seconds, 1) for seconds in muted]
    assert max(muted) > 1


# --- takes


def test_each_take_tells_how_far_it_is_from_its_own_first_second_on(booth: Booth, tmp_path: Path) -> None:
    for name in ("a.wav", "b.wav"):
        booth.path = tmp_path / name
        booth.hear(1)
        booth.events.clear()
        booth.start()
        booth.hear(3.5)
        booth.stop()
        assert [event.seconds for event in booth.told(ev.TakeProgress)] == [1.0, 2.0, 3.0]


def test_what_was_heard_before_the_key_never_waited_for_the_disk(booth: Booth) -> None:
    booth.hear(1)
    booth.start()
    booth.hear(1)
    booth.stop()
    assert booth.told(ev.TakeSaved)[0].loss.queue_peak == 0


def test_a_headset_that_was_lost_is_how_the_take_ended(booth: Booth) -> None:
    booth.hear(1)
    booth.start()
    booth.hear(1)
    booth.recorder.end("device")
    assert [saved.ended_by for saved in booth.told(ev.TakeSaved)] == ["device"]
    assert read_finished(booth.path).ended_by == "device"


def test_where_the_music_began_in_a_probe_is_counted_from_its_key(booth: Booth, tmp_path: Path) -> None:
    booth.source.loop_frames = 96
    booth.hear(1)
    booth.start(music=write_wav(tmp_path / "music.wav", tone(1, 440, -12)), probe=True)
    booth.hear(0.5)
    booth.stop()
    assert booth.told(ev.TakeSaved)[0].accompaniment_at == 96


@pytest.mark.parametrize("probe", [False, True])
def test_the_file_itself_says_whose_take_it_is_and_when_it_began(booth: Booth, probe: bool) -> None:
    booth.hear(1)
    booth.start(probe=probe)
    booth.hear(0.5)
    booth.stop()
    [saved] = booth.told(ev.TakeSaved)
    assert re.search(r":\d\d\.\d{3}[+-]\d\d:\d\d$", saved.started_at), "to the millisecond, with its zone"
    tags, known = read_tags(booth.path), facts(take_id="t")
    began = datetime.fromisoformat(saved.started_at).replace(tzinfo=None)
    assert tags.started_at is not None
    assert abs((tags.started_at - began).total_seconds()) < 0.002
    said = (tags.title, tags.artist, tags.comment, tags.software, tags.originator)
    who = (
        ("", "", "t", "", "") if probe else (known.item, known.student_id, "t", known.software, known.station)
    )
    assert said == who


# --- the built-in headset


def test_only_the_built_in_headset_is_fed_and_has_faults_on_demand(
    booth: Booth, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(VirtualSource, "feed", lambda _, path: asked.append(path))
    monkeypatch.setattr(VirtualSource, "fault", lambda _, name: asked.append(name))
    commands: list[ev.Command] = [ev.Feed(str(tmp_path / "song.wav")), ev.Fault("mute")]
    for command in commands:
        booth.recorder.handle(command)
    assert (asked, booth.events) == ([tmp_path / "song.wav", "mute"], [])
    card: Any = SimpleNamespace(samplerate=RATE)
    recorder = Recorder(card, booth.events.append)
    for command in commands:
        recorder.handle(command)
    assert [(event.code, event.detail.split()[0]) for event in booth.told(ev.Refused)] == [
        ("refused", "Feed"),
        ("refused", "Fault"),
    ]


def test_a_fault_that_the_built_in_headset_does_not_have_is_refused(booth: Booth) -> None:
    booth.recorder.handle(ev.Fault("dance"))
    assert [event.code for event in booth.told(ev.Refused)] == ["refused"]
