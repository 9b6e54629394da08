"""What a demo leaves with --data is a station of its own: every other command can be tried on it."""

from __future__ import annotations

from pathlib import Path

import pytest

from station.demo.afternoon import DemoWishes, afternoon
from tests.station.commands.called import station


@pytest.fixture
def left(tmp_path: Path) -> Path:
    with afternoon(DemoWishes(tmp_path, headset="builtin")) as demo:
        demo.station.start()
        demo.station.stop()
    return tmp_path / "station.toml"


@pytest.mark.sampled(4, fewest=1)
@pytest.mark.parametrize("command", [("queue", "list"), ("report",), ("forms",), ("seal", "show")])
def test_other_commands_work_on_what_a_demo_left(left: Path, command: tuple[str, ...]) -> None:
    code, out, err = station(*command, "--config", left, cwd=left.parent)
    assert code == 0, err
    assert out
