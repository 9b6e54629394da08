"""The pass of the self-test: kept with a fingerprint, void after 36 hours or a change; report and command."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic, sleep

import pytest

from audio.device.card import VirtualCard, why_not
from audio.protocol.messages import DeviceInfo
from config.base.message import say
from config.settings import Settings
from config.takes import DeviceName
from station.checks import lastpass
from station.checks.bench import Bench
from station.checks.catalogue import BY_ID, CHECKS
from station.checks.check import Finding, Group, Outcome, Result, fail, ok, skipped, warn
from station.checks.estimate import clock, seconds_of
from station.checks.fingerprint import CHANGES, NOTHING, changed, fingerprint, in_list, in_words, opened
from station.commands.progress import differs
from station.reports.selftest_page import page
from station.run.station import Station
from station.words.i18n import set_language
from tests.station.checks.found import MACHINE, command
from tests.uploader.realservers import ResumableUpload, Running

NOW = datetime.now().astimezone()
HEADSET = (DeviceInfo("ALSA", "USB 耳机", 1, 2, 48000.0),)


def result(check_id: str, finding: Finding) -> Result:
    return Result(BY_ID[check_id], finding, 0.1, NOW.isoformat())


def with_headset(settings: Settings) -> Settings:
    audio = settings.audio.model_copy(update={"input": "USB 耳机", "output": "USB 耳机"})
    return settings.model_copy(update={"audio": audio})


def now_of(settings: Settings, devices: tuple[DeviceInfo, ...] = HEADSET) -> dict[str, str]:
    settings = with_headset(settings)
    return fingerprint(settings, in_list(settings, devices))


def kept(settings: Settings, *results: Result, devices: tuple[DeviceInfo, ...] = HEADSET) -> lastpass.Pass:
    lastpass.save(Bench(settings).data, results, now_of(settings, devices))
    found = lastpass.load(Bench(settings).data)
    assert found is not None
    return found


FINE = result("device", ok(say("Fine.")))
BROKEN = result("device", fail(say("Broken."), say("Mend it.")))


def test_a_pass_is_valid_for_36_hours(settings: Settings) -> None:
    found = kept(settings, FINE)
    assert lastpass.why_void(found, NOW + timedelta(hours=35)) is None
    assert "36 hours" in str(lastpass.why_void(found, NOW + timedelta(hours=37)))


def test_no_pass_and_a_failed_one_are_said(settings: Settings) -> None:
    assert "No self-test" in str(lastpass.why_void(lastpass.load(Bench(settings).data), NOW))
    found = kept(settings, BROKEN)
    assert "failed" in str(lastpass.why_void(found, NOW))
    assert found.failed == ["device"]


def test_a_torn_file_is_no_pass(settings: Settings) -> None:
    kept(settings, FINE)
    Bench(settings).data.selftest.write_text('{"at": "2026', encoding="utf-8")
    assert lastpass.load(Bench(settings).data) is None


def test_an_unplugged_headset_is_named_in_one_line(settings: Settings) -> None:
    found = kept(settings, FINE)
    now = now_of(settings, ())
    assert changed(found.fingerprint, now) == ["input", "output"]
    line = lastpass.why_void(found, NOW, now)
    assert line is not None
    assert "headset" in str(line)
    assert "\n" not in str(line)


def test_what_is_not_known_yet_has_not_changed(settings: Settings) -> None:
    """Before the headset is open."""
    found = kept(settings, FINE)
    assert lastpass.why_void(found, NOW, fingerprint(with_headset(settings))) is None


def test_the_host_api_that_would_be_opened_counts(settings: Settings) -> None:
    """Windows lists one headset under every host API."""
    twice = (replace(HEADSET[0], hostapi="MME"), replace(HEADSET[0], hostapi="Windows WASAPI"))
    ends = opened((DeviceName("Windows WASAPI", "USB 耳机"),) * 2)
    assert in_list(with_headset(settings), twice) == ends


def morning(found: lastpass.Pass | None, now: dict[str, str], at: datetime = NOW) -> set[str]:
    return {check.id for check in lastpass.morning_checks(found, now, at)}


def ids(*groups: Group) -> set[str]:
    return {check.id for check in CHECKS if check.group in groups}


def test_the_morning_check_repeats_what_changed_or_failed(settings: Settings) -> None:
    found = kept(settings, result("load", fail(say("Broken."))))
    same = now_of(settings)
    assert "load" in morning(found, same)
    quick = {check.id for check in CHECKS if check.morning}
    assert morning(found, same) == quick | {"load"}
    fine = kept(settings, FINE)
    for key, touched in {
        "input": ids(Group.SOUND),
        "roster": ids(Group.MATERIAL),
        "server": ids(Group.NETWORK),
        "volume": ids(Group.COMPUTER),
        "software": ids(*Group),
    }.items():
        assert morning(fine, same | {key: "another"}) == quick | touched
    assert morning(None, {}) == BY_ID.keys()
    assert morning(fine, same, NOW + timedelta(hours=37)) == BY_ID.keys(), "a pass that is too old"


def test_a_good_morning_mends_the_pass_and_does_not_prolong_it(settings: Settings) -> None:
    before = kept(settings, BROKEN, result("kit", ok(say("A kit."))), devices=())
    lastpass.renew(Bench(settings).data, before, [FINE, result("load", ok(say("Fine.")))], now_of(settings))
    after = lastpass.load(Bench(settings).data)
    assert after is not None
    assert after.outcomes == {"device": Outcome.OK, "kit": Outcome.OK, "load": Outcome.OK}
    assert after.at == before.at
    assert lastpass.why_void(after, NOW, now_of(settings)) is None


def test_the_morning_check_tells_failures_and_what_is_new(settings: Settings) -> None:
    before = kept(settings, FINE, result("room", warn(say("Loud."))))
    for finding, told in (
        (ok(say("Fine.")), False),
        (warn(say("Hm.")), True),
        (fail(say("Broken.")), True),
        (skipped(say("Not tested.")), False),
    ):
        assert differs(result("device", finding), before) is told
    assert differs(result("room", ok(say("Quiet."))), before)
    assert not differs(result("room", warn(say("Loud."))), before)


def test_the_estimate_is_that_of_last_time(settings: Settings) -> None:
    found = kept(settings, replace(FINE, seconds=3.0))
    assert seconds_of([BY_ID["device"]], found) == 3
    assert seconds_of([BY_ID["load"]], found) == BY_ID["load"].usual
    assert clock(seconds_of(CHECKS, None)) < "2:00"


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_the_report_is_one_page_that_needs_nothing_else(settings: Settings, language: str) -> None:
    set_language(language)  # type: ignore[arg-type]
    curve = Finding(Outcome.OK, say("Quiet."), series={"noise_dbfs": (-60.0, -62.0, -61.0)})
    results = [
        result("room", curve),
        result("device", fail(say("<b>{name}</b>", name="<script>"), say("Plug it in."))),
        result("battery", skipped(say("This computer has no battery."))),
        result("clock", warn(say("Late."))),
    ]
    text = page(settings, results, {"input": "ALSA: <x>"}, NOW)
    assert "<script>" not in text
    assert "http://" not in text
    assert "src=" not in text
    assert "<polyline" in text
    assert text.count("<tr class=") == 4


@pytest.mark.alone
@pytest.mark.long
@pytest.mark.card
@pytest.mark.timeout(150)
def test_the_day_before_and_the_morning(
    config: Callable[[str, str], Path], home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All ok or skipped on a healthy headset and server; then the headset is gone, and it is said."""
    reason = why_not()
    if reason is not None:
        pytest.skip(str(reason))
    with (
        tempfile.TemporaryDirectory(prefix="card-") as folder,
        VirtualCard(Path(folder) / "c") as card,
        Running(ResumableUpload(), tmp_path / "server") as server,
    ):
        card.room(-70, sink="headset_out")
        path = config('"builtin"', '"vloop"')
        env = {**card.env, "STATION_SERVER__URL": server.url}
        code, out = command(path, "--cup-held", "--json", "--report", str(tmp_path / "report.html"), env=env)
        found = json.loads(out)
        skipped = {check["id"] for check in found["checks"] if check["outcome"] == "skipped"}
        assert not skipped & {"rate", "steady", "round_trip", "voice", "pace", "load", "rehearsal"}
        bad = [check for check in found["checks"] if check["outcome"] not in ("ok", "skipped")]
        assert [check["id"] for check in bad if check["id"] not in MACHINE] == []
        assert code == ("fail" in {check["outcome"] for check in bad})
        assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")

        began = monotonic()
        code, out = command(path, "--morning", env=env)
        assert monotonic() - began < 30
        assert out.startswith(b"Nothing has changed since the self-test") or code == 1

        config('"vloop"', '"USB headset"')
        code, out = command(path, "--morning", env=env)
        assert code == 1
        assert b"Changed since the self-test: the headset is another one, or is not plugged in." in out


