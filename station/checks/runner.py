"""Runs checks one after another, each on a thread of its own within its time limit.

1. A check that hangs is left behind and has failed; the next one begins.
2. A check that breaks has failed with its reason, and its traceback is in the log. One that only asks the
   system, and gets no answer, is skipped with its reason.
3. Whatever the checks opened is closed at the end.
"""

from __future__ import annotations

import logging
import subprocess
import threading
from collections.abc import Callable, Iterable
from datetime import datetime
from time import monotonic

from config.base import Message, StationError, reason_of, say, shown
from station.checks.bench import Bench
from station.checks.check import (
    NO_ANSWER,
    Check,
    Finding,
    NoAnswerError,
    Outcome,
    Result,
    fail,
    gravest,
    skipped,
)

log = logging.getLogger(__name__)


def run_checks(
    checks: Iterable[Check],
    bench: Bench,
    on_start: Callable[[Check], None] = lambda check: None,
    on_result: Callable[[Result], None] = lambda result: None,
    stop: threading.Event | None = None,
) -> list[Result]:
    """All results in order; `stop` ends it before the next check."""
    results: list[Result] = []
    try:
        for check in checks:
            if stop is not None and stop.is_set():
                break
            on_start(check)
            result = run_check(check, bench) if (why := _in_vain(check, results)) is None else why
            log.info(
                "%s: %s %s %s", check.id, result.finding.outcome, result.finding.what, result.finding.numbers
            )
            results.append(result)
            on_result(result)
    finally:
        bench.close()
    return results


def run_check(check: Check, bench: Bench) -> Result:
    """One check within its time limit."""
    found: list[Finding] = []
    began, at = monotonic(), datetime.now().astimezone().isoformat(timespec="seconds")
    # A daemon: a check that hangs in a driver must not keep the process.
    thread = threading.Thread(
        target=lambda: found.append(_guarded(check, bench)), name=f"check-{check.id}", daemon=True
    )
    thread.start()
    thread.join(check.seconds)
    if found:
        return Result(check, found[0], monotonic() - began, at)
    log.error("%s took longer than %.0f s and was left", check.id, check.seconds)
    late = fail(
        say("No answer within {seconds} seconds.", seconds=round(check.seconds)),
        say("Run this check once more. If it hangs again, restart the computer."),
    )
    return Result(check, late, monotonic() - began, at)


def _in_vain(check: Check, results: Iterable[Result]) -> Result | None:
    """The result of a check that can't say anything, since one that it needs did not pass."""
    bad = (Outcome.FAIL, Outcome.SKIPPED)
    for result in results:
        if result.check.id in check.needs and result.finding.outcome in bad:
            why = skipped(say("Not tested, since “{title}” did not pass.", title=say_title(result.check)))
            return Result(check, why, 0.0, result.at)
    return None


def say_title(check: Check) -> Message:
    """Titles are marked for translation where the checks are."""
    return Message(check.title)


def _guarded(check: Check, bench: Bench) -> Finding:
    try:
        return check.run(bench)
    except StationError as error:
        return Finding(Outcome.FAIL, error.what, error.todo)
    except (NoAnswerError, *NO_ANSWER) as error:
        log.warning("%s: the system does not answer", check.id, exc_info=True)
        if check.asks or isinstance(error, NoAnswerError):
            return skipped(
                say("Not tested, since this computer does not tell it: {detail}", detail=why(error))
            )
        return fail(
            say("This can't be done on this computer: {detail}", detail=why(error)),
            say("Show the line to the district's technician."),
        )
    except Exception as error:
        log.exception("%s broke", check.id)
        return fail(
            say("This check broke: {detail}", detail=f"{type(error).__name__}: {error}"),
            say("Show the line to the district's technician."),
        )


def why(error: Exception) -> Message | str:
    """Why the system gave no answer."""
    if isinstance(error, NoAnswerError) and isinstance(error.__cause__, Exception):
        return why(error.__cause__)
    if isinstance(error, subprocess.TimeoutExpired):
        return say("it did not answer in time")
    if isinstance(error, FileNotFoundError):
        return say("what tells it is not there")
    return reason_of(error) if isinstance(error, OSError) else shown(error) or type(error).__name__


def worst(results: Iterable[Result]) -> Outcome:
    """The gravest outcome: fail, then warn, else ok."""
    return gravest(result.finding.outcome for result in results)
