"""What the self-test says of the sides of a microphone where no card of ours can be made so."""

from __future__ import annotations

import pytest

from audio.audioerror import AudioError
from audio.protocol.messages import DeviceInfo, TakeSaved
from audio.soundfaults import FAULTS
from config.settings import Settings
from station.checks import bench as bench_module
from station.checks.bench import Bench, Ear
from station.checks.check import Outcome
from station.checks.fingerprint import changed, fingerprint
from station.checks.headset.devices import judge_sides, opens, sides
from station.sound.blocking import BlockingHeadset

DEAD, ROOM = -144.0, -62.0


def with_side(settings: Settings, side: str, name: str = "USB") -> Settings:
    audio = settings.audio.model_copy(update={"input": name, "output": name, "side": side})
    return settings.model_copy(update={"audio": audio})


@pytest.mark.parametrize(
    ("left", "right", "recorded", "outcome", "said"),
    [
        (ROOM, ROOM, "mix", Outcome.OK, "-62.0 and -62.0 dB"),
        (ROOM, ROOM, "right", Outcome.OK, "Both sides"),
        (DEAD, DEAD, "mix", Outcome.OK, "don't differ"),
        (ROOM, DEAD, "mix", Outcome.FAIL, "on the left side only"),
        (DEAD, ROOM, "mix", Outcome.FAIL, "on the right side only"),
        (ROOM, DEAD, "left", Outcome.OK, "on the left side, which"),
        (DEAD, ROOM, "left", Outcome.FAIL, "on the right side only"),
        (-90.0, ROOM, "mix", Outcome.FAIL, "on the right side only"),
        (-74.0, ROOM, "mix", Outcome.OK, "Both sides"),
    ],
)
def test_levels_of_the_sides(left: float, right: float, recorded: str, outcome: Outcome, said: str) -> None:
    found = judge_sides({"left": left, "right": right}, recorded)
    assert (found.outcome, dict(found.numbers)) == (outcome, {"left_dbfs": left, "right_dbfs": right})
    assert said in str(found.what)
    if outcome is Outcome.FAIL:
        alive = "left" if right == DEAD else "right"
        assert f'side = "{alive}"' in str(found.todo)


def test_a_microphone_with_one_channel_is_not_recorded_for_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench_module, "list_devices", lambda env: (DeviceInfo("ALSA", "USB", 1, 2, 48000.0),))
    monkeypatch.setattr(Bench, "headset", lambda self: pytest.fail("opened"))
    found = sides(Bench(with_side(settings, "mix")))
    assert (found.outcome, found.numbers) == (Outcome.OK, {})
    assert "one channel" in str(found.what)


def test_a_driver_that_refuses_two_channels_is_no_reason_to_test_nothing_else(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Bench, side: Ear, seconds: float) -> TakeSaved:
        raise AudioError(FAULTS["busy"].message, code="busy")

    monkeypatch.setattr(bench_module, "list_devices", lambda env: (DeviceInfo("ALSA", "USB", 2, 2, 48000.0),))
    monkeypatch.setattr(Bench, "one_side", refuse)
    assert sides(Bench(with_side(settings, "mix"))).outcome is Outcome.WARN


def test_a_side_that_the_headset_does_not_have(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: BlockingHeadset) -> BlockingHeadset:
        self.__exit__(None, None, None)
        raise AudioError(FAULTS["no_side"].message, code="no_side")

    monkeypatch.setattr(BlockingHeadset, "__enter__", refuse)
    found = opens(Bench(with_side(settings, "left")))
    assert (found.outcome, found.numbers["code"]) == (Outcome.FAIL, "no_side")
    assert "station.toml" in str(found.what)
    assert "station.toml" in str(found.todo)


def test_another_side_is_another_headset_for_a_pass(settings: Settings) -> None:
    before, now = (fingerprint(with_side(settings, side)) for side in ("mix", "left"))
    assert changed(before, now) == ["driver"]


def test_sides_that_cancel_each_other_out_are_said_so() -> None:
    found = judge_sides({"left": -62.0, "right": -62.4}, "mix", -144.0)
    assert found.outcome is Outcome.FAIL
    assert "cancel" in str(found.what)
    assert 'side = "left"' in str(found.todo)
    for mixed in (-62.1, -65.2, -68.0, None):
        assert judge_sides({"left": -62.0, "right": -62.4}, "mix", mixed).outcome is Outcome.OK
    one_sided = judge_sides({"left": -62.0, "right": -90.0}, "mix", -68.0)
    assert "on the left side only" in str(one_sided.what)