def test_a_session_that_opens_after_a_change_warns_in_one_line(settings: Settings) -> None:
    data = Bench(settings).data
    lastpass.save(data, [FINE], fingerprint(settings, ("ALSA: USB 耳机", "builtin")))
    station = Station(settings)
    station.start()
    try:
        deadline = monotonic() + 20
        while station.selftest_warning is None and monotonic() < deadline:
            sleep(0.05)
        assert "the microphone is another one" in str(station.selftest_warning)
    finally:
        station.stop()


def test_a_headset_that_is_gone_is_said_in_one_line() -> None:
    before = {"input": "ALSA: USB", "output": "ALSA: USB", "kit": "1"}
    now = {"input": NOTHING, "output": NOTHING, "kit": "2"}
    assert [str(what) for what in in_words(changed(before, now))] == [
        "the headset is another one, or is not plugged in",
        "the kit is another one",
    ]
    assert in_words(changed(before, {**before, "output": NOTHING})) == [CHANGES["output"]]


def test_another_roster_is_said_before_the_headset_is_open(settings: Settings) -> None:
    data = Bench(settings).data
    lastpass.save(data, [FINE], fingerprint(settings, ("builtin", "builtin")))
    settings.session.roster.write_text("学号\n0107\n", encoding="utf-8")
    station = Station(settings)
    station.start()
    station.stop()
    assert "the roster was changed" in str(station.selftest_warning)


def test_every_check_can_be_explained() -> None:
    for check in CHECKS:
        assert check.title
        assert check.why.endswith(".")
        assert check.how.endswith(".")
        assert check.seconds <= 200
        assert set(check.needs) <= BY_ID.keys()
    assert len(BY_ID) == len(CHECKS)


def test_a_check_that_fails_is_named_and_ends_with_1(home: Path) -> None:
    (home / "kit" / "kit.toml").write_text("id = 3", encoding="utf-8")
    code, out = command(home / "station.toml", "--only", "kit,roster", "--json", env={})
    assert code == 1
    found = {check["id"]: check for check in json.loads(out)["checks"]}
    assert {check_id: check["outcome"] for check_id, check in found.items()} == {
        "kit": "fail",
        "roster": "ok",
    }
    assert found["kit"]["todo"]


@pytest.mark.costly
def test_unknown_names_of_checks_are_refused(home: Path) -> None:
    code, _ = command(home / "station.toml", "--only", "device,nonsense", env={})
    assert code == 2
