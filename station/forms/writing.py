"""All forms into a folder: an HTML page each, and one Excel file with the same tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from config.base import DiskError, reason_of, say
from config.disk import write_whole
from station.forms.basis import Basis
from station.forms.book import workbook_of
from station.forms.formpage import page
from station.forms.titles import FORMS, form_of

BOOK = "forms.xlsx"

Written = Callable[[str, Path], None]
"""Called with the id of a form, or BOOK, and its file as soon as it is there."""


def write_forms(
    basis: Basis,
    folder: Path,
    only: Sequence[str] = (),
    told: Written = lambda name, path: None,
) -> list[Path]:
    """Write the forms named in `only`, or all; what is there of them is replaced. Raises DiskError."""
    paths = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        forms = [form_of(form_id, basis) for form_id in FORMS if not only or form_id in only]
        for form in forms:
            paths.append(folder / f"{form.id}.html")
            write_whole(paths[-1], page(form, basis.at).encode("utf-8"))
            told(form.id, paths[-1])
        paths.append(folder / BOOK)
        write_whole(paths[-1], workbook_of(forms, basis.at))
        told(BOOK, paths[-1])
    except OSError as error:
        raise DiskError(
            say(
                "The forms can't be written into {folder}: {detail}",
                folder=folder.absolute().name,
                detail=reason_of(error),
            ),
            say("Close the file where it is open in Excel, or choose another folder, and try again."),
        ) from error
    return paths
