"""Nothing stays that should go, and nothing goes that should stay."""

from __future__ import annotations

import io
import json
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from config.disk import DataDir
from config.settings import Settings
from config.takes import read_facts, sidecar_path, write_facts
from station.commands.cli import run_cli
from station.takes.cleanup import AT_START, AT_THE_END, BY_COMMAND, DAY, RULES, Retention, clear, kept
from tests.station.test_identity import record

ROOT = Path(__file__).parents[2]


@pytest.fixture
def data(settings: Settings) -> DataDir:
    """One of everything, just made."""
    found = DataDir(settings.data.dir)
    folder = found.session("s1")
    record(folder, "0107", "take-1")
    practice = record(folder, "0108", "take-2")
    write_facts(practice, replace(read_facts(practice), kind="practice", source={}))
    for name in (
        "takes/s1/0109_song1_1.part.wav",
        "takes/s1/0109_song1_1.json",
        "takes/s1/.reserve",
        "takes/s1/x.json.tmp",
        "cache/check/check_silence.wav",
        "cache/selftest/room.wav",
        "cache/0a1b_48000.wav",
        "cache/kit/0a1b/kit/kit.toml",
        "station.db.damaged-20260101-000000",
        "station.lock",
        "station.lock.owner",
        "logs/station.log",
        "selftest.json",
    ):
        path = found.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x" * 1000)
    return found


def names(data: DataDir) -> set[str]:
    return {path.relative_to(data.root).as_posix() for path in data.root.rglob("*") if path.is_file()}


def age(data: DataDir, days: float) -> None:
    for path in (*data.root.rglob("*"), data.root):
        then = time.time() - days * DAY
        os.utime(path, (then, then))


STAYS = {
    "takes/s1/0107_song1_1.wav",
    "takes/s1/0107_song1_1.json",
    "station.lock",
    "station.lock.owner",
    "logs/station.log",
    "selftest.json",
}


def test_everything_goes_by_its_rule_and_the_pupils_recordings_stay(data: DataDir) -> None:
    age(data, 31)
    clear(data, [*BY_COMMAND, *AT_START, *AT_THE_END])
    assert names(data) == STAYS
    assert {rule.id for rule in RULES} == {*BY_COMMAND, *AT_START, *AT_THE_END}


def test_nothing_goes_before_its_time(data: DataDir) -> None:
    before = names(data)
    clear(data, [*BY_COMMAND, *AT_START])
    assert before - names(data) == {"cache/check/check_silence.wav", "cache/selftest/room.wav"}
    age(data, -400)
    assert clear(data, AT_START) == {"sounds": 0, "kits": 0, "temporary": 0}, (
        "a file of the future is not old"
    )


@pytest.mark.parametrize(("days", "gone"), [(6, False), (8, True)])
def test_practice_goes_after_a_week(data: DataDir, days: int, gone: bool) -> None:
    age(data, days)
    assert clear(data, BY_COMMAND)["practice"] == int(gone)
    assert any(name.startswith("takes/s1/0108") for name in names(data)) != gone


def test_the_end_of_the_program_takes_what_the_checks_recorded(data: DataDir) -> None:
    clear(data, AT_THE_END)
    assert not list((data.cache / "check").iterdir())
    assert not list((data.cache / "selftest").iterdir())


def test_a_link_out_of_the_folder_is_not_followed(data: DataDir, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "file").write_bytes(b"x" * 9000)
    (data.cache / "kit" / "link").symlink_to(elsewhere, target_is_directory=True)
    (data.cache / "check" / "link.wav").symlink_to(elsewhere / "file")
    [found] = [one for one in kept(data) if one.rule.id == "kits"]
    assert found.size < 2000, "nor is what lies there counted"
    clear(data, ["check", "kits"], now=time.time() + 40 * DAY)
    assert (elsewhere / "file").is_file()


def test_doctor_lists_what_there_is_with_its_rule(data: DataDir) -> None:
    age(data, 8)
    found = {one.rule.id: (one.count, one.due) for one in kept(data)}
    assert found["practice"] == (1, 1)
    assert found["parts"] == (1, 0)
    assert found["kits"] == (1, 0)
    assert all(one.size > 0 for one in kept(data))


def test_remove_asks_and_tells(
    data: DataDir, home: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    age(data, 8)
    command = ["queue", "remove", "--config", str(home / "station.toml")]
    assert run_cli(command) == 2
    assert (data.session("s1") / "0108_song1_1.wav").is_file(), "nobody was asked"
    capfd.readouterr()
    assert run_cli([*command, "--yes", "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["cleared"]["practice"] == 1
    assert not sidecar_path(data.session("s1") / "0108_song1_1.wav").exists()
    assert (data.session("s1") / "0107_song1_1.wav").is_file()


def test_the_page_has_every_rule() -> None:
    page = (ROOT / "docs" / "retention.md").read_text(encoding="utf-8").replace("`", "")
    for rule in RULES:
        for text in (rule.what, rule.until):
            assert text.replace("“", "").replace("”", "") in page


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.days], ids=lambda rule: rule.id)
def test_each_kind_goes_when_its_days_are_full_and_not_a_second_before(
    data: DataDir, rule: Retention
) -> None:
    made = 1_700_000_000
    for path in (*data.root.rglob("*"), data.root):
        os.utime(path, (made, made))
    full = made + rule.days * 86_400
    assert clear(data, [rule.id], full - 1) == {rule.id: 0}
    [found] = [one for one in kept(data, full) if one.rule is rule]
    assert found.count == found.due > 0
    assert found.size >= 1000
    assert clear(data, [rule.id], full) == {rule.id: found.count}
    assert [one.count for one in kept(data, full) if one.rule is rule] == [0]


def test_a_kit_that_was_used_in_part_is_not_old(data: DataDir) -> None:
    age(data, 40)
    (data.cache / "kit" / "0a1b" / "kit" / "song.wav").write_bytes(b"x")
    assert clear(data, ["kits"]) == {"kits": 0}


def test_what_can_not_be_removed_is_left_for_the_next_time_and_the_rest_goes(
    data: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = data.cache / "check" / "a.wav"
    held.write_bytes(b"x")

    def refuse(path: Path, *, missing_ok: bool = False) -> None:
        if path == held:
            raise PermissionError(13, "in use")
        path.unlink(missing_ok=missing_ok)

    monkeypatch.setattr("station.takes.cleanup.remove", refuse)
    assert clear(data, ["check"]) == {"check": 1}
    assert list((data.cache / "check").iterdir()) == [held]


def test_what_somebody_else_has_removed_meanwhile_is_no_trouble(
    data: DataDir, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    gone = data.cache / "check" / "check_silence.wav"
    gone.unlink()
    monkeypatch.setattr("station.takes.cleanup.due", lambda *_: {"check": [gone]})
    assert clear(data, ["check"]) == {"check": 1}
    assert not caplog.records


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_days_are_those_that_the_page_promises(rule: Retention) -> None:
    words = rule.until.replace("one day", "1 days").split()
    assert rule.days == (float(words[words.index("days") - 1]) if "days" in words else 0)
