"""Which keys each screen offers in each moment, in the footer and beside it, and what Enter does there."""

from __future__ import annotations

from dataclasses import replace
from time import monotonic

import pytest

from station.session import events as ev
from station.session.day import SessionStage
from station.session.machine import replay
from station.session.state import Phase, Session
from station.session.view import View
from station.tui.actions import actions_of, key_name
from station.tui.conditions import Desk
from station.tui.primary import elapsed, primary, primary_text
from tests.station.session.samples import PLAN, events_to
from tests.station.session.test_stages import way_to

MODES = {Phase.HOME: "session", Phase.IDENTITY: "identity"}
ALWAYS = "F2 ^Q"
FOOTERS = {
    Phase.HOME: ("F4 F6 F7 F8 F1 F3", "^G ^O F10 F9 F2 ^Q"),
    Phase.IDENTITY: ("Enter Esc F4 F6 F1", ALWAYS),
    Phase.CHECK_SILENCE: ("Esc S F4 F6 F1", ALWAYS),
    Phase.CHECK_PHRASE: ("Esc S F4 F6 F1", ALWAYS),
    Phase.CHECK_SINGING: ("Esc S F4 F6 F1", ALWAYS),
    Phase.CHECK_LISTEN: ("Esc S F4 F6 F1", ALWAYS),
    Phase.CHECK_RESULT: ("Enter Esc N S F4 F6 F1", f"R {ALWAYS}"),
    Phase.INSTRUCTION: ("Enter Esc F4 F6 F1", ALWAYS),
    Phase.STUDY: ("Esc F6", ""),
    Phase.PROMPT: ("Esc F6", ""),
    Phase.READY: ("Esc F6", ""),
    Phase.RECORDING: ("F6", ""),
    Phase.SAVING: ("F6", ""),
    Phase.VERDICT: ("Enter K T F4 F6 F1", ALWAYS),
}
"""With a pupil in the chair, or one under the cursor at home."""
SIDES = {
    "queue": ("F8 R P Esc F1", "^G F9 F2 ^Q", "E S"),
    "selftest": ("F7 C T M R Esc F1", "F9 F2 ^Q", "P"),
    "checklist": ("Enter N Esc F1", ALWAYS, ""),
    "forms": ("Enter N Esc F1", ALWAYS, "O"),
    "help": ("F7 F8 Esc F1 F3", "F9 F2 ^Q", ""),
    "stage": ("F6 F7 F8 Esc F1 F3", "^G F9 F2 ^Q", ""),
    "checkin": ("F6 Esc F1", "^G ^O F2 ^Q", ""),
}
"""The third: only with recordings that are not delivered or were carried, or results of a self-test."""


def view_at(phase: Phase, *more: ev.Event) -> View:
    return View(replay(Session.fresh(PLAN), [*events_to(phase), *more]))


def offered(mode: str, desk: Desk) -> tuple[str, str]:
    found = [action for action in actions_of(mode) if action.possible(desk)]
    footer = " ".join(key_name(action.key) for action in found if action.shown)
    return footer, " ".join(key_name(action.key) for action in found if not action.shown)


@pytest.mark.parametrize("phase", Phase)
def test_a_pupils_screen_offers_what_is_possible_in_that_moment(phase: Phase) -> None:
    view = view_at(phase)
    mode = MODES.get(phase, "check" if phase.value.startswith("check") else "test")
    assert offered(mode, Desk(view, pupil=view.session.current or "0108")) == FOOTERS[phase]


@pytest.mark.parametrize("mode", SIDES)
def test_a_screen_beside_offers_what_there_is_to_do(mode: str) -> None:
    view = view_at(Phase.HOME)
    footer, beside, with_more = SIDES[mode]
    assert offered(mode, Desk(view)) == (footer, beside)
    full = offered(mode, Desk(view, undelivered=True, carried=True, tested=True))
    assert set(full[0].split()) - set(footer.split()) == set(with_more.split())
    assert full[1] == beside


def test_no_letter_is_a_key_where_a_number_may_be_typed() -> None:
    keys = {action.key for mode in ("session", "identity", "checkin") for action in actions_of(mode)}
    assert [key for key in keys if len(key) == 1] == []


def test_nothing_leads_away_from_a_pupil_who_sings() -> None:
    view = view_at(Phase.RECORDING)
    for mode in ("session", "queue", "selftest", "help"):
        footer, beside = offered(mode, Desk(view, pupil="0107"))
        assert not {"F7", "F8", "F1", "F2", "F9", "^Q", "^G"} & {*footer.split(), *beside.split()}, mode


# --- Enter

JUDGED_GOOD = (*events_to(Phase.SAVING), ev.TakeJudged("take-1", True))
NAMES = {
    Phase.HOME: "",
    Phase.IDENTITY: "This is the pupil",
    Phase.CHECK_SILENCE: "",
    Phase.CHECK_RESULT: "Heard",
    Phase.INSTRUCTION: "Begin",
    Phase.PROMPT: "",
    Phase.RECORDING: "End early",
    Phase.SAVING: "",
    Phase.VERDICT: "Record again",
}


@pytest.mark.parametrize("phase", NAMES)
def test_enter_is_named(phase: Phase) -> None:
    assert primary_text(view_at(phase)) == NAMES[phase]


@pytest.mark.parametrize(
    ("phase", "event"),
    [
        (Phase.HOME, None),
        (Phase.IDENTITY, ev.IdentityConfirmed()),
        (Phase.CHECK_PHRASE, None),
        (Phase.CHECK_RESULT, ev.CheckAccepted(heard=True)),
        (Phase.INSTRUCTION, ev.ItemBegun()),
        (Phase.READY, None),
        (Phase.VERDICT, ev.RetakeStarted("verdict")),
    ],
)
def test_enter_is_the_next_step(phase: Phase, event: ev.Event | None) -> None:
    assert primary(view_at(phase)) == event


