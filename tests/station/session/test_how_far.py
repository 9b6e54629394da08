"""How far each pupil is, by the takes alone; and what a pupil who is called again sings."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pytest

from station.session import effects as fx
from station.session import events as ev
from station.session.machine import allows, replay, step
from station.session.state import DEVICE_ATTEMPTS, PUPIL_PHASES, Phase, PupilState, Standing, Take
from tests.station.session.samples import CALLED_AGAIN, PLAN
from tests.station.session.test_account import BAD1, FRESH, SONG1, SONG2, at, pupil, with_takes


@pytest.mark.parametrize(
    ("takes", "accepted", "standing"),
    [
        ((), "", Standing.WAITING),
        ((SONG1,), "", Standing.STARTED),
        ((Take("t1", "song1", 1, failed="stalled"), SONG2), "", Standing.STARTED),
        ((SONG1, SONG2), "", Standing.DONE),
        ((BAD1, SONG2), "", Standing.TROUBLED),
        ((BAD1, SONG2), "best", Standing.DONE),
        ((replace(SONG1, ok=None), SONG2), "", Standing.TROUBLED),
        ((BAD1, SONG2, replace(SONG1, take_id="t3", attempt=2)), "", Standing.DONE),
        ((SONG1, SONG2, replace(BAD1, take_id="t3", attempt=2)), "", Standing.TROUBLED),
    ],
)
def test_the_takes_alone_tell_how_far_a_pupil_is(
    takes: tuple[Take, ...], accepted: str, standing: Standing
) -> None:
    away = with_takes(*takes, accepted=accepted, standing=Standing.ABSENT)
    assert pupil(step(away, ev.AbsenceUndone("0107"))[0]).standing is standing


def test_each_pupil_is_counted_once_and_the_rest_is_to_come_in_order() -> None:
    rows = [
        PupilState("a", Standing.DONE),
        PupilState("b", Standing.TROUBLED),
        PupilState("c", Standing.REFUSED),
        PupilState("d", Standing.UNWELL, takes=(SONG1,)),
        PupilState("e", Standing.UNWELL, takes=(Take("t", "song1", 1, failed="stalled"),)),
        PupilState("f", elsewhere=("st-B",)),
        PupilState("g", Standing.ABSENT, elsewhere=("st-B",)),
        PupilState("h", late=True),
        PupilState("i"),
        PupilState("j", Standing.STARTED, late=True),
        PupilState("k", Standing.STARTED),
        PupilState("l", Standing.DONE, elsewhere=("st-B",)),
    ]
    session = replace(FRESH, pupils={row.student_id: row for row in rows})
    found = session.totals
    assert (found.expected, found.done, found.troubled, found.elsewhere) == (12, 2, 1, 2)
    assert (found.away, found.broke_off, found.to_do) == (2, 1, 4)
    assert session.to_come == ("k", "j", "i", "h")
    assert (session.next_pupil, session.troubled) == ("k", ("b",))
    assert replace(session, pupils={}).next_pupil == ""


def test_called_again_the_first_song_that_is_not_fine_is_sung_and_its_file_says_why() -> None:
    """Also where it is the first of all, with no practice before it."""
    songs = replace(PLAN, items=(replace(PLAN.items[1], has_prompt=False, study_seconds=0), PLAN.items[2]))
    session = replace(with_takes(BAD1, SONG2, standing=Standing.TROUBLED), plan=songs)
    session = replay(
        session,
        [*CALLED_AGAIN, ev.ItemBegun(), ev.TimerEnded("t3")],
    )
    assert session.take == Take("t3", "song1", 2, "headset")


BAD2 = replace(SONG2, ok=False, reasons=("quiet",))
UP_TO_THE_TAKE: tuple[ev.Event, ...] = (ev.ItemBegun(), ev.TimerEnded(""), ev.SoundEnded())


@pytest.mark.parametrize("fine", [True, False])
def test_called_again_the_songs_that_are_not_fine_are_sung_one_after_the_other(fine: bool) -> None:
    """Each of them once: also one that is still not fine is left behind, if it is kept."""
    sung: list[ev.Event] = [ev.TimerEnded("t3"), ev.TakeSaved("t3", "3.wav", 30.0, "cd" * 32, "stop")]
    sung += [ev.TakeJudged("t3", fine), ev.TakeKept()]
    troubled = with_takes(BAD1, BAD2, standing=Standing.TROUBLED)
    session = replay(troubled, [*CALLED_AGAIN, *UP_TO_THE_TAKE, *sung])
    assert (session.phase, session.item.id) == (Phase.INSTRUCTION, "song2")


def test_a_first_attempt_has_no_reason_whatever_the_pupil_was_called_for() -> None:
    session = replay(FRESH, [*CALLED_AGAIN, *UP_TO_THE_TAKE, ev.TimerEnded("t1")])
    assert session.take == Take("t1", "song1", 1)


@pytest.mark.parametrize("again", ["", "headset"])
def test_who_is_done_is_not_called_again(again: Literal["", "headset"]) -> None:
    done = with_takes(SONG1, SONG2, standing=Standing.DONE)
    assert not allows(done, ev.PupilNamed("0107", again))


def test_who_comes_back_after_everything_was_sung_is_shown_the_last_song() -> None:
    warm = Take("t0", "warmup", 1, file="0.wav", ok=True)
    gone = with_takes(warm, SONG1, SONG2, standing=Standing.UNWELL)
    session = replay(gone, [ev.PupilNamed("0107"), ev.IdentityConfirmed()])
    assert session.item.id == "song2"


def test_who_left_before_the_first_song_is_the_next_to_come() -> None:
    session = replay(FRESH, [ev.PupilNamed("0108"), ev.IdentityConfirmed(), ev.WentBack()])
    assert session.pupils["0108"].standing is Standing.STARTED
    assert session.next_pupil == "0108"


def test_a_check_that_is_made_again_has_nothing_of_the_one_before() -> None:
    session, effects = step(at(Phase.CHECK_RESULT), ev.CheckAgain())
    assert (session.pupil.check, session.phase) == ((), Phase.CHECK_SILENCE)
    assert effects == (fx.RecordProbe("silence", PLAN.silence_seconds),)


def test_a_headset_that_failed_its_check_is_not_accepted() -> None:
    failed = replay(at(Phase.CHECK_SILENCE), [ev.CheckMeasured("silence", "fail")])
    assert failed.phase is Phase.CHECK_RESULT
    assert not allows(failed, ev.CheckAccepted())
    assert not allows(failed, ev.CheckAccepted(heard=True))


def test_a_second_to_study_a_song_is_given_like_a_minute() -> None:
    items = tuple(replace(item, study_seconds=1) for item in PLAN.items)
    session, effects = step(replace(at(Phase.INSTRUCTION), plan=replace(PLAN, items=items)), ev.ItemBegun())
    assert (session.phase, effects) == (Phase.STUDY, (fx.StartTimer(1),))


def attempts_left(*takes: Take, attempts: int = 2) -> int:
    items = tuple(replace(item, attempts=attempts) for item in PLAN.items)
    session = with_takes(*takes)
    return replace(session, plan=replace(PLAN, items=items), current="0107", item_index=1).attempts_left


def test_what_the_pupil_could_not_help_costs_no_attempt_up_to_a_bound() -> None:
    sung, spoilt = replace(SONG1, reasons=("quiet",)), replace(SONG1, ended_by="disk")
    assert attempts_left(SONG2, Take("t", "song1", 1, failed="stalled")) == 2
    assert (attempts_left(sung), attempts_left(sung, sung), attempts_left(sung, sung, sung)) == (1, 0, 0)
    assert attempts_left(*[spoilt] * (DEVICE_ATTEMPTS - 1)) == 2
    assert attempts_left(*[spoilt] * DEVICE_ATTEMPTS) == 0
    many = DEVICE_ATTEMPTS + 2
    assert attempts_left(*[spoilt] * (many - 1), attempts=many) == many
    assert attempts_left(*[spoilt] * many, attempts=many) == 0


def test_a_file_has_its_own_number_also_after_one_that_failed() -> None:
    pupil = PupilState("a", takes=(replace(SONG1, attempt=3), Take("t", "song1", 2, failed="x"), SONG2))
    assert [pupil.last_attempt(item) for item in ("song1", "song2", "other")] == [3, 1, 0]
    assert [pupil.recorded(item) for item in ("song1", "song2", "other")] == [1, 1, 0]
    assert Take("t", "song1", 1).ended is False
    assert SONG1.ended
    assert Take("t", "song1", 1, failed="x").ended


def test_from_studying_to_saving_the_screen_is_the_pupils() -> None:
    others = {Phase.HOME, Phase.IDENTITY, Phase.INSTRUCTION, Phase.VERDICT}
    checks = {phase for phase in Phase if phase.name.startswith("CHECK_")}
    assert set(Phase) - others - checks == PUPIL_PHASES
