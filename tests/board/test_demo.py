"""`station board` from the command line, and its demo: something to see, and nothing left behind."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import cast

import psutil
import pytest
import requests

from config.kit import load_kit
from station.commands.boarddemo import sample_settings, stop_all
from station.commands.cli import run_cli
from station.demo.schools import SchoolPlan, SimulatedSchool
from station.status.broadcast import Broadcast
from tests.board.visitor import Visitor

LIST = "工作站,学校\n310105-017-A,娄山小学\n"
QUIET = {**os.environ, "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "board.toml"
    path.write_text('language = "en"\n', encoding="utf-8")
    return path


def test_a_list_a_token_and_a_report(
    config: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text(LIST, encoding="utf-8")
    common = ["--config", str(config)]
    assert run_cli(["board", "expect", *common, "--district", "310105", str(listed)]) == 0
    assert run_cli(["board", "token", *common, "--district", "310105", "--school", "娄山小学"]) == 0
    token = capfdbinary.readouterr().out.decode().strip()
    assert len(token) >= 40
    assert token.encode() not in (tmp_path / "board.db").read_bytes()
    assert run_cli(["board", "token", *common, "--district", "310105", "--school", "天山"]) == 2
    assert run_cli(["board", "token", *common, "--revoke", "1"]) == 0
    assert run_cli(["board", "token", *common, "--revoke", "1"]) == 2
    assert run_cli(["board", "report", *common, "--json"]) == 0
    found = json.loads(capfdbinary.readouterr().out)
    assert [one["findings"] for one in found["stations"]] == [["never"]]
    listed.write_text("nothing", encoding="utf-8")
    assert run_cli(["board", "expect", *common, "--district", "310105", str(listed)]) == 2
    assert run_cli(["board", "report", *common]) == 0
    assert "娄山小学" in capfdbinary.readouterr().out.decode()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("colour = 3\n", "unknown key"),
        ("port = 99999\n", "port"),
        ('database = "postgresql://a:b@c/d"\n', "is the name of a file"),
        ('database_env = "NOTHING_HERE"\n', "NOTHING_HERE"),
        ('database = "no/such/folder/board.db"\n', "can't be opened"),
    ],
)
def test_what_is_wrong_in_the_settings_is_a_sentence(
    config: Path, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    config.write_text(f'language = "en"\n{text}', encoding="utf-8")
    assert run_cli(["board", "report", "--config", str(config)]) in (2, 5)
    assert words in capsys.readouterr().err


@pytest.mark.costly
@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C goes to a process of its own on POSIX only")
@pytest.mark.timeout(240)
def test_the_demo_shows_schools_in_trouble_and_leaves_nothing_running() -> None:
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    command = [
        sys.executable,
        *["-m", "station", "board", "demo", "--no-browser", "--port", "0", "--schools", "7"],
    ]
    demo = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=QUIET
    )
    assert demo.stderr is not None
    url = None
    for line in demo.stderr:
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            url = found[0]
            break
    assert url is not None
    visitor = Visitor(url)
    visitor.log_in("demo", "demo-demo-demo")
    deadline = time.monotonic() + 90
    page = ""
    while time.monotonic() < deadline and not ("another version" in page and "self-test failed" in page):
        time.sleep(1)
        page = visitor.get("/").text
    visitor.close()
    demo.send_signal(signal.SIGINT)
    assert demo.wait(25) == 130
    assert demo.stdout is not None
    demo.stdout.close()
    demo.stderr.close()
    assert "not heard" in page
    assert "another version" in page
    assert "self-test failed" in page
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=5)
    assert {child.pid for child in psutil.Process().children(recursive=True)} <= before


def test_schools_of_the_demo_end_together_and_not_one_after_the_other() -> None:
    calls, together = list[str](), threading.Barrier(20)

    class Slow:
        def close(self) -> None:
            calls.append("close")

        def stop(self) -> None:
            # Who waits for the others is let go only where all are being stopped.
            together.wait(30)
            calls.append("stop")

    stop_all([cast("SimulatedSchool", Slow()) for _ in range(20)])
    assert calls == ["close"] * 20 + ["stop"] * 20


def test_a_school_that_is_stopped_while_it_starts_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Ctrl-C does it, between two of its threads."""
    settings = sample_settings(tmp_path / "samples", "http://127.0.0.1:9/files/")
    kit = load_kit(settings.session.kit, tmp_path / "kit")
    school = SimulatedSchool(SchoolPlan(1, ""), settings, kit, "x" * 43, tmp_path)

    def interrupted(self: Broadcast) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Broadcast, "start", interrupted)
    with pytest.raises(KeyboardInterrupt):
        school.start()
    school.stop()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("uploader")]


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="SIGTERM ends a process on the spot there")
def test_the_demo_that_is_told_to_end_while_it_begins_leaves_nothing_running(tmp_path: Path) -> None:
    env = {**QUIET, "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "station", "board", "demo", "--no-browser", "--port", "0"]
    demo = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=env)
    assert demo.stderr is not None
    demo.stderr.readline()
    began = time.monotonic()
    demo.terminate()
    assert demo.wait(60) == 143
    demo.stderr.close()
    assert time.monotonic() - began < 15
    assert not list(tmp_path.iterdir())
