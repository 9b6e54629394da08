"""What a run of checks found, for tests that ask for exactly the checks that failed."""

from __future__ import annotations

from collections.abc import Iterable

from station.checks import capture, playback, sound, voice
from station.checks.bench import Bench
from station.checks.check import Check, Finding, Outcome
from station.checks.runner import run_checks

Found = dict[str, Finding]
SOUND = (*sound.CHECKS, *capture.CHECKS, *playback.CHECKS, *voice.CHECKS)
QUICK = tuple(check for check in SOUND if check.id != "load")


def run(bench: Bench, checks: Iterable[Check] = QUICK) -> Found:
    return {result.check.id: result.finding for result in run_checks(checks, bench)}


def failed(found: Found) -> set[str]:
    """Ids of the checks that failed; none only warned, and each says what to do."""
    assert Outcome.WARN not in {finding.outcome for finding in found.values()}
    bad = {check_id for check_id, finding in found.items() if finding.outcome is Outcome.FAIL}
    assert all(found[check_id].todo is not None for check_id in bad), "every failure says what to do"
    return bad


def skipped(found: Found) -> set[str]:
    return {check_id for check_id, finding in found.items() if finding.outcome is Outcome.SKIPPED}
