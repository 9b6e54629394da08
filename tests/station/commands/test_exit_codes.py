"""Exit codes, stdout and stderr of the commands: an outward contract. Each runs as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from config.access import StationLock
from tests.station.commands.called import ENV, station
from tests.uploader.realservers import ResumableUpload, Running, free_port
from tests.uploader.tusserver import Answer, TusServer


@pytest.fixture
def recorded(home: Path) -> Iterator[Path]:
    """A station with one take in its queue; its server is not there."""
    code, out, _ = station(
        "record", "--config", home / "station.toml", "--student", "0107", "--item", "song1",
        "--seconds", "1", "--json",
    )  # fmt: skip
    assert code == 1, "nobody sings on the built-in headset without a singer"
    assert json.loads(out)["queued"] is True
    return home  # type: ignore[return-value]


def test_ok(home: Path) -> None:
    code, out, err = station("roster", "check", home / "roster.csv")
    assert (code, "30 pupils" in out, err) == (0, True, "")


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("record", "--student", "0107"),
        ("queue", "list", "--config", "missing.toml"),
        ("queue", "retry", "--nonsense"),
        ("demo", "--students", "99"),
    ],
)
def test_usage_and_configuration_is_2(arguments: tuple[str, ...]) -> None:
    code, out, err = station(*arguments)
    assert (code, out) == (2, "")
    assert err.strip()


def test_an_unknown_pupil_or_item_is_2_and_records_nothing(home: Path) -> None:
    for student, item in (("9999", "song1"), ("0107", "nonsense")):
        code, _, err = station(
            "record", "--config", home / "station.toml", "--student", student, "--item", item
        )
        assert code == 2
        assert (student if student == "9999" else item) in err
    assert not (home / "data" / "takes").exists()


def test_a_check_that_failed_is_1(home: Path) -> None:
    (home / "roster.csv").write_text("学号,姓名\n0107,A\n0107,B\n", encoding="utf-8")
    code, out, _ = station("roster", "check", home / "roster.csv", "--json")
    assert code == 1
    assert json.loads(out)["problems"][0]["line"] == 3


def test_a_missing_headset_is_3(config: Callable[[str, str], Path]) -> None:
    path = config('"builtin"', '"USB headset"')
    code, out, err = station("record", "--config", path, "--student", "0107", "--item", "song1")
    assert (code, out) == (3, "")
    assert "headset was not found" in err


def test_no_server_is_4_and_the_take_stays(recorded: Path) -> None:
    env = {"STATION_SERVER__URL": f"http://127.0.0.1:{free_port()}/files/"}
    code, out, _ = station("queue", "run", "--once", "--config", recorded / "station.toml", "--json", env=env)
    [row] = json.loads(out)
    assert (code, row["state"], row["verify_level"]) == (4, "waiting", None)
    assert Path(row["path"]).exists()


def test_a_refused_login_is_4_and_said_in_a_sentence(recorded: Path) -> None:
    with TusServer(lambda request: Answer(401)) as server:
        env = {"STATION_SERVER__URL": server.url}
        code, out, _ = station(
            "queue", "run", "--once", "--config", recorded / "station.toml", "--json", env=env
        )
    [row] = json.loads(out)
    assert (code, row["state"]) == (4, "blocked")
    assert "does not let this station in" in row["error"]


def test_run_once_delivers_and_verify_asks_again(recorded: Path, tmp_path: Path) -> None:
    with Running(ResumableUpload(), tmp_path / "server") as server:
        env = {"STATION_SERVER__URL": server.url}
        path = recorded / "station.toml"
        code, out, _ = station("queue", "run", "--once", "--config", path, "--json", env=env)
        [row] = json.loads(out)
        assert (code, row["state"], row["verify_level"]) == (0, "verified", "L2")
        assert station("queue", "verify", "--config", path, env=env)[0] == 0
        # Inside the retention time nothing goes by itself; a named one goes after it is proven again.
        assert station("queue", "remove", "--yes", "--config", path, env=env)[0] == 0
        assert Path(row["path"]).exists()
        assert station("queue", "remove", "--yes", "--config", path, row["take_id"], env=env)[0] == 0
        assert not Path(row["path"]).exists()
    # Without the server nothing is removed and verify says so.
    assert station("queue", "verify", "--config", path, env=env)[0] in (0, 4)


def test_carried_on_a_stick_and_the_receipt_brought_home(recorded: Path, tmp_path: Path) -> None:
    from config.samples import write_samples

    other, stick = tmp_path / "other", tmp_path / "stick"
    write_samples(other)
    here, there = recorded / "station.toml", other / "station.toml"
    text = there.read_text(encoding="utf-8").replace("demo-station-A", "demo-station-B")
    there.write_text(text, encoding="utf-8")
    code, out, _ = station("queue", "export", stick, "--config", here, "--json")
    assert (code, json.loads(out)["takes"]) == (0, 1)
    code, out, _ = station("queue", "import", stick, "--config", there, "--json")
    assert (code, json.loads(out)["takes"]) == (0, 1)
    with Running(ResumableUpload(), tmp_path / "server") as server:
        env = {"STATION_SERVER__URL": server.url}
        assert station("queue", "run", "--once", "--config", there, env=env)[0] == 0
        code, out, _ = station("queue", "import", stick, "--config", there, "--json", env=env)
        assert json.loads(out) == {"takes": 0, "known": 1, "damaged": []}
        assert len([upload for upload in server.stored() if upload.finished]) == 1
    code, out, _ = station("queue", "import", stick, "--receipts", "--config", here, "--json")
    assert (code, json.loads(out)) == (0, {"receipts": 1})
    code, out, _ = station("queue", "list", "--config", here, "--json")
    assert [row["verify_level"] for row in json.loads(out)] == ["L2"]


@pytest.mark.skipif(
    sys.platform == "win32", reason="a file is no folder there either, but with another error"
)
def test_a_data_folder_that_can_not_be_is_5(home: Path) -> None:
    (home / "data").write_text("a file", encoding="utf-8")
    code, _, err = station("recover", "--config", home / "station.toml")
    assert code == 5
    assert "data folder" in err


def test_a_second_station_is_6(home: Path) -> None:
    (home / "data").mkdir()
    lock = StationLock(home / "data" / "station.lock")
    lock.acquire()
    try:
        for command in (
            ("record", "--student", "0107", "--item", "song1"),
            ("queue", "run", "--once"),
            ("run",),
        ):
            code, out, err = station(*command[:1], *command[1:], "--config", home / "station.toml")
            assert (code, out) == (6, ""), err
            assert "already running" in err
        assert station("queue", "list", "--config", home / "station.toml")[0] == 0, "reading works meanwhile"
    finally:
        lock.release()


@pytest.mark.parametrize("arguments", [(), ("run",), ("demo",)])
def test_screens_without_a_terminal_are_2(home: Path, arguments: tuple[str, ...]) -> None:
    named = () if arguments == ("demo",) else ("--config", home / "station.toml")
    code, out, err = station(*arguments, *named)
    assert (code, out) == (2, "")
    assert "need a terminal" in err
    assert "station demo --auto" in err


@pytest.mark.parametrize("command", ["retry", "pause", "resume", "remove --yes"])
def test_a_recording_that_the_queue_does_not_know_is_2(recorded: Path, command: str) -> None:
    code, out, err = station("queue", *command.split(), "no-such-take", "--config", recorded / "station.toml")
    assert (code, out) == (2, "")
    assert "no recording no-such-take" in err


def test_a_database_without_a_queue_is_an_empty_one(home: Path) -> None:
    (home / "data").mkdir()
    with closing(sqlite3.connect(home / "data" / "station.db")) as db:
        db.execute("CREATE TABLE other (name TEXT)")
    code, out, err = station("queue", "list", "--json", "--config", home / "station.toml")
    assert (code, json.loads(out)) == (0, [])
    assert "station.db has no queue" in err


@pytest.mark.parametrize(
    "order",
    ["--config {} queue list --json", "queue --config {} list --json", "queue list --json --config {}"],
)
def test_the_settings_can_be_named_before_the_command(recorded: Path, order: str) -> None:
    code, out, _ = station(*(word.format(recorded / "station.toml") for word in order.split()))
    assert (code, len(json.loads(out))) == (0, 1)


@pytest.mark.costly
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to another process there")
def test_interrupted_is_130(recorded: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "station", "queue", "run", "--config", str(recorded / "station.toml")],
        env={**os.environ, **ENV},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stderr is not None
    with process.stderr as talk:
        assert "Delivering" in talk.readline()
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        try:
            code = process.wait(40)
        finally:
            process.kill()
            process.wait()
    assert code == 130


@pytest.mark.costly
def test_json_is_one_document_and_never_translated(home: Path) -> None:
    env = {"STATION_STATION__LANGUAGE": "zh_CN", "LANG": "zh_CN.UTF-8"}
    for arguments in (
        ("queue", "--config", home / "station.toml", "--json"),
        ("devices", "--json"),
        ("kit", "check", home / "kit", "--json"),
        ("recover", "--config", home / "station.toml", "--json"),
    ):
        code, out, _ = station(*arguments, env=env)
        assert code == 0
        json.loads(out)


def test_init_never_overwrites(tmp_path: Path) -> None:
    folder = tmp_path / "school"
    assert station("init", folder)[0] == 0
    (folder / "roster.csv").write_text("mine", encoding="utf-8")
    code, out, _ = station("init", folder)
    assert (code, "roster.csv" in out) == (0, True)
    assert (folder / "roster.csv").read_text(encoding="utf-8") == "mine"
