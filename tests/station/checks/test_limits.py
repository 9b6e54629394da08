"""The self-test judges by the limits of the kit, as every pupil's check and every verdict does."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from audio.judge import judge_silence
from config.kit import Limits, load_kit
from config.settings import Settings
from station.checks.bench import Bench, Wishes
from station.checks.check import Outcome
from tests.sources import FILES, name_of, tree
from tests.station.checks.found import SOUND, run

QUIET = ("device", "opens", "sides", "microphone", "room", "hum", "offset", "gate")


def with_limits(settings: Settings, **limits: float) -> Settings:
    kit = settings.session.kit / "kit.toml"
    lines = [f"{name} = {value}" for name, value in limits.items()]
    text = kit.read_text(encoding="utf-8")
    kit.write_text("\n".join([text, "[limits]", *lines]), encoding="utf-8")
    return settings


@pytest.mark.sampled(3, fewest=1)
@pytest.mark.parametrize(
    ("limits", "outcome"),
    [
        ({}, Outcome.OK),
        ({"floor_good": -90.0}, Outcome.WARN),
        ({"floor_good": -95.0, "floor_bad": -90.0}, Outcome.FAIL),
    ],
)
def test_a_room_is_judged_as_in_every_pupils_check(
    settings: Settings, limits: dict[str, float], outcome: Outcome
) -> None:
    settings = with_limits(settings, **limits)
    bench = Bench(settings, Wishes(speed=5.0))
    found = run(bench, [check for check in SOUND if check.id in QUIET])
    assert found["room"].outcome is outcome
    kit = load_kit(settings.session.kit, bench.data.cache / "kit")
    pupil = judge_silence(bench.work / "silence.wav", kit.limits)
    assert pupil.outcome == str(outcome)


def test_a_kit_that_can_not_be_read_leaves_the_usual_limits(settings: Settings, tmp_path: Path) -> None:
    session = settings.session.model_copy(update={"kit": tmp_path / "none.zip"})
    assert Bench(settings.model_copy(update={"session": session})).limits == Limits()


def test_nobody_makes_limits_of_their_own() -> None:
    """Limits() says nothing of the kit; only who has no kit may say so."""
    made = {
        name_of(file)
        for file in FILES
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Limits"
    }
    assert made == {"config/kit/items.py", "station/checks/bench.py", "station/takes/anyfile.py"}
