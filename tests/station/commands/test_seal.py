"""`station seal`: the code, the file that is sealed, and what differs from it, with exit code 1."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from config.disk import DataDir
from tests.station.commands.called import station
from tests.station.seal.test_tampering import SESSION, an_afternoon, one_byte


@pytest.fixture
def sealed(home: Path) -> Path:
    an_afternoon(home / "data")
    return home


def seal(home: Path, *arguments: str | Path) -> tuple[int, str, str]:
    return station("seal", *arguments, "--config", home / "station.toml")


def test_a_session_is_sealed_and_verified(sealed: Path) -> None:
    file = sealed / "seal.json"
    code, out, err = seal(sealed, "show", "--session", SESSION, "--out", file)
    assert (code, len(out.strip())) == (0, 24), err
    assert seal(sealed, "show", "--session", SESSION)[1] == out, "the same again"
    told = seal(sealed, "verify", file, "--code", out.strip().lower())
    assert told[:2] == (0, "All is as it was recorded.\n")
    assert seal(sealed, "verify", "--session", SESSION)[0] == 0
    code, out, _ = seal(sealed, "verify", file, "--code", "0000-0000-0000-0000-0000")
    assert (code, "not the one on paper" in out) == (1, True)

    one_byte(DataDir(sealed / "data"))
    code, out, _ = seal(sealed, "verify", file, "--json")
    assert code == 1
    assert "S002_song1_1.wav" in " ".join(json.loads(out)["differences"])


def test_what_is_no_seal_is_a_sentence(sealed: Path) -> None:
    (sealed / "x.json").write_text("{}", encoding="utf-8")
    code, _, err = seal(sealed, "verify", sealed / "x.json")
    assert (code, "no seal of this program" in err) == (2, True)
    assert seal(sealed, "verify", "--code", "0000")[0] == 2
