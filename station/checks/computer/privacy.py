"""Whether another account of this computer can read or change what is recorded."""

from __future__ import annotations

from config.access import exposed
from config.base import say
from station.checks.bench import Bench
from station.checks.check import Check, Finding, Group, ask, fail, ok, warn
from station.words.i18n import tr_noop


def privacy(bench: Bench) -> Finding:
    roster = bench.settings.session.roster
    found = ask(lambda: exposed(bench.data, roster))
    if found == [roster]:
        return warn(
            say("Other users of this computer can read the roster {name}.", name=roster.name),
            say("Keep it in the folder that the data folder is in: there every start closes it to others."),
            exposed=1,
        )
    if found:
        return fail(
            say(
                "Other users of this computer can read {count} files and folders of the recordings; one is"
                " {name}.",
                count=len(found),
                name=found[0].name,
            ),
            say(
                "Every start closes them where the drive allows it. If this comes again, choose a folder on"
                " the computer's own drive under [data] dir in station.toml."
            ),
            exposed=len(found),
        )
    return ok(say("Only this account can read the recordings."), exposed=0)


CHECKS = (
    Check(
        "privacy", Group.COMPUTER, tr_noop("Other users"),
        tr_noop("The voices of children are nobody else's business."),
        tr_noop("The rights of the data folder and of everything of the station in it."),
        privacy, 30,
    ),
)  # fmt: skip
