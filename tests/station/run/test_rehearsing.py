"""A class rehearses: nobody is taken for a pupil of the real session, and no voice stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from config.roster.rosterfile import load_roster
from config.settings import Settings
from station.run.rehearsing import PUPILS, Emptier, rehearsal_of
from station.session.state import Session
from station.session.view import View
from station.words.i18n import Language, set_language
from tests.station.session.samples import PLAN


@pytest.mark.parametrize(("language", "name"), [("en", "Rehearsal 7"), ("zh_CN", "演练 7")])
def test_its_pupils_are_nobodys_and_more_than_any_class_has(
    settings: Settings, tmp_path: Path, language: Language, name: str
) -> None:
    set_language(language)
    found = rehearsal_of(settings, tmp_path / "new")
    pupils = load_roster(found.session.roster).pupils
    assert len(pupils) == PUPILS >= 50
    assert (pupils[6].student_id, pupils[6].name) == ("007", name)
    real = {pupil.name for pupil in load_roster(settings.session.roster).pupils}
    assert real.isdisjoint(pupil.name for pupil in pupils)


def test_what_a_pupil_has_sung_goes_with_the_pupil(tmp_path: Path) -> None:
    emptier, fresh = Emptier(tmp_path), View(Session.fresh(PLAN))
    in_chair = replace(fresh, session=replace(fresh.session, current="0107"))
    emptier.see(in_chair)
    for name in ("0107_song1_1.wav", "0107_song1_1.json", "0108_song1_1.wav"):
        (tmp_path / name).touch()
    emptier.see(in_chair)
    assert len(list(tmp_path.iterdir())) == 3
    emptier.see(fresh)
    assert [path.name for path in tmp_path.iterdir()] == ["0108_song1_1.wav"]
