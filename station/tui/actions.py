"""Every key of the station in one table. Bindings, footer, command palette and help are made of it.

1. `make` turns the view into the session event of the action; the state machine decides whether it is
   possible now, and so whether the key is shown.
2. Actions without `make` ask something first, go to another screen or belong to one: the screen has them
   in its `own`, or the app in app_actions. `when` is their condition. One that is called as a mode shows it.
3. Where a number may be typed or scanned there are no letters: a scanned letter must not be a key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from station.session import events as ev
from station.session.day import ClearingBegun, SessionReopened
from station.session.machine import allows
from station.session.view import View
from station.tui.conditions import (
    CARRIED,
    UNDELIVERED,
    Desk,
    always,
    can_be_absent,
    can_be_undone,
    can_check_in,
    can_close,
    can_note,
    can_report,
    can_retake,
    can_sign,
    can_skip,
    can_test,
    is_prepared,
    is_unfinished,
)
from station.tui.primary import primary
from station.words.i18n import tr_noop


@dataclass(frozen=True)
class Action:
    id: str
    key: str
    """As Textual names it."""
    text: str
    """English, marked for translation."""
    help: str
    modes: tuple[str, ...]
    """Where it works."""
    make: Callable[[View], ev.Event | None] | None = None
    when: Callable[[Desk], bool] = always
    """Whether it is possible now, where `make` is None."""
    shown: bool = True
    """In the footer; all are in the help and the palette."""
    beside: bool = False
    """It neither covers the pupil's screen nor leads away from it."""

    def possible(self, desk: Desk) -> bool:
        if self.make is None:
            return (self.beside or not desk.view.untouchable) and self.when(desk)
        event = self.make(desk.view)
        return event is not None and allows(desk.view.session, event)


