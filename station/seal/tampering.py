"""What differs from a seal, or from what the journal says: each difference named with its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from difflib import SequenceMatcher

from pydantic import TypeAdapter

from config.base import Message, say
from config.disk import DataDir
from station.seal.manifest import (
    SealedSession,
    SealedTake,
    entries_of,
    manifest_of,
    seals_of,
    takes_of,
    valid_seal,
)
from station.seal.sealcode import seal_code
from station.session.chain import Entry, first_broken
from station.session.day import ClearingBegun
from station.takes.identity import Told, told_by_journal

FACTS = ("take_id", "student_id", "item", "attempt", "frames", "ok", "reasons")


def differences(data: DataDir, sealed: SealedSession) -> list[Message]:
    """Everything that is not as it was sealed; empty where all is."""
    journal = entries_of(data, sealed.session)
    now = manifest_of(data, sealed.session, sealed.station, sealed.number)
    entries = [*_chain(sealed.session, journal), *_entry_of_seal(sealed, journal), *_entries(sealed, now)]
    if sealed.head != now.head and not entries:
        entries.append(say("The chain of the journal is not the one that was sealed."))
    return [
        *entries,
        *_takes(sealed.takes, now.takes, cleared_of(journal)),
        *_inside(now.takes),
    ]


def inconsistencies(data: DataDir, session_id: str) -> list[Message]:
    """What contradicts itself, without a seal: links, files, facts, journal."""
    takes = takes_of(data, session_id)
    journal = entries_of(data, session_id)
    return [
        *_chain(session_id, journal),
        *_inside(takes),
        *_journal(takes, told_by_journal(data, session_id), cleared_of(journal)),
    ]


def _chain(session_id: str, entries: Sequence[Entry]) -> Iterator[Message]:
    broken = first_broken(session_id, entries)
    if broken is not None:
        entry = entries[broken]
        yield say(
            "The chain breaks at entry {number} of the journal ({at}, {kind}):"
            " it was changed, or one before it.",
            number=broken + 1,
            at=entry.at,
            kind=entry.kind,
        )


def _entry_of_seal(sealed: SealedSession, journal: Sequence[Entry]) -> Iterator[Message]:
    """The journal must say that it was sealed, and with which code."""
    if not sealed.number:
        return
    index, code = seals_of(journal).get(sealed.number, (None, ""))
    if index is None:
        yield say("The entry of seal {number} is gone from the journal.", number=sealed.number)
    elif code != seal_code(sealed.content()):
        yield say(
            "The journal names another code for seal {number}: {code}.", number=sealed.number, code=code
        )
    if index is not None and valid_seal(journal) != sealed.number:
        yield say("The session was opened again after seal {number}.", number=sealed.number)


def cleared_of(journal: Sequence[Entry]) -> dict[str, str]:
    """Recordings that were removed with proof, by file: the SHA-256 that each had."""
    found: dict[str, str] = {}
    for entry in journal:
        if entry.kind == ClearingBegun.__name__:
            act = TypeAdapter(ClearingBegun).validate_json(entry.body)
            found |= {take.file: take.sha256 for take in act.inventory}
    return found


def _entries(sealed: SealedSession, now: SealedSession) -> Iterator[Message]:
    matcher = SequenceMatcher(None, sealed.leaves, now.leaves, autojunk=False)
    for what, begin, end, other_begin, other_end in matcher.get_opcodes():
        if what == "equal":
            continue
        both = min(end - begin, other_end - other_begin)
        for index in range(begin, begin + both):
            yield _entry(say("was changed"), index, sealed.places[index])
        for index in range(begin + both, end):
            yield _entry(say("is gone"), index, sealed.places[index])
        for index in range(other_begin + both, other_end):
            yield _entry(say("is new"), index, now.places[index])


def _entry(what: Message, index: int, place: str) -> Message:
    return say("Entry {number} of the journal ({place}) {what}.", number=index + 1, place=place, what=what)


def _takes(
    sealed: Sequence[SealedTake], now: Sequence[SealedTake], cleared: Mapping[str, str]
) -> Iterator[Message]:
    before, after = ({take.file: take for take in takes} for takes in (sealed, now))
    for file in sorted(before.keys() | after.keys()):
        if file not in after:
            if cleared.get(file) == before[file].sha256:
                continue
            yield say("{file} is gone.", file=file)
        elif file not in before:
            yield say("{file} was not there when it was sealed.", file=file)
        else:
            yield from _take(before[file], after[file])


def _take(sealed: SealedTake, now: SealedTake) -> Iterator[Message]:
    if now.sha256 != sealed.sha256:
        yield say("{file}: the sound is not the one that was sealed.", file=sealed.file)
    if sealed.take_id and not now.take_id:
        yield say("{file}: its facts are gone, or can't be read.", file=sealed.file)
        return
    for name in (field.name for field in fields(SealedTake) if field.name in FACTS):
        was, found = getattr(sealed, name), getattr(now, name)
        if was != found:
            yield say(
                "{file}: {name} is {now}, and was {sealed} when it was sealed.",
                file=sealed.file,
                name=name,
                now=_shown(found),
                sealed=_shown(was),
            )


def _shown(value: object) -> str:
    return " ".join(value) if isinstance(value, tuple) else str(value)


def _inside(takes: Sequence[SealedTake]) -> Iterator[Message]:
    """Facts that don't belong to their file."""
    twice = {take_id for take_id, count in Counter(take.take_id for take in takes).items() if count > 1}
    for take in takes:
        if take.facts_sha256 and take.facts_sha256 != take.sha256:
            yield say("{file}: its facts are those of another sound.", file=take.file)
        if take.take_id and take.take_id in twice:
            yield say("{file}: another file has the same take id.", file=take.file)


def _journal(takes: Sequence[SealedTake], told: Told, cleared: Mapping[str, str]) -> Iterator[Message]:
    """Files against what the journal says of them."""
    files = {take.file: take for take in takes}
    for take_id, (file, digest) in told.items():
        take = files.get(file)
        if take is None:
            if cleared.get(file) != digest:
                yield say("{file} is gone.", file=file)
        elif (take.take_id, take.sha256) != (take_id, digest):
            yield say("{file} is not the recording that the journal names.", file=file)
    known = {file for file, _ in told.values()}
    for file in sorted(files.keys() - known):
        yield say("{file} is not in the journal.", file=file)
