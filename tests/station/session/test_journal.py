"""The journal by itself: whose entries it gives, what it takes over, and what it says when it can't."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from config.base import DiskError
from config.disk import DataDir, UnknownContentError
from station.session.chain import Entry, first_broken, linked
from station.session.events import PupilNamed, WentBack
from station.session.journal import Journal

NOON = "2026-11-26T12:00:00.000+08:00"


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    return DataDir(tmp_path / "not" / "there" / "yet")


@pytest.fixture
def journal(data: DataDir) -> Iterator[Journal]:
    with closing(Journal(data, "s1")) as found:
        yield found


def another(data: DataDir, session: str = "s2") -> Journal:
    return Journal(data, session)


def test_each_session_has_its_own_entries_and_its_own_chain(data: DataDir, journal: Journal) -> None:
    assert journal.head() == "", "nothing has happened"
    journal.append(PupilNamed("0107"))
    with closing(another(data)) as other:
        other.append(PupilNamed("0208"), who="Li")
        other.append(WentBack())
        journal.append(PupilNamed("0109"), who="Wang")
        assert [event for event, _ in journal.entries()] == [PupilNamed("0107"), PupilNamed("0109")]
        assert [event for event, _ in other.entries()] == [PupilNamed("0208"), WentBack()]
        assert [entry.who for entry in journal.chain()] == ["", "Wang"]
        for session, found in (("s1", journal), ("s2", other)):
            assert found.head() == found.chain()[-1].link != ""
            assert first_broken(session, found.chain()) is None
        assert journal.head() != other.head()
        assert journal.sessions() == other.sessions() == {"s1", "s2"}


def test_an_entry_has_the_time_of_this_computer_with_its_offset(journal: Journal) -> None:
    before = time.time()
    journal.append(WentBack())
    [(_, at)] = journal.entries()
    [entry] = journal.chain()
    assert before - 0.001 <= at <= time.time()
    assert datetime.fromisoformat(entry.at).utcoffset() is not None
    assert len(entry.at) == len(NOON), "milliseconds, as in all journals"
    assert entry.kind == "WentBack"


def test_a_reader_of_a_database_without_a_journal_finds_nothing_and_makes_none(data: DataDir) -> None:
    data.root.mkdir(parents=True)
    sqlite3.connect(data.database).close()
    with closing(Journal(data, "s1", readonly=True)) as found:
        assert (found.head(), found.chain(), found.entries(), found.sessions()) == ("", [], [], set())
        with pytest.raises(DiskError):
            found.append(WentBack())
    assert data.database.stat().st_size == 0


def test_entries_of_an_older_program_are_read_without_names_and_links(data: DataDir) -> None:
    data.root.mkdir(parents=True)
    with closing(sqlite3.connect(data.database)) as db, db:
        db.execute("CREATE TABLE journal (seq INTEGER PRIMARY KEY, session, at, kind, body)")
        db.execute("INSERT INTO journal VALUES (1, 's1', ?, 'WentBack', '{}')", (NOON,))
    with closing(Journal(data, "s1", readonly=True)) as found:
        assert found.chain() == [Entry(NOON, "WentBack", "{}", "")]
        assert found.head() == ""
        assert [event for event, _ in found.entries()] == [WentBack()]


ROW = ("s1", NOON, "WentBack", "{}", "Li")
STRANGE: dict[str, tuple[object, ...]] = {
    "a session that is no word": (7, *ROW[1:]),
    "no time": ("s1", "noon", *ROW[2:]),
    "an unknown kind": ("s1", NOON, "Danced", "{}", ""),
    "a body without sense": ("s1", NOON, "PupilNamed", "{}", ""),
}


@pytest.mark.parametrize("kind", STRANGE)
def test_what_a_damaged_journal_tells_after_a_strange_entry_is_not_taken_over(
    journal: Journal, kind: str
) -> None:
    other = ("s2", *ROW[1:])
    rows = [ROW, other, STRANGE[kind], (STRANGE[kind][0], *ROW[1:]), other]
    assert journal.take_over(rows) == 3, "the other session goes on"
    assert [(entry.at, entry.kind, entry.body, entry.who) for entry in journal.chain()] == [ROW[1:]]
    assert first_broken("s1", journal.chain()) is None


def test_half_a_take_over_leaves_nothing(journal: Journal) -> None:
    def rows() -> Iterator[tuple[object, ...]]:
        yield ROW
        raise sqlite3.OperationalError("the old one can't be read on")

    with pytest.raises(DiskError, match="the old one"):
        journal.take_over(rows())
    assert journal.chain() == []


VERBS: dict[str, Callable[[Journal], object]] = {
    "append": lambda journal: journal.append(WentBack()),
    "head": Journal.head,
    "chain": Journal.chain,
    "sessions": Journal.sessions,
    "entries": Journal.entries,
    "take over": lambda journal: journal.take_over([ROW]),
}


@pytest.mark.parametrize("verb", VERBS)
def test_a_journal_that_can_t_be_used_says_so_in_one_sentence(journal: Journal, verb: str) -> None:
    journal.close()
    with pytest.raises(DiskError, match="database can't be used: Cannot operate on a closed database"):
        VERBS[verb](journal)


def test_a_folder_in_its_place_is_said(data: DataDir) -> None:
    data.database.mkdir(parents=True)
    with pytest.raises(DiskError, match="database can't be used"):
        Journal(data, "s1")


def test_an_event_of_a_newer_program_stops_the_replay(data: DataDir, journal: Journal) -> None:
    journal.append(WentBack())
    with closing(sqlite3.connect(data.database)) as db, db:
        db.execute("UPDATE journal SET kind = 'Danced'")
    with pytest.raises(UnknownContentError):
        journal.entries()


def chained(*bodies: str, before: str = "") -> list[Entry]:
    entries = []
    for body in bodies:
        before = linked("s1", before, NOON, "WentBack", body, "Li")
        entries.append(Entry(NOON, "WentBack", body, before, "Li"))
    return entries


def test_the_chain_breaks_where_an_entry_has_no_link_of_the_one_before() -> None:
    old = Entry(NOON, "WentBack", "old", "")
    whole = chained("a", "b", "c")
    assert first_broken("s1", []) is None
    assert first_broken("s1", [old, old, *whole]) is None
    assert first_broken("s1", [*whole[:1], old, *whole[1:]]) == 1
    assert first_broken("s1", [whole[0], whole[2]]) == 1
    assert first_broken("s1", [old, whole[0], whole[2]]) == 2, "what is older hides nothing"
    assert first_broken("s2", whole) == 0, "of another session"
    assert first_broken("s1", [whole[0], replace(whole[1], who="Wang")]) == 1, "of another person"


def test_no_two_entries_have_one_mark() -> None:
    entries = {
        Entry(at, kind, body, "", who).leaf
        for at in ("1", "2")
        for kind in ("a", "b")
        for body in ("{}", "{ }")
        for who in ("", "Li", "Wang")
    }
    assert len(entries) == 24
    assert Entry("1", "ab", "", "").leaf != Entry("1", "a", "b", "").leaf
