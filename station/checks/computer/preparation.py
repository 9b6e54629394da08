"""Kit, roster, version, and how much time is left."""

from __future__ import annotations

from datetime import datetime

from config.base import say
from config.kit import check_kit
from config.roster import check_roster
from station import __version__
from station.checks.bench import Bench
from station.checks.check import Check, Finding, Group, fail, ok, skipped, warn
from station.sound.sounds import check_sounds
from station.words.i18n import tr_noop


def kit(bench: Bench) -> Finding:
    found, problems = check_kit(bench.settings.session.kit, bench.data.cache / "kit")
    if found is not None and (broken := check_sounds(found)):
        found, problems = None, broken
    errors = [problem for problem in problems if problem.severity == "error"]
    if found is None:
        what = errors[0].sentence() if errors else say("The kit can't be used.")
        return fail(what, say("Copy the kit again, or ask the district for it."), problems=len(errors))
    tests = sum(item.kind == "test" for item in found.items)
    return ok(
        say(
            "Kit {id} version {version}: {tests} test items, {practice} for practice.",
            id=found.id,
            version=found.version,
            tests=tests,
            practice=len(found.items) - tests,
        ),
        digest=found.digest,
        items=len(found.items),
    )


def roster(bench: Bench) -> Finding:
    found, problems = check_roster(bench.settings.session.roster)
    errors = [problem for problem in problems if problem.severity == "error"]
    if found is None:
        what = errors[0].sentence() if errors else say("The roster can't be used.")
        return fail(what, say("Put the line right in the roster, then test again."), problems=len(errors))
    warnings = [problem for problem in problems if problem.severity == "warning"]
    if warnings:
        return warn(warnings[0].sentence(), say("Compare the roster with the class lists."))
    return ok(
        say("{count} {count|pupil|pupils} in the roster.", count=len(found.pupils)),
        pupils=len(found.pupils),
        digest=found.digest,
    )


def version(bench: Bench) -> Finding:
    return ok(say("Version {version} of this software.", version=__version__), version=__version__)


def time_left(bench: Bench) -> Finding:
    starts = bench.settings.session.starts
    if starts is None:
        return skipped(say("station.toml does not say when the session begins ([session] starts)."))
    minutes = round((starts.astimezone() - datetime.now().astimezone()).total_seconds() / 60)
    if minutes < 0:
        return warn(
            say("The session should have begun {minutes} {minutes|minute|minutes} ago.", minutes=-minutes),
            say("Check [session] starts in station.toml and the clock of this computer."),
            minutes=minutes,
        )
    hours, rest = divmod(minutes, 60)
    return ok(say("{hours} h {minutes} min until the session.", hours=hours, minutes=rest), minutes=minutes)


CHECKS = (
    Check(
        "kit",
        Group.MATERIAL,
        tr_noop("Test material"),
        tr_noop("Without a whole kit no pupil can be tested."),
        tr_noop("Every file of the kit is read; a digest is made of all of them."),
        kit,
        20,
    ),
    Check(
        "roster",
        Group.MATERIAL,
        tr_noop("Roster"),
        tr_noop("A wrong number in the roster can't be put right after the afternoon."),
        tr_noop("Every line of the roster is read."),
        roster,
    ),
    Check(
        "version",
        Group.MATERIAL,
        tr_noop("Software"),
        tr_noop("All schools should use the same version."),
        tr_noop("The version of this software."),
        version,
    ),
    Check(
        "time_left",
        Group.MATERIAL,
        tr_noop("Time left"),
        tr_noop("What fails now must be put right before the first pupil comes."),
        tr_noop("[session] starts in station.toml against the clock."),
        time_left,
        mild=tr_noop("It is about the plan, not about the recordings."),
    ),
)