def test_a_failed_check_is_repeated_and_not_accepted() -> None:
    failed = view_at(Phase.CHECK_SILENCE, ev.CheckMeasured("silence", "fail"))
    while failed.session.phase is not Phase.CHECK_RESULT:
        failed = replace(failed, session=replay(failed.session, [ev.SoundEnded()]))
    assert (primary(failed), primary_text(failed)) == (ev.CheckAgain(), "Repeat")


def test_after_a_good_song_comes_the_next_and_after_the_last_the_end() -> None:
    good = View(replay(Session.fresh(PLAN), JUDGED_GOOD))
    assert (primary(good), primary_text(good)) == (ev.TakeKept(), "Next")
    last = replace(good, session=replace(good.session, item_index=len(PLAN.items) - 1))
    assert primary_text(last) == "Finish"


def test_a_song_that_went_wrong_as_often_as_it_may_is_kept() -> None:
    way = [*events_to(Phase.READY)]
    for number in (1, 2):
        take_id = f"take-{number}"
        way += [
            ev.TimerEnded(take_id),
            ev.TakeStarted(take_id, "2026-05-26T14:00:00+08:00"),
            ev.TakeSaved(take_id, f"{take_id}.wav", 40.0, "cd" * 32, "stop"),
            ev.TakeJudged(take_id, False, ("clipped",)),
        ]
        if number == 1:
            way += [ev.RetakeStarted("verdict"), ev.SoundEnded()]
    spent = replay(Session.fresh(PLAN), way)
    assert spent.attempts_left == 0
    assert (primary(View(spent)), primary_text(View(spent))) == (ev.TakeKept(), "Next")


def test_after_a_restart_enter_goes_on_with_the_start_tone() -> None:
    for phase, name in ((Phase.PROMPT, "Continue"), (Phase.RECORDING, ""), (Phase.SAVING, "")):
        view = view_at(phase, ev.Restarted())
        assert (view.session.waiting, primary_text(view)) == (True, name)
        assert primary(view) == ev.Continued(from_prompt=True)


def test_a_prompt_that_was_not_heard_is_repeated() -> None:
    assert primary_text(view_at(Phase.PROMPT, ev.SoundFailed("bad_sound"))) == "Repeat"


def test_the_end_of_a_song_is_asked_for_with_the_seconds_that_were_sung() -> None:
    view = view_at(Phase.RECORDING)
    assert elapsed(view) == 0.0
    running = replace(view, recording_since_at=monotonic() - 25.0)
    event = primary(running)
    assert isinstance(event, ev.StopRequested)
    assert event.elapsed == pytest.approx(25.0, abs=0.5)


def test_a_practice_song_is_sung_again_only_where_the_headset_was_at_fault() -> None:
    plan = replace(PLAN, items=(replace(PLAN.items[0], attempts=2), *PLAN.items[1:]))
    begun = (
        *events_to(Phase.CHECK_RESULT),
        ev.CheckAccepted(),
        ev.ItemBegun(),
        ev.TimerEnded("warm"),
        ev.TakeStarted("warm", "2026-05-26T14:00:00+08:00"),
    )
    saved = ev.TakeSaved("warm", "warm.wav", 9.0, "00" * 32, "stop")
    after: list[tuple[list[ev.Event], ev.Event]] = [
        ([saved, ev.TakeJudged("warm", False, ("no_singing",))], ev.TakeKept()),
        ([saved, ev.TakeJudged("warm", False, ("unreadable",))], ev.RetakeStarted("verdict")),
        ([ev.TakeFailed("warm", "unplugged")], ev.RetakeStarted("verdict")),
    ]
    for events, expected in after:
        assert primary(View(replay(Session.fresh(plan), [*begun, *events]))) == expected


def test_while_checks_run_no_form_is_written_and_a_rehearsal_is_begun_before_the_opening_only() -> None:
    view = view_at(Phase.HOME)
    assert offered("forms", Desk(view, testing=True)) == ("N Esc F1", ALWAYS)
    prepared = View(Session.prepared(PLAN))
    assert "^R" in offered("stage", Desk(prepared))[1].split()


def test_a_check_that_waits_after_a_restart_is_gone_on_with_before_it_is_skipped() -> None:
    view = view_at(Phase.CHECK_SILENCE, ev.Restarted())
    assert offered("check", Desk(view, pupil="0107")) == ("Enter Esc F4 F6 F1", ALWAYS)


def test_the_last_song_is_begun_by_its_own_name() -> None:
    view = view_at(Phase.INSTRUCTION)
    assert (
        primary_text(replace(view, session=replace(view.session, item_index=len(PLAN.items) - 1))) == "Begin"
    )


def test_when_everyone_has_an_outcome_the_key_that_closes_is_there_once() -> None:
    away = [ev.MarkedAbsent(number, "absent") for number in PLAN.pupils]
    done = View(replay(Session.fresh(PLAN), away))
    footer, beside = offered("session", Desk(done, pupil="0107"))
    assert (footer.split().count("F10"), beside.split().count("F10")) == (1, 0)


def test_nothing_is_noted_any_more_in_a_sealed_session() -> None:
    sealed = View(replay(Session.prepared(PLAN), way_to(SessionStage.SEALED)))
    assert "F6" not in offered("stage", Desk(sealed))[0].split()
