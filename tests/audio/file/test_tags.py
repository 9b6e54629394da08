"""What the file of a take says of itself, read by the layouts of the standards and not by our own reader."""

from __future__ import annotations

import struct
from dataclasses import replace
from datetime import datetime

import pytest

from audio.file.takefile import to_bytes
from audio.file.waveheader import Tags, header
from tests.audio.wholetakes import BITS, TAGS, TAKE_ID, block


def chunks(data: bytes) -> dict[bytes, bytes]:
    """RIFF: a name, a length, a body, and a byte more where that is odd."""
    found, at = {}, 12
    while at < len(data):
        name, length = struct.unpack_from("<4sI", data, at)
        found[name] = data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
    assert at == len(data)
    return found


def bext(rate: int, tags: Tags) -> tuple[bytes, bytes, bytes, bytes, bytes, int, int]:
    """EBU Tech 3285: description, originator, reference, date, time, samples since midnight, version."""
    body = chunks(header(rate, 16, tags))[b"bext"]
    assert len(body) == 602
    *texts, low, high, version = struct.unpack_from("<256s32s32s10s8sIIH", body)
    assert body[348:] == bytes(602 - 348), "no UMID, nothing reserved"
    description, originator, reference, date, time = (text.rstrip(b"\0") for text in texts)
    return description, originator, reference, date, time, low + (high << 32), version


def test_an_archive_reads_who_made_it_and_when() -> None:
    description, originator, reference, date, time, _, version = bext(48000, TAGS)
    assert (description.decode(), originator) == (TAKE_ID, b"310105-017-A")
    assert reference.decode() == TAKE_ID.replace("-", "")
    assert (date, time, version) == (b"2026-11-25", b"13:30:05", 1)


@pytest.mark.parametrize("rate", [8000, 48000, 192000])
@pytest.mark.parametrize(
    ("clock", "seconds"),
    [
        ((0, 0, 0, 0), 0.0),
        ((0, 0, 1, 500000), 1.5),
        ((9, 1, 2, 250000), 32462.25),
        ((23, 59, 59, 0), 86399.0),
    ],
)
def test_it_lies_at_its_second_on_an_editors_time_line(
    rate: int, clock: tuple[int, int, int, int], seconds: float
) -> None:
    began = datetime(2026, 11, 25, *clock)  # noqa: DTZ001 - as the tags have it
    assert bext(rate, replace(TAGS, started_at=began))[5] == round(seconds * rate)


def test_without_a_time_there_is_none_and_the_file_opens() -> None:
    *_, date, time, samples, _ = bext(48000, Tags())
    assert (date, time, samples) == (b"", b"", 0)
    assert chunks(header(48000, 16, Tags()))[b"LIST"] == b"INFO"


def test_a_player_shows_song_pupil_number_take_program_and_day() -> None:
    body = chunks(header(48000, 16, TAGS))[b"LIST"]
    assert body[:4] == b"INFO"
    shown = {name.decode(): text.rstrip(b"\0").decode() for name, text in chunks(bytes(8) + body).items()}
    assert shown == {
        "INAM": "song1", "IART": "0107", "ICMT": TAKE_ID, "ISFT": "station 0.1.0", "ICRD": "2026-11-25",
    }  # fmt: skip


@pytest.mark.parametrize("bits", BITS)
@pytest.mark.parametrize("rate", [44100, 48000])
def test_the_format_is_mono_pcm_with_its_rates(bits: int, rate: int) -> None:
    data = header(rate, bits, TAGS)
    found = chunks(data)
    assert struct.unpack("<HHIIHH", found[b"fmt "]) == (1, 1, rate, rate * bits // 8, bits // 8, bits)
    assert found[b"data"] == b""
    assert list(found)[-1] == b"data", "the samples follow"
    assert struct.unpack("<4sI4s", data[:12]) == (b"RIFF", len(data) - 8, b"WAVE")


def test_of_24_bits_the_upper_ones_are_written() -> None:
    samples = block(100, 24)
    parts = struct.iter_unpack("3s", to_bytes(samples, 24))
    written = [int.from_bytes(part, "little", signed=True) for (part,) in parts]
    assert written == [int(sample) >> 8 for sample in samples]
