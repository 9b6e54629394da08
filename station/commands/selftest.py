"""`station selftest`: every check, one line each."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from config.base import Message, is_console, is_keyboard, say
from config.disk import refuse_newer, write_whole
from station.checks import lastpass
from station.checks.bench import Answer, Bench, Ear, Step, Wishes
from station.checks.catalogue import BY_ID, CHECKS
from station.checks.check import Check, Outcome, Result
from station.checks.fingerprint import changed, fingerprint, in_list, in_words
from station.checks.runner import run_checks, worst
from station.commands.options import config_option, json_option, settings_of
from station.commands.progress import CheckProgress, differs
from station.exitcodes import Exit
from station.reports.selftest_page import OUTCOMES, page
from station.run.lock import only_station
from station.run.logs import log_to
from station.takes.cleanup import AT_THE_END, clear
from station.takes.naming import clock_set_back
from station.words import talk
from station.words.i18n import render, tr


@click.command(help=tr("Test headset, computer, network and material; exit code 1 if any check fails."))
@config_option
@click.option("--only", metavar="IDS", help=tr("Only these checks, with commas between them."))
@click.option(
    "--morning", is_flag=True, help=tr("The short check of the morning: only what may have changed.")
)
@click.option("--assume-heard", is_flag=True, help=tr("Don't ask on which ear the tones were heard."))
@click.option(
    "--cup-held",
    is_flag=True,
    help=tr("An ear cup is held to the microphone: place, pitch and level of what comes back are measured."),
)
@click.option(
    "--report",
    type=click.Path(path_type=Path, dir_okay=False),
    help=tr("Write the page for the inspector to this HTML file."),
)
@json_option
def selftest(
    config_path: Path,
    only: str | None,
    morning: bool,
    assume_heard: bool,
    cup_held: bool,
    report: Path | None,
    as_json: bool,
) -> int:
    settings = settings_of(config_path)
    bench = Bench(settings, _wishes(assume_heard, cup_held))
    chosen = _chosen(only)
    with ExitStack() as stack:
        stack.enter_context(only_station(bench.data, settings.session.roster))
        refuse_newer(bench.data.database)
        log_to(bench.data.logs)
        if (wrong := clock_set_back(settings)) is not None:
            talk.tell(wrong)
        now = fingerprint(settings, in_list(settings, bench.devices))
        before = lastpass.load(bench.data)
        if morning:
            chosen = lastpass.morning_checks(before, now, datetime.now().astimezone())
        whole = len(chosen) == len(CHECKS)
        results = _run(bench, chosen, before, as_json, only_news=morning and not whole)
        clear(bench.data, AT_THE_END)
        if whole:
            lastpass.save(bench.data, results, now)
        elif morning and before is not None:
            lastpass.renew(bench.data, before, results, now)
    at = datetime.now().astimezone()
    changes = changed(before.fingerprint, now) if morning and before else []
    if report is not None:
        write_whole(report, page(settings, results, now, at).encode("utf-8"))
        talk.tell(say("The page was written: {file}", file=str(report.absolute())))
    if as_json:
        talk.document(_as_json(results, at, now, changes))
    else:
        calm = morning and not whole and not changes
        _tell(results, changes, lastpass.news(before, now) if calm and before is not None else None)
    return Exit.FAILED if worst(results) is Outcome.FAIL else Exit.OK


def _run(
    bench: Bench, chosen: Sequence[Check], before: lastpass.Pass | None, as_json: bool, *, only_news: bool
) -> list[Result]:
    """One line for each result as it comes; `only_news`: where it is another one than `before`."""
    progress = CheckProgress(chosen, before)

    def show(result: Result) -> None:
        progress.clear()
        if not only_news or differs(result, before):
            _line(result, as_json)

    results = run_checks(chosen, bench, on_start=progress.start, on_result=show)
    progress.clear()
    return results


def _tell(results: list[Result], changes: Sequence[str], news: Message | None) -> None:
    for what in in_words(changes):
        talk.line(say("Changed since the self-test: {what}.", what=what))
    if news is not None:
        talk.line(news)
    talk.line(_summary(results))


def _wishes(assume_heard: bool, cup_held: bool) -> Wishes:
    person = is_keyboard(sys.stdin) and is_console(sys.stderr)
    asked = person and not assume_heard
    return Wishes(
        ask=_ask if asked else None,
        ready=_ready if asked else None,
        assume_heard=assume_heard,
        cup_held=cup_held,
        interactive=person,
    )


def _as_json(
    results: list[Result], at: datetime, found: Mapping[str, str], changes: list[str]
) -> dict[str, Any]:
    return {
        "outcome": str(worst(results)),
        "at": at.isoformat(timespec="seconds"),
        "seconds": round(sum(result.seconds for result in results), 1),
        "fingerprint": dict(found),
        "changed": changes,
        "checks": [result.as_json() for result in results],
    }


def _chosen(only: str | None) -> tuple[Check, ...]:
    if only is None:
        return CHECKS
    ids = [name.strip() for name in only.split(",") if name.strip()]
    unknown = [name for name in ids if name not in BY_ID]
    if unknown:
        raise click.UsageError(
            tr("There is no check “{id}”; there are: {ids}").format(
                id=unknown[0], ids=render(Message.listed(BY_ID))
            )
        )
    return tuple(check for check in CHECKS if check.id in ids)


def _line(result: Result, as_json: bool) -> None:
    mark, _ = OUTCOMES[result.finding.outcome]
    text = f"{mark:4} {tr(result.check.title)}: {render(result.finding.what)}"
    if result.finding.todo is not None:
        text += f" {render(result.finding.todo)}"
    click.echo(text, err=as_json)


def _summary(results: list[Result]) -> str:
    counts = {outcome: sum(result.finding.outcome is outcome for result in results) for outcome in Outcome}
    return ",  ".join(f"{counts[outcome]} {tr(OUTCOMES[outcome][1])}" for outcome in Outcome)


STEPS = {
    "sing": say("Now sing loudly into the microphone for four seconds. Enter: I begin. S: skip this."),
    "cup": say("Hold an ear cup to the microphone until the tones end. Enter: I hold it. S: skip this."),
}


def _ready(step: Step) -> bool:
    talk.tell(STEPS[step])
    while True:
        key = click.getchar().lower()
        if key in ("\r", "\n", "s"):
            return key != "s"


def _ask(ear: Ear) -> Answer:
    """Which ear heard the tone; the person answers with one key."""
    talk.tell(say("A tone was played. On which ear was it heard? L left, R right, B both, N none"))
    while True:
        key = click.getchar().lower()
        answers: dict[str, Answer] = {"l": "left", "r": "right", "b": "both", "n": "none"}
        if key in answers:
            return answers[key]
