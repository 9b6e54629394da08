"""A centre judges what it has from the command line: a file, a folder, by a kit or without."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from config.samples import write_samples
from tests.audio.recordings import RATE, gain, good, noise, write_take
from tests.corpus.voices import JOY, TWINKLE, Singer, sing
from tests.station.commands.called import station


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_take(tmp_path / "a.wav", good())
    write_take(tmp_path / "b.wav", noise(8 * RATE, -62))
    (tmp_path / "inner").mkdir()
    write_take(tmp_path / "inner" / "c.WAV", good() * gain(20), 24)
    write_take(tmp_path / "d.part.wav", good())
    (tmp_path / "e.wav").write_bytes(b"not a recording")
    return tmp_path


def test_a_folder_is_judged_file_by_file(folder: Path) -> None:
    code, out, err = station("verdict", folder, "--json")
    rows = {Path(row["path"]).name: row for row in json.loads(out)}
    assert (code, err) == (1, "")
    assert {name: row["reasons"] for name, row in rows.items()} == {
        "a.wav": [], "b.wav": ["no_singing"], "c.WAV": ["clipped"], "e.wav": ["unreadable"],
    }  # fmt: skip
    assert rows["a.wav"]["numbers"]["voice_seconds"] > 5
    code, out, _ = station("verdict", folder / "a.wav", folder / "b.wav")
    assert code == 1
    assert "a.wav: ok" in out
    assert "b.wav: no_singing: Only the room can be heard" in out


def test_a_good_file_alone_is_code_0_and_what_is_not_there_is_said(folder: Path) -> None:
    assert station("verdict", folder / "a.wav")[0] == 0
    code, _, err = station("verdict", folder / "none.wav")
    assert code == 2
    assert "none.wav" in err
    assert station("verdict", folder / "a.wav", "--item", "song1")[0] == 2


@pytest.mark.costly
def test_a_kit_tells_which_song_it_was(tmp_path: Path) -> None:
    write_samples(tmp_path)
    star = (*TWINKLE, *((7, 1), (7, 1), (5, 1), (5, 1), (4, 1), (4, 1), (2, 2)) * 2, *TWINKLE)
    ode = (*JOY, *JOY[:-3], (2, 1.5), (0, 0.5), (0, 2))
    for name, notes in {"star": star, "ode": ode}.items():
        sung = sing(Singer(300), notes) * gain(-9)
        write_take(tmp_path / f"{name}.wav", sung + noise(len(sung), -62))
    arguments = ("--kit", tmp_path / "kit", "--item", "song1", "--json")
    code, out, _ = station("verdict", tmp_path / "star.wav", tmp_path / "ode.wav", *arguments)
    right, other = json.loads(out)
    assert code == 0, "another song is a remark, no fault"
    assert right["remarks"] == []
    assert right["numbers"]["likeness"] > 0.6
    assert other["remarks"] == ["other_song"]
    assert other["numbers"]["sounds_like_item"] == 3
    (tmp_path / "kit" / "kit.toml").write_text(
        "song_remarks = false\n" + (tmp_path / "kit" / "kit.toml").read_text(encoding="utf-8"),
        encoding="utf-8",
    )
    _, out, _ = station("verdict", tmp_path / "ode.wav", *arguments)
    assert json.loads(out)[0]["remarks"] == []
    assert "likeness" not in json.loads(out)[0]["numbers"]
