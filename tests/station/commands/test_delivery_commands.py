"""Delivery from the command line: a lost database, what the centre misses, and the table of faults."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from config.disk import DataDir
from tests.station.commands.called import station
from tests.uploader.takes import make_take
from tests.uploader.tusserver import TusServer

Config = Callable[[str, str], Path]


def with_takes(home: Path, url: str, count: int) -> dict[str, str]:
    data = DataDir(home / "data")
    for number in range(1, count + 1):
        sidecar = make_take(data.takes / "afternoon", number, 6_044)
        facts = json.loads(sidecar.read_text(encoding="utf-8"))
        sidecar.write_text(json.dumps({**facts, "kind": "song"}), encoding="utf-8")
    return {"STATION_SERVER__URL": url}


def test_a_deleted_database_sends_nothing_again(home: Path) -> None:
    with TusServer() as server:
        env = with_takes(home, server.url, 10)
        run = ("queue", "run", "--once", "--json", "--config", home / "station.toml")
        code, out, said = station(*run, env=env)
        assert (code, [row["verify_level"] for row in json.loads(out)]) == (0, ["L2"] * 10), said
        server.requests.clear()
        for path in (home / "data").glob("station.db*"):
            path.unlink()
        code, out, _ = station(*run, env=env)
        assert (code, [row["state"] for row in json.loads(out)]) == (0, ["verified"] * 10)
        assert len(server.of_takes()) == 10
        # But for the probe of a byte or two.
        assert all(len(request.body) <= 1 for request in server.asked("PATCH"))


def test_of_ten_delivered_takes_the_two_that_were_damaged_are_sent_again(home: Path) -> None:
    with TusServer() as server:
        env = with_takes(home, server.url, 10)
        config = ("--config", home / "station.toml")
        assert station("queue", "run", "--once", *config, env=env)[0] == 0
        damaged = server.of_takes()[3:5]
        for upload in damaged:
            upload.data[100] ^= 1
        server.requests.clear()
        code, out, said = station("queue", "verify", "--json", *config, env=env)
        assert code == 4, said
        levels = [
            row["verify_level"] for row in json.loads(station("queue", "list", "--json", *config, env=env)[1])
        ]
        assert sorted(map(str, levels)) == ["L2"] * 8 + ["None"] * 2, "the proof is taken back"
        code, out, said = station("queue", "run", "--once", "--json", *config, env=env)
        assert (code, [row["verify_level"] for row in json.loads(out)]) == (0, ["L2"] * 10), said
        sent = [request for request in server.asked("PATCH") if len(request.body) > 1]
        assert len(sent) == 2
        again = {upload.metadata["take_id"] for upload in damaged}
        assert {upload.metadata["take_id"] for upload in server.of_takes()[8:]} == again
        assert len(server.of_takes()) == 10, "what was spoilt is gone"


def test_what_the_centre_misses_is_sent_again(home: Path) -> None:
    with TusServer() as server:
        env = with_takes(home, server.url, 2)
        config = ("--config", home / "station.toml")
        _, out, _ = station("queue", "run", "--once", "--json", *config, env=env)
        take_id = json.loads(out)[0]["take_id"]
        code, _, said = station("queue", "again", take_id, *config, env=env)
        assert (code, "--reason" in said) == (2, True)
        code, _, _ = station("queue", "again", take_id, "--reason", "disk broke", *config, env=env)
        assert code == 0
        code, _, _ = station("queue", "run", "--once", *config, env=env)
        assert code == 0
        assert sum(upload.metadata["take_id"] == take_id for upload in server.of_takes()) == 2
        assert len(server.of_takes()) == 3


def test_the_table_of_faults_needs_no_settings(tmp_path: Path) -> None:
    code, out, _ = station("queue", "faults", "--json", cwd=tmp_path)
    found = {row["kind"]: row for row in json.loads(out)}
    assert code == 0
    assert found["take"]["needs_help"]
    assert not found["foreign"]["needs_help"]
    code, out, _ = station("queue", "faults", cwd=tmp_path)
    assert (code, "foreign" in out) == (0, True)
