"""The headset check: four steps, one meter, one sentence of advice."""

from __future__ import annotations

from collections.abc import Iterable

from textual.widget import Widget

from config.base import shown_again
from station.session.events import CheckMeasured
from station.session.moves import hears_less
from station.session.state import Phase
from station.session.view import View
from station.tui.base import StationScreen, bindings_of
from station.tui.widgets.meter import Meter
from station.tui.widgets.words import Words
from station.words import present
from station.words.i18n import render, tr, tr_noop

STEPS = (
    (Phase.CHECK_SILENCE, tr_noop("Be quiet"), tr_noop("Please be quiet for two seconds")),
    (Phase.CHECK_PHRASE, tr_noop("Listen"), tr_noop("Listen to the melody")),
    (Phase.CHECK_SINGING, tr_noop("Sing"), tr_noop("Now sing it loudly: do re mi fa so")),
    (Phase.CHECK_LISTEN, tr_noop("Hear yourself"), tr_noop("Listen to your own voice")),
)
OUTCOMES = {"ok": tr_noop("passed"), "warn": tr_noop("passed, with a remark"), "fail": tr_noop("failed")}


def heard(view: View) -> list[str]:
    """The question that no microphone can answer, and what helps."""
    pupil = view.session.pupil
    lines = []
    session = view.session
    if session.phase is Phase.CHECK_SILENCE and session.good_check and session.item.practice:
        lines.append(tr("The headset was fine with the pupil before: if it is quiet, it begins at once."))
    if session.phase is Phase.CHECK_PHRASE and session.good_check and session.item.practice:
        quiet = next((step for step in pupil.check if step.step == "silence"), None)
        if quiet is not None and hears_less(session.good_check, quiet):
            lines.append(tr("The microphone hears less of the room than before: everything is checked."))
    if pupil.unheard:
        lines.append(tr("Turn up the wheel on the cable and the computer's volume; is the headset on right?"))
    if view.session.phase is Phase.CHECK_RESULT and any(step.step == "singing" for step in pupil.check):
        lines.append(tr("Ask the pupil: did you hear the melody? Enter: yes. N: no, it is played again."))
    return lines


class CheckScreen(StationScreen):
    mode = "check"
    BINDINGS = bindings_of("check")

    def body(self) -> Iterable[Widget]:
        yield Words("who")
        yield Words("steps")
        yield Words("now")
        yield Meter(self.station_app.station.kit.limits)
        yield Words("advice")

    def show(self, view: View) -> None:
        session = view.session
        pupil = self.station_app.pupil(session.current)
        if pupil is None:
            return
        done = [phase for phase, _, _ in STEPS]
        at = done.index(session.phase) if session.phase in done else len(STEPS)
        who = f" {pupil.name}  {pupil.class_name}  {pupil.student_id}    {tr('Headset check')}"
        self.query_one("#who", Words).update(f"{who}  {min(at + 1, len(STEPS))}/{len(STEPS)}")
        measured: dict[str, CheckMeasured] = {step.step: step for step in session.pupil.check}
        self.query_one("#steps", Words).update("\n".join(self._steps(at, measured)))
        now = tr(STEPS[at][2]) if at < len(STEPS) else self._result(tuple(measured.values()))
        self.query_one("#now", Words).update(now)
        advice = [shown_again(step.advice) for step in measured.values()]
        lines = [*(render(text) for text in advice if text), *heard(view)]
        self.query_one("#advice", Words).update("\n".join(lines))

    def _steps(self, at: int, measured: dict[str, CheckMeasured]) -> list[str]:
        lines = []
        for index, (phase, name, _) in enumerate(STEPS):
            step = measured.get(
                {Phase.CHECK_SILENCE: "silence", Phase.CHECK_SINGING: "singing"}.get(phase, "")
            )
            word = tr(OUTCOMES[step.outcome]) if step else (tr("done") if index < at else "")
            numbers = self._numbers(step)
            mark = ">" if index == at else " "
            lines.append(f" {mark} {index + 1} {present.pad(tr(name), 16)}{present.pad(word, 24)}{numbers}")
        return lines

    def _numbers(self, step: CheckMeasured | None) -> str:
        if step is None:
            return ""
        names = {"floor_dbfs": tr("room {value:.0f} dB"), "peak_dbfs": tr("peak {value:.0f} dB")}
        return "  ".join(
            names[key].format(value=value) for key, value in step.numbers.items() if key in names
        )

    def _result(self, steps: tuple[CheckMeasured, ...]) -> str:
        worst = max((("ok", "warn", "fail").index(step.outcome) for step in steps), default=0)
        words = (
            tr("The headset is fine"),
            tr("The headset works, with a remark"),
            tr("The headset needs attention"),
        )
        return words[worst]

    def moves(self, view: View) -> bool:
        return True

    def tick(self, view: View, now: float) -> None:
        judged = view.session.phase is Phase.CHECK_SINGING
        self.query_one(Meter).show(self.station_app.station.level, now, judged=judged)
