"""The last self-test and its fingerprint: what a pass stands for, and until when.

A pass is void after 36 hours or when something that it tested has changed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from config.base import Message, say, stored
from config.disk import DataDir, write_whole
from station.checks.check import Check, Outcome, Result, gravest
from station.checks.fingerprint import changed, in_words, touches

VALID = timedelta(hours=36)


@dataclass(frozen=True)
class Pass:
    """A self-test that was kept."""

    at: datetime
    outcome: Outcome
    fingerprint: Mapping[str, str]
    results: tuple[Mapping[str, Any], ...]
    """Each Result as JSON."""

    @property
    def failed(self) -> list[str]:
        """Ids of the checks that failed."""
        return [check_id for check_id, outcome in self.outcomes.items() if outcome is Outcome.FAIL]

    @property
    def outcomes(self) -> dict[str, Outcome]:
        return {str(result["id"]): Outcome(result["outcome"]) for result in self.results}


def save(data: DataDir, results: Sequence[Result], found: Mapping[str, str]) -> None:
    """Keep a run of all checks. Raises OSError."""
    _write(data, datetime.now().astimezone(), [_kept(result) for result in results], found)


def _kept(result: Result) -> dict[str, Any]:
    """A result with its sentence as it can be shown in another language."""
    return {**result.as_json(), "said": stored(result.finding.what)}


def _write(
    data: DataDir, at: datetime, results: Sequence[Mapping[str, Any]], found: Mapping[str, str]
) -> None:
    body = {
        "at": at.isoformat(timespec="seconds"),
        "outcome": str(gravest(Outcome(result["outcome"]) for result in results)),
        "fingerprint": dict(found),
        "results": results,
    }
    data.root.mkdir(parents=True, exist_ok=True)
    write_whole(data.selftest, json.dumps(body, ensure_ascii=False, indent=1, default=str).encode("utf-8"))


def load(data: DataDir) -> Pass | None:
    """The last run, None where there is none that can be read."""
    try:
        body = json.loads(data.selftest.read_text(encoding="utf-8"))
        at = datetime.fromisoformat(body["at"])
        found = Pass(at, Outcome(body["outcome"]), dict(body["fingerprint"]), tuple(body["results"]))
        return found if found.outcomes else None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def why_void(found: Pass | None, now: datetime, current: Mapping[str, str] | None = None) -> Message | None:
    """One sentence when there is no valid pass; None when there is."""
    if found is None:
        return say("No self-test was run on this computer. Press F8 to run it (two minutes).")
    when = f"{found.at:%m-%d %H:%M}"
    if found.outcome is Outcome.FAIL:
        return say("The self-test of {when} failed. Press F8 to see why and to run it again.", when=when)
    if now - found.at > VALID:
        return say("The self-test of {when} is older than 36 hours. Press F8 to run it again.", when=when)
    if current is not None and (keys := changed(found.fingerprint, current)):
        return say("Since the self-test of {when}: {what}. Press F8.", when=when, what=in_words(keys)[0])
    return None


def morning_checks(before: Pass | None, now: Mapping[str, str], at: datetime) -> tuple[Check, ...]:
    """What the morning check repeats: the quick ones, what failed, and whatever a change touches."""
    from station.checks.catalogue import CHECKS

    if before is None or at - before.at > VALID:
        return CHECKS
    changes = changed(before.fingerprint, now)
    return tuple(
        check for check in CHECKS if check.morning or check.id in before.failed or touches(check, changes)
    )


def news(before: Pass, now: Mapping[str, str]) -> Message:
    """What has changed since the self-test, in one line."""
    when = f"{before.at:%m-%d %H:%M}"
    changes = changed(before.fingerprint, now)
    if not changes:
        return say("Nothing has changed since the self-test of {when}.", when=when)
    return say("Changed since the self-test: {what}.", what=in_words(changes)[0])


def keep(
    data: DataDir,
    before: Pass | None,
    results: Sequence[Result],
    everything: Sequence[Result],
    found: Mapping[str, str],
    *,
    left: bool,
    morning: bool,
) -> bool:
    """Keep what a run found: all checks are a new pass, a part of them mends the one from before.

    `everything`: what is known of all checks, this run included; `left`: the run was broken off. True where
    the pass from before was mended. Raises OSError.
    """
    from station.checks.catalogue import CHECKS

    if len(results) == len(CHECKS) or (before is None and len(everything) == len(CHECKS)):
        save(data, everything, found)
    elif before is not None and not left:
        # One check that is repeated says nothing of what else has changed.
        renew(data, before, results, found if morning else before.fingerprint)
        return True
    return False


def renew(data: DataDir, before: Pass, results: Sequence[Result], found: Mapping[str, str]) -> None:
    """Put what was found anew into the pass, which does not last longer for that. Raises OSError."""
    new = {result.check.id: _kept(result) for result in results}
    kept = [new.pop(str(result["id"]), result) for result in before.results]
    _write(data, before.at, [*kept, *new.values()], found)
