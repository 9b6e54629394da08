"""What two persons do on the day by the book, one stage after another, and what they must see.

With BOOK_PICTURES=FOLDER the screens that somebody should look at are kept there as text.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from config.roster import load_roster
from station.forms.titles import FORMS
from station.run.ceremony import Ask, Purpose
from station.run.rehearsing import PUPILS
from station.session.day import SessionStage
from station.tui.screens.stage import ASKS, DOES
from station.words.i18n import Language, tr
from station.words.milestones import STAGES, large
from tests.station.book.accelerated import AUTO, FAULT
from tests.station.book.proctor import BAD, FIELD, IDENTITY, READY, SING, TOTALS, Proctor, item, person
from tests.station.terminal.keys import CTRL_Q, ENTER, ESC
from tests.station.terminal.terminal import terminal

CTRL_R = "\x12"
F5, F9, F10, F12 = "\x1b[15~", "\x1b[20~", "\x1b[21~", "\x1b[24~"
WANG, LI = ("王芳", "204711"), ("李娜", "771204")
ABSENT, UNWELL, LATE = "0110", "0111", "0112"
FINE, MUTED, UNPLUGGED, BROKE_OFF, CUT = "0107", "0108", "0109", "0113", "0114"
SINGING_SECONDS = 1500.0
"""For the many who sing without anything happening."""
ABSENT_KEY, UNWELL_KEY, LATE_KEY = "1", "2", "5"
MISSING = {ABSENT: ABSENT_KEY, UNWELL: UNWELL_KEY, LATE: LATE_KEY}
"""Who is not there at the check-in, and the key of the reason."""
CHECK_IN = "Check-in: expected {expected}   present {here}   absent {away}   late {late}   left {left}"
UNFINISHED = (
    "{count} {count|pupil is|pupils are} still to do: {ids}. Let each sing, or mark them absent with "
    "F4; then press F10 again."
)
TO_DECIDE = "{count} {count|needs|need} a decision, {id} first: choose the row and press Enter."
HIDDEN = "{count} {count|pupil is|pupils are} expected; {count|the name is|their names are} hidden."
SEAL = "Seal {number}: {takes} {takes|recording|recordings}, {who}"
SILENT = "There is no sound at all in the recording."
GOOD = "Thank you. Next in a moment"


@dataclass(frozen=True)
class Day:
    """Where it takes place."""

    home: Path
    language: Language

    @property
    def names(self) -> dict[str, str]:
        return {p.student_id: p.name for p in load_roster(self.home / "roster.csv").pupils}

    @contextmanager
    def proctor(self, *command: str | Path) -> Iterator[Proctor]:
        env = {"STATION_STATION__LANGUAGE": self.language, "TMPDIR": str(self.home / "tmp")}
        kept = os.environ.get("BOOK_PICTURES")
        with terminal(*command, env=env) as screen:
            yield Proctor(screen, Path(kept) / self.language / command[1] if kept else None)

    def befalls(self, fault: str) -> None:
        """Something happens to the headset."""
        file = self.home / f"{FAULT}.new"
        file.write_text(fault, encoding="ascii")
        file.replace(self.home / FAULT)


def rehearse(day: Day) -> None:
    """From the page before the opening and back to it, with sample pupils, and nothing of it stays."""
    with day.proctor("-m", "station", "--config", day.home / "station.toml") as proctor:
        hidden = tr(HIDDEN).format(count=len(day.names))
        proctor.go(CTRL_R, hidden, tr("REHEARSAL: nothing of this counts"))
        proctor.see(TOTALS, expected=PUPILS, done=0, away=0, to_do=PUPILS)
        proctor.keep("home")
        proctor.call("001")
        proctor.see("REHEARSAL: nothing of this counts")
        proctor.leave(ESC, tr(IDENTITY))
        end(proctor, tr("End the rehearsal?"))
        proctor.wait(hidden)
        leave(proctor)
    assert list((day.home / "tmp").iterdir()) == []
    assert list((day.home / "data").glob("takes/*/*")) == []


def open_by_two(proctor: Proctor, day: Day) -> None:
    proctor.see(HIDDEN, count=len(day.names))
    proctor.keep("prepared")
    text = proctor.screen.text()
    assert not [name for name in day.names.values() if name in text]
    for number, (name, code) in enumerate((WANG, LI), 1):
        proctor.answer(person(number) + tr(ASKS[Ask.NAME]), name)
        proctor.answer(person(number) + tr(ASKS[Ask.ROLE]), "")
        proctor.answer(person(number) + tr(ASKS[Ask.NEW_CODE]), code, secret=True)
        proctor.answer(person(number) + tr(ASKS[Ask.AGAIN]), code, secret=True)
    assert WANG[1] not in proctor.screen.text()


def check_in(proctor: Proctor, day: Day) -> None:
    """Cards are scanned; the first pupil is taken with Enter."""
    count, here, away, late = len(day.names), 0, 0, 0
    proctor.see(CHECK_IN, expected=count, here=0, away=0, late=0, left=count)
    for student_id, name in day.names.items():
        away += student_id in MISSING and student_id != LATE
        late += student_id == LATE
        here += student_id not in MISSING
        left = count - here - away - late
        then = tr(CHECK_IN).format(expected=count, here=here, away=away, late=late, left=left)
        if student_id == FINE:
            proctor.go(ENTER, student_id, then)
        elif student_id in MISSING:
            proctor.away(MISSING[student_id], student_id, name)
        else:
            proctor.scan(student_id, then)
        proctor.wait(then)
        if student_id == LATE:
            proctor.keep("check-in")
    proctor.keep("checked-in")
    all_here = tr("Everyone is checked in, or away. Enter ends the check-in.")
    proctor.go(ENTER, all_here, person(1) + tr(ASKS[Ask.CODE]))
    proctor.sign(WANG[1], LI[1])
    proctor.see(TOTALS, expected=count, done=0, away=2, to_do=count - 2)


def sing_until_the_power_goes(proctor: Proctor, day: Day) -> None:
    proctor.keep("home")
    keys, left = proctor.keys, len(day.names) - 2
    sing(proctor, FINE, left - 1)
    print(f"{proctor.keys - keys} keys for a pupil who was scanned")

    proctor.call(MUTED)
    proctor.go_on(item(2), tr(READY))
    day.befalls("mute")
    proctor.go_on(tr(SILENT))
    proctor.keep("muted")
    day.befalls("none")
    proctor.go_on(to_do=left - 2)

    proctor.call(UNPLUGGED)
    proctor.go_on(item(2), tr(SING))
    day.befalls("die")
    proctor.go_on(tr(BAD))
    proctor.keep("unplugged")
    proctor.go_on(to_do=left - 3)

    proctor.call(BROKE_OFF)
    proctor.go_on(item(3), tr(READY))
    proctor.away(UNWELL_KEY, BROKE_OFF, day.names[BROKE_OFF])
    proctor.see("broke off {count}", count=1)
    proctor.keep("broke-off")

    proctor.call(CUT)
    proctor.go_on(item(2), tr(SING))
    command = psutil.Process(proctor.screen.process.pid)
    for process in [*command.children(recursive=True), command]:
        process.kill()
    proctor.screen.end()


def sing(proctor: Proctor, student_id: str, to_do: int) -> None:
    """By the keys, as the screens ask for them; so many are left then."""
    proctor.call(student_id)
    proctor.keep("identity")
    proctor.go_on(tr(READY))
    proctor.keep("ready")
    proctor.go_on(tr(SING))
    proctor.keep("sing")
    proctor.go_on(tr(GOOD))
    proctor.keep("good")
    proctor.go_on(to_do=to_do)


def sing_after_the_power_cut(proctor: Proctor, day: Day) -> None:
    proctor.wait(day.names[CUT])
    proctor.keep("after-the-cut")
    proctor.go_on(to_do=len(day.names) - 7)
    (day.home / AUTO).touch()
    proctor.go_on(to_do=1, seconds=SINGING_SECONDS)
    proctor.keep("one-is-late")
    unfinished = tr(UNFINISHED).format(count=1, ids=LATE)
    proctor.go(F10, LATE, unfinished)
    proctor.keep("not-yet")
    proctor.leave(ENTER, unfinished)
    checking = tr("Scan or type a number; Enter alone is the selected pupil")
    proctor.go(F12, tr(FIELD), checking)
    proctor.scan(
        LATE, tr(CHECK_IN).format(expected=len(day.names), here=len(day.names) - 2, away=2, late=0, left=0)
    )
    proctor.go(ESC, checking, tr(FIELD))
    sing(proctor, LATE, 0)
    worked_off(proctor)
    proctor.keep("all-done")


def worked_off(proctor: Proctor) -> None:
    """On a busy computer the virtual singer is late: the closing asks about songs that are not fine."""
    decide = tr(TO_DECIDE).split("{id}")[1]
    proctor.wait_for_one(tr("Press F10 to close and seal."), decide)


def close_and_seal(proctor: Proctor, number: int) -> str:
    """The code on the screen."""
    asked, read = f"{tr(ASKS[Ask.CODE])} {tr(DOES[Purpose.CLOSE])}", tr(ASKS[Ask.READ])
    proctor.go(F10, tr(FIELD), large(tr(STAGES[SessionStage.OPEN])))
    proctor.rest()
    if proctor.sees(read):
        proctor.keep(f"not-fine-{number}")
        proctor.answer(read, "")
    proctor.keep(f"closing-{number}")
    proctor.answer(asked, WANG[1], secret=True)
    proctor.wait(person(1))
    proctor.keep(f"closed-{number}")
    proctor.sign(LI[1], WANG[1])
    proctor.wait(tr(SEAL).split("{takes}")[0].format(number=number))
    proctor.rest()
    proctor.keep(f"sealed-{number}")
    [code] = re.findall(r"(?:[0-9A-Z] ){3}[0-9A-Z](?:   (?:[0-9A-Z] ){3}[0-9A-Z]){4}", proctor.screen.text())
    return "-".join(group.replace(" ", "") for group in code.split("   "))


def open_again(proctor: Proctor) -> None:
    why = tr(ASKS[Ask.REASON])
    proctor.go(F5, large(tr(STAGES[SessionStage.SEALED])), why)
    proctor.answer(why, "checked once more")
    proctor.sign(WANG[1], LI[1])
    worked_off(proctor)


def write_forms(proctor: Proctor, day: Day) -> None:
    proctor.go(F9, large(tr(STAGES[SessionStage.SEALED])), tr("Enter writes them into"))
    proctor.go(ENTER, tr("Enter writes them into"), tr("Open and print them from here (O opens it):"))
    proctor.keep("forms")
    proctor.go(ESC, tr("Forms"), large(tr(STAGES[SessionStage.SEALED])))
    written = {file.name for file in (day.home / "data" / "forms" / "day").iterdir()}
    assert {f"{name}.html" for name in FORMS} <= written, written
    assert [name for name in written if name.endswith(".xlsx")]


def clear(proctor: Proctor, day: Day) -> None:
    proctor.see("All is delivered. Close with Ctrl+Q; you may go home.")
    proctor.keep("delivered")
    proctor.go(F10, large(tr(STAGES[SessionStage.SEALED])), person(1) + tr(ASKS[Ask.CODE]))
    proctor.sign(WANG[1], LI[1])
    proctor.wait(large(tr(STAGES[SessionStage.CLEARED])))
    proctor.keep("cleared")
    text = proctor.screen.text()
    assert not [name for name in day.names.values() if name in text]
    assert list((day.home / "data" / "takes" / "day").glob("*.wav")) == []


def end(proctor: Proctor, asked: str) -> None:
    """Of the screens that are shown."""
    proctor.go(CTRL_Q, "F1", asked)
    proctor.leave("2", asked)


def leave(proctor: Proctor) -> None:
    stay = f"1{tr('Stay')}"
    proctor.go(CTRL_Q, "F1", stay)
    proctor.press("2")
    assert proctor.screen.end() == 0
