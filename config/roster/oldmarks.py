"""What an old .xls says beside its values: hidden rows and columns, numbers shown with leading zeros.

The stream is found in its container ([MS-CFB]), its records are those of BIFF8 ([MS-XLS]); only a dozen of
them are looked at. Runs in the bounded process of `config.roster.workbook`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from config.roster.marks import Marks
from config.roster.numberformat import NumberFormat, number_format

END = 0xFFFFFFFA
"""Sector numbers from here on are none."""
BIFF8 = 0x0600
EOF, BOUNDSHEET, FILEPASS, FORMAT, XF = 0x000A, 0x0085, 0x002F, 0x041E, 0x00E0
ROW, COLINFO, NUMBER, RK, MULRK = 0x0208, 0x007D, 0x0203, 0x027E, 0x00BD
ROW_HIDDEN, COLUMN_HIDDEN = 0x20, 0x1
NO_BOOK = (struct.error, IndexError, ValueError, KeyError)
"""What comes of reading something else."""


class PasswordSetError(Exception):
    """All records are encrypted."""


def read_old_marks(data: bytes) -> dict[str, Marks]:
    """Marks per sheet name; empty for older kinds than that of Excel 97, and for what can't be read.

    Raises PasswordSetError.
    """
    try:
        stream = _stream(data, ("Workbook", "Book"))
        return _book(stream) if stream[:2] == b"\x09\x08" and _u16(stream, 4) == BIFF8 else {}
    except NO_BOOK:
        return {}


def _book(stream: bytes) -> dict[str, Marks]:
    codes: dict[int, NumberFormat | None] = {}
    styles: list[int] = []
    sheets: list[tuple[str, int]] = []
    for kind, body in _records(stream, 0):
        if kind == FILEPASS:
            raise PasswordSetError
        if kind == FORMAT:
            codes[_u16(body, 0)] = number_format(_text(body, 2, wide_count=True))
        elif kind == XF:
            styles.append(_u16(body, 2))
        elif kind == BOUNDSHEET:
            sheets.append((_text(body, 6, wide_count=False), struct.unpack_from("<I", body)[0]))
    shapes = {index: shape for index, code in enumerate(styles) if (shape := codes.get(code))}
    return {name: _sheet(stream, at, shapes) for name, at in sheets}


def _sheet(stream: bytes, at: int, shapes: dict[int, NumberFormat]) -> Marks:
    marks = Marks()
    for kind, body in _records(stream, at):
        if kind == ROW and struct.unpack_from("<I", body, 12)[0] & ROW_HIDDEN:
            marks.hidden_rows.add(_u16(body, 0) + 1)
        elif kind == COLINFO and _u16(body, 8) & COLUMN_HIDDEN:
            marks.hidden_columns.update(range(_u16(body, 0) + 1, min(_u16(body, 2), 255) + 2))
        elif kind in (NUMBER, RK):
            _note(marks, _u16(body, 0), _u16(body, 2), shapes.get(_u16(body, 4)))
        elif kind == MULRK:
            first = _u16(body, 2)
            for place in range((len(body) - 6) // 6):
                _note(marks, _u16(body, 0), first + place, shapes.get(_u16(body, 4 + 6 * place)))
    return marks


def _note(marks: Marks, row: int, column: int, shape: NumberFormat | None) -> None:
    if shape is not None:
        marks.formats[row + 1, column + 1] = shape


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Those of one part of the stream, from its beginning to its end."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == EOF:
            return
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def _text(body: bytes, at: int, *, wide_count: bool) -> str:
    count = _u16(body, at) if wide_count else body[at]
    at += 2 if wide_count else 1
    wide = body[at] & 1
    raw = body[at + 1 : at + 1 + count * (2 if wide else 1)]
    return raw.decode("utf-16-le" if wide else "latin-1")


def _u16(data: bytes, at: int) -> int:
    return int(struct.unpack_from("<H", data, at)[0])


def _stream(data: bytes, names: tuple[str, ...]) -> bytes:
    """A stream of the container by its name. Raises NO_BOOK."""
    size = 1 << _u16(data, 30)
    (tables,) = struct.unpack_from("<I", data, 44)
    (directory,) = struct.unpack_from("<I", data, 48)
    (cutoff,) = struct.unpack_from("<I", data, 56)
    places = list(struct.unpack_from("<109I", data, 76))
    (more,) = struct.unpack_from("<I", data, 68)
    while more < END and len(places) < len(data) // size:
        sector = _sector(data, more, size)
        *found, more = struct.unpack(f"<{size // 4}I", sector)
        places += found
    used = [place for place in places if place < END][:tables]
    chain = [
        number for place in used for number in struct.unpack(f"<{size // 4}I", _sector(data, place, size))
    ]
    entries = _chained(data, chain, directory, size)
    for at in range(0, len(entries) - 127, 128):
        length = _u16(entries, at + 64)
        name = entries[at : at + max(0, length - 2)].decode("utf-16-le", "replace")
        if name in names:
            start, total = struct.unpack_from("<II", entries, at + 116)
            if total < cutoff:
                raise ValueError("a stream of a few bytes")
            return _chained(data, chain, start, size)[:total]
    raise ValueError("no workbook in it")


def _sector(data: bytes, number: int, size: int) -> bytes:
    found = data[(number + 1) * size : (number + 2) * size]
    if len(found) != size:
        raise ValueError("a sector behind the end")
    return found


def _chained(data: bytes, chain: list[int], number: int, size: int) -> bytes:
    parts: list[bytes] = []
    while number < END:
        # As many as there are: a chain that bites its tail must end.
        if len(parts) > len(chain):
            raise ValueError("a chain without end")
        parts.append(data[(number + 1) * size : (number + 2) * size])
        number = chain[number]
    return b"".join(parts)