PUPIL = ("identity", "check", "test")
HOMES = ("session", "checkin")
SIDES = ("session", "stage", "queue", "selftest", "help")
SIDE_MODES = ("queue", "selftest", "checklist", "forms", "help", "stage")
ALL = (*HOMES, *PUPIL, *SIDE_MODES)
ACTIONS = (
    Action("primary", "enter", tr_noop("Go on"), tr_noop("The next step, always named"), PUPIL, primary),
    Action(
        "back",
        "escape",
        tr_noop("Back"),
        tr_noop("Leave this pupil; what was sung is kept"),
        PUPIL,
        lambda view: ev.WentBack(),
    ),
    Action(
        "again",
        "r",
        tr_noop("Repeat"),
        tr_noop("Repeat the headset check"),
        ("check",),
        lambda view: ev.CheckAgain(),
        shown=False,
    ),
    Action(
        "unheard",
        "n",
        tr_noop("Unheard"),
        tr_noop("Play the melody once more, after the volume was turned up"),
        ("check",),
        lambda view: ev.PhraseUnheard(),
    ),
    Action(
        "skip",
        "s",
        tr_noop("Skip"),
        tr_noop("Go on without the check; asks for the reason"),
        ("check",),
        when=can_skip,
    ),
    Action(
        "keep",
        "k",
        tr_noop("Keep it"),
        tr_noop("Go on with the take as it is"),
        ("test",),
        lambda view: None if view.session.take is not None and view.session.take.ok else ev.TakeKept(),
    ),
    Action(
        "retake",
        "t",
        tr_noop("Retake"),
        tr_noop("Record this song or the one before again for a technical reason"),
        ("test",),
        when=can_retake,
    ),
    Action(
        "absent",
        "f4",
        tr_noop("Absent"),
        tr_noop("Mark the pupil absent, unwell, refused or late"),
        (*HOMES, *PUPIL),
        when=can_be_absent,
    ),
    Action(
        "undo",
        "f5",
        tr_noop("Undo absent"),
        tr_noop("The pupil has come after all"),
        HOMES,
        when=can_be_undone,
    ),
    Action(
        "incident",
        "f6",
        tr_noop("Note"),
        tr_noop("Write down what happened, with the time"),
        (*HOMES, "stage", *PUPIL),
        when=can_note,
        beside=True,
    ),
    Action(
        "queue",
        "f7",
        tr_noop("Uploads"),
        tr_noop("See every recording and its delivery"),
        ("session", "stage", "help", "selftest"),
    ),
    Action(
        "selftest",
        "f8",
        tr_noop("Tests"),
        tr_noop("Test headset, computer and network"),
        ("session", "stage", "help", "queue"),
    ),
    Action(
        "progress",
        "ctrl+g",
        tr_noop("Progress"),
        tr_noop("How far it is, for the group chat: shown, and copied"),
        (*HOMES, "stage", "queue"),
        shown=False,
    ),
    Action(
        "beside",
        "ctrl+o",
        tr_noop("Other station"),
        tr_noop("Paste the progress line of another station with the same roster: who has sung there"),
        HOMES,
        shown=False,
    ),
    Action(
        "stage",
        "f10",
        tr_noop("Close, seal"),
        tr_noop("End the session and seal it, when everyone has an outcome"),
        ("session",),
        when=can_close,
    ),
    Action(
        "unfinished",
        "f10",
        tr_noop("Close, seal"),
        tr_noop("End the session and seal it, when everyone has an outcome"),
        ("session",),
        when=is_unfinished,
        shown=False,
    ),
    Action(
        "rehearse",
        "ctrl+r",
        tr_noop("Rehearsal"),
        tr_noop("Rehearse with invented pupils before the opening: nothing of it counts"),
        ("stage",),
        when=is_prepared,
        shown=False,
    ),
    Action(
        "reopen",
        "f5",
        tr_noop("Open again"),
        tr_noop("Open a closed or sealed session again, with a reason"),
        ("stage",),
        when=can_sign(SessionReopened),
    ),
    Action(
        "clear",
        "f10",
        tr_noop("Clear"),
        tr_noop("Remove the recordings of a sealed session, each proven by the server"),
        ("stage",),
        when=can_sign(ClearingBegun),
    ),
    Action("forms", "f9", tr_noop("Forms"), tr_noop("Write the forms to be signed"), SIDES, shown=False),
    Action("write", "enter", tr_noop("Write"), tr_noop("Write all forms"), ("forms",), when=can_test),
    Action("names", "n", tr_noop("Names"), tr_noop("With or without the names of pupils"), ("forms",)),
    Action("open", "o", tr_noop("Open"), tr_noop("Open their folder"), ("forms",), when=can_report),
    Action("checklist", "c", tr_noop("Checklist"), tr_noop("Tick what a person must see"), ("selftest",)),
    Action("tick", "enter", tr_noop("Tick"), tr_noop("Tick it, or take the tick away"), ("checklist",)),
    Action("who", "n", tr_noop("Name"), tr_noop("Somebody else looks"), ("checklist",)),
    Action("retry", "r", tr_noop("Retry now"), tr_noop("Send what waits now"), ("queue",)),
    Action(
        "export",
        "e",
        tr_noop("To a stick"),
        tr_noop("Write what is not delivered to a USB stick"),
        ("queue",),
        when=UNDELIVERED,
    ),
    Action("send_carried", "s", tr_noop("From here"), tr_noop("Send it from here"), ("queue",), when=CARRIED),
    Action("pause", "p", tr_noop("Pause/resume"), tr_noop("Stop or resume all uploads"), ("queue",)),
    Action(
        "test_all",
        "t",
        tr_noop("Test all"),
        tr_noop("Run every check of the self-test"),
        ("selftest",),
        when=can_test,
    ),
    Action(
        "test_changed",
        "m",
        tr_noop("Morning"),
        tr_noop("Test only what may have changed since the last self-test"),
        ("selftest",),
        when=can_test,
    ),
    Action(
        "test_one",
        "r",
        tr_noop("Test this"),
        tr_noop("Run the chosen check again"),
        ("selftest",),
        when=can_test,
    ),
    Action(
        "report",
        "p",
        tr_noop("Report"),
        tr_noop("Write the page for the inspector"),
        ("selftest",),
        when=can_report,
    ),
    Action("home", "escape", tr_noop("Back"), tr_noop("Back to the pupils"), (*SIDE_MODES, "checkin")),
    Action("help", "f1", tr_noop("Help"), tr_noop("All keys and the five steps"), ALL),
    Action(
        "checkin",
        "f12",
        tr_noop("Check-in"),
        tr_noop("See each pupil's card before the singing"),
        ("session",),
        when=can_check_in,
    ),
    Action(
        "details",
        "f2",
        tr_noop("Details"),
        tr_noop("Technical details of the last trouble"),
        ALL,
        shown=False,
    ),
    Action("language", "f3", tr_noop("中文"), tr_noop("Switch the language"), ("session", "stage", "help")),
    Action("quit", "ctrl+q", tr_noop("Quit"), tr_noop("Close the program; asks first"), ALL, shown=False),
)


def key_name(key: str) -> str:
    """The key as it is printed on a keyboard."""
    return {"enter": "Enter", "escape": "Esc"}.get(key, key.replace("ctrl+", "^").upper())


def actions_of(mode: str) -> list[Action]:
    return [action for action in ACTIONS if mode in action.modes]
