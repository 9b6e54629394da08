"""Done means done: who has a song that is not fine is not forgotten, and every sum balances."""

from __future__ import annotations

import pytest

from audio.judge.reasons import REASONS
from station.session import effects as fx
from station.session import events as ev
from station.session.chair import RefusedError
from station.session.machine import allows, replay, step
from station.session.state import BY_DEVICE, DEVICE_ATTEMPTS, Phase, Session, Standing
from tests.station.session.samples import CALLED_AGAIN, PLAN, events_to

FRESH = Session.fresh(PLAN)


def sung(session: Session, take_id: str, *reasons: str, ended_by: str = "stop") -> Session:
    """From an instruction, or once more from a verdict, to the verdict."""
    start: ev.Event = ev.RetakeStarted("verdict") if session.phase is Phase.VERDICT else ev.ItemBegun()
    session, _ = step(session, start)
    while session.phase is not Phase.RECORDING:
        session, _ = step(
            session, ev.SoundEnded() if session.phase is Phase.PROMPT else ev.TimerEnded(take_id)
        )
    saved = ev.TakeSaved(take_id, f"{take_id}.wav", 30.0, "ab" * 32, ended_by)
    return replay(session, [saved, ev.TakeJudged(take_id, not reasons, reasons)])


def kept(session: Session) -> Session:
    return step(session, ev.TakeKept())[0]


def at_song_1() -> Session:
    return replay(FRESH, events_to(Phase.INSTRUCTION))


def troubled() -> Session:
    """Home, after two broken attempts at song1 and a good song2."""
    session = sung(sung(at_song_1(), "a", "no_singing"), "b", "no_singing")
    return kept(sung(kept(session), "c"))


def test_a_pupil_with_a_song_that_is_not_fine_is_not_done() -> None:
    session = troubled()
    totals = session.totals
    assert session.phase is Phase.HOME
    assert session.pupils["0107"].standing is Standing.TROUBLED
    assert (totals.done, totals.troubled, totals.to_do) == (0, 1, 2)
    assert session.troubled == ("0107",)
    assert session.next_pupil == "0108"


def test_called_again_with_a_reason_only_what_is_not_fine_is_sung() -> None:
    session = troubled()
    with pytest.raises(RefusedError):
        step(session, ev.PupilNamed("0107"))
    session = replay(session, CALLED_AGAIN)
    assert session.item.id == "song1"
    session = sung(session, "again")
    assert session.take is not None
    assert (session.take.attempt, session.take.reason) == (3, "headset")
    session = kept(session)
    assert session.phase is Phase.HOME, "song2 was fine"
    assert session.pupils["0107"].standing is Standing.DONE
    assert session.totals.done == 1


def test_called_again_and_left_the_pupil_still_needs_a_decision() -> None:
    session = replay(troubled(), [ev.PupilNamed("0107", "headset"), ev.IdentityConfirmed(), ev.WentBack()])
    assert session.pupils["0107"].standing is Standing.TROUBLED


def test_somebody_may_decide_that_it_stays_so() -> None:
    session, _ = step(troubled(), ev.TakesAccepted("0107", "best"))
    assert session.pupils["0107"].standing is Standing.DONE
    assert session.pupils["0107"].accepted == "best"
    assert not allows(session, ev.TakesAccepted("0107", "best"))
    assert not allows(session, ev.TakesAccepted("0108", "best"))


def test_a_song_that_the_last_take_spoiled_is_not_fine_either() -> None:
    session = kept(sung(sung(at_song_1(), "a"), "b", "quiet"))
    assert kept(sung(session, "c")).pupils["0107"].standing is Standing.TROUBLED


@pytest.mark.parametrize("reason", sorted(BY_DEVICE))
def test_what_the_device_spoils_costs_no_attempt(reason: str) -> None:
    session = at_song_1()
    for number in range(DEVICE_ATTEMPTS):
        assert session.attempts_left == session.item.attempts
        session = sung(session, f"take-{number}", reason, "short")
    assert session.attempts_left == 0, "then it is enough"


def test_a_headset_that_was_pulled_out_costs_no_attempt() -> None:
    assert sung(at_song_1(), "a", "short", ended_by="device").attempts_left == 2
    assert sung(at_song_1(), "a", "short").attempts_left == 1
    assert set(REASONS) > BY_DEVICE


def test_who_goes_away_after_a_recording_broke_off_and_is_not_absent() -> None:
    session, _ = step(sung(at_song_1(), "a", "quiet"), ev.MarkedAbsent("0107", "unwell"))
    session, _ = step(session, ev.MarkedAbsent("0108", "absent"))
    totals = session.totals
    assert (totals.away, totals.broke_off, totals.to_do, totals.expected) == (1, 1, 1, 3)


def test_every_check_that_was_skipped_is_remembered() -> None:
    session = replay(
        FRESH,
        [
            ev.PupilNamed("0107"),
            ev.IdentityConfirmed(),
            ev.CheckSkipped("noise"),
            ev.WentBack(),
            ev.PupilNamed("0107"),
            ev.IdentityConfirmed(),
            ev.CheckSkipped("time"),
        ],
    )
    assert session.pupils["0107"].skips == ("noise", "time")


def test_after_a_restart_in_get_ready_the_prompt_is_heard_again() -> None:
    session = replay(FRESH, [*events_to(Phase.READY), ev.Restarted()])
    assert step(session, ev.Continued(from_prompt=True))[0].phase is Phase.PROMPT
    assert step(session, ev.Continued())[0].phase is Phase.READY, "as journals from before have it"


def test_a_retake_keeps_both_attempts_and_stays_within_the_limit() -> None:
    session = replay(
        FRESH,
        [*events_to(Phase.VERDICT), ev.RetakeStarted("headset"), ev.SoundEnded(), ev.TimerEnded("take-2")],
    )
    assert [(t.attempt, t.reason) for t in session.pupil.takes if t.item_id == "song1"] == [
        (1, ""),
        (2, "headset"),
    ]
    session = replay(
        session,
        [
            ev.TakeSaved("take-2", "2.wav", 30.0, "cd" * 32, "stop"),
            ev.TakeJudged("take-2", False, ("no_singing",)),
        ],
    )
    assert allows(session, ev.RetakeStarted("headset")), "the first one was silent: that is the headset"
    session = replay(
        session,
        [
            ev.RetakeStarted("headset"),
            ev.SoundEnded(),
            ev.TimerEnded("take-3"),
            ev.TakeSaved("take-3", "3.wav", 30.0, "ef" * 32, "stop"),
            ev.TakeJudged("take-3", False, ("no_singing",)),
        ],
    )
    assert not allows(session, ev.RetakeStarted("headset"))


def test_a_melody_that_was_not_heard_is_played_again_and_nothing_is_measured_twice() -> None:
    result = replay(FRESH, events_to(Phase.CHECK_RESULT))
    session, effects = step(result, ev.PhraseUnheard())
    assert (session.phase, effects) == (Phase.CHECK_PHRASE, (fx.StopActivity(), fx.PlaySound("phrase")))
    session, effects = step(session, ev.SoundEnded())
    assert (session.phase, effects) == (Phase.CHECK_RESULT, ())
    assert session.pupil.check == result.pupil.check
    assert session.pupil.unheard == 1
    noisy = replay(FRESH, [*events_to(Phase.CHECK_SILENCE), ev.CheckMeasured("silence", "fail")])
    assert not allows(noisy, ev.PhraseUnheard()), "nothing was played yet"
