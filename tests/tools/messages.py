"""`make messages`: bring the catalogues in step with the code.

Collects the literals of say(), tr() and tr_noop() of every package into its own .po, keeps what is
translated, drops what no code uses, and compiles the .mo files that are committed beside them.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "station" / "locale" / "zh_CN" / "LC_MESSAGES"
KEYWORDS = {"say": None, "tr": None, "tr_noop": None}
EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
"""A fixed date in the headers, so that the same texts make the same bytes."""


def literals(domain: str) -> Iterator[tuple[str, str]]:
    """(place, text) of every marked literal of one domain."""
    package = ROOT / ("station/tui" if domain == "tui" else domain)
    for file, _, text, _, _ in extract_from_dir(
        package, [("**.py", "python")], keywords=KEYWORDS, comment_tags=()
    ):
        if domain == "station" and Path(file).parts[0] == "tui":
            continue
        if isinstance(text, str):
            yield Path(file).as_posix(), text


def domains() -> tuple[str, ...]:
    from station.i18n import DOMAINS

    return DOMAINS


def load(domain: str) -> Catalog:
    """The committed catalogue of a domain; empty when there is none."""
    path = FOLDER / f"{domain}.po"
    if not path.exists():
        return Catalog(locale="zh_CN", domain=domain)
    with path.open("rb") as file:
        return read_po(file, locale="zh_CN", domain=domain)


def in_step(domain: str) -> Catalog:
    """The catalogue as it should be: all texts of the code with the translations that exist."""
    old = load(domain)
    new = Catalog(
        locale="zh_CN",
        domain=domain,
        project="singing-test-station",
        fuzzy=False,
        creation_date=EPOCH,
        revision_date=EPOCH,
        charset="utf-8",
    )
    for place, text in literals(domain):
        known = old.get(text)
        new.add(text, known.string if known else "", locations=[(place, 0)], flags=())
    return new


def po_bytes(catalog: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, catalog, sort_output=True, include_lineno=False, omit_header=False, width=100)
    return out.getvalue()


def mo_bytes(catalog: Catalog) -> bytes:
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    missing = 0
    for domain in domains():
        catalog = in_step(domain)
        (FOLDER / f"{domain}.po").write_bytes(po_bytes(catalog))
        (FOLDER / f"{domain}.mo").write_bytes(mo_bytes(catalog))
        for message in catalog:
            if message.id and not message.string:
                missing += 1
                sys.stdout.write(f"{domain}: no translation: {message.id}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
