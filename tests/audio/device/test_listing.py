"""The list of devices, from sound systems that print, fail or hang."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from audio import AudioError
from audio.capture import list_devices, listing

LIST = 'print(\'{"v": 1, "kind": "DeviceList", "devices": []}\')'
HANGS = "import time; time.sleep(30)"


def test_what_a_driver_prints_among_the_list_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    behaves(monkeypatch, f"print('ALSA lib: noise'); {LIST}")
    assert list_devices() == ()


@pytest.mark.parametrize("program", ["raise SystemExit('no PortAudio')", HANGS])
def test_a_sound_system_that_fails_or_hangs_is_told_in_one_sentence(
    program: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    behaves(monkeypatch, program)
    with pytest.raises(AudioError, match="does not list"):
        list_devices(timeout=0.5)


def test_a_driver_that_hangs_once_is_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = tmp_path / "was-asked"
    first = f"import pathlib; mark = pathlib.Path({str(mark)!r}); asked = mark.exists(); mark.touch()"
    behaves(monkeypatch, f"{first}\nif not asked:\n    {HANGS}\n{LIST}")
    assert list_devices(timeout=2.0) == ()
    assert mark.exists()


def test_a_process_that_stays_after_its_end_holds_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    # Windows can't end a process before its driver lets it go.
    left: list[subprocess.Popen[bytes]] = []
    behaves(monkeypatch, HANGS)
    with monkeypatch.context() as patch:
        patch.setattr(subprocess.Popen, "kill", lambda process: left.append(process))
        patch.setattr(listing, "PARTING_SECONDS", 0.1)
        with pytest.raises(AudioError, match="does not list"):
            list_devices(timeout=0.2)
    assert [process.poll() for process in left] == [None] * listing.LIST_TRIES
    for process in left:
        process.kill()
        process.wait()


def behaves(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    """The capture process is this program from now on."""
    monkeypatch.setattr(listing, "command_line", lambda *_: [sys.executable, "-c", program])
