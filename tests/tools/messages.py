"""Catalogs of translations: `python -m tests.tools.messages [--check]`.

Extracts `say("…")`, `tr("…")` and `tr_noop("…")` of each package and its templates into its .po, keeps the
translations, drops what no source has any more, and compiles the .mo. The output depends on the sources
alone (no dates, no line numbers), so that two people who run it get the same bytes. `--check` writes nothing
and exits 1 where a file would change or a sentence has no translation.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from config.base.codes import TABLE
from station.words.i18n import DOMAINS, FOLDER
from tests.tools import codes

ROOT = Path(__file__).parents[2]
KEYWORDS = ("say", "tr", "tr_noop")
LANGUAGE = "zh_CN"
SUBPACKAGES = {"tui": "station/tui", "demo": "station/demo"}
"""Domains that are not simply the package of their name."""
ADVICE = """If it was reworded, write ["new words", "old words"] and delete the code of the new words alone;
if nothing says it any more, delete the line."""
BY_HAND = ("click",)
"""Catalogues of libraries: only compiled."""


class FixedCatalog(Catalog):
    """A catalog whose header says only what a reader of the file needs."""

    mime_headers = [  # noqa: RUF012 - replaces a property of the base
        ("Language", LANGUAGE),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "8bit"),
    ]


def po_path(domain: str) -> Path:
    return FOLDER / LANGUAGE / "LC_MESSAGES" / f"{domain}.po"


def sources(domain: str) -> list[Path]:
    """The Python files and templates of a domain; `station` has all but those with a domain of their own."""
    others = [ROOT / folder for name, folder in SUBPACKAGES.items() if name != domain]
    folder = ROOT / SUBPACKAGES.get(domain, domain)
    files = sorted([*folder.rglob("*.py"), *folder.rglob("*.html")])
    return [file for file in files if not any(file.is_relative_to(other) for other in others)]


def extracted(domain: str) -> Iterator[tuple[str, str]]:
    """(msgid, file) of every marked literal."""
    for file in sources(domain):
        found = (of_template if file.suffix == ".html" else literals)(file.read_text(encoding="utf-8"))
        for text in found:
            yield text, file.relative_to(ROOT).as_posix()


def of_template(source: str) -> Iterator[str]:
    """The marked literals of a page's template."""
    parsed = Environment(autoescape=True).parse(source)
    for _line, _name, text in extract_from_ast(parsed, KEYWORDS):
        if isinstance(text, str) and text:
            yield text


def literals(source: str) -> Iterator[str]:
    """The marked literals of one file. By syntax tree: a tokenizer overlooks calls inside f-strings."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value:
                yield first.value


def read(domain: str) -> Catalog:
    path = po_path(domain)
    return read_po(io.BytesIO(path.read_bytes() if path.exists() else b""), LANGUAGE)


def updated(domain: str) -> Catalog:
    """The sources' messages with the translations that the .po has."""
    old = read(domain)
    new = FixedCatalog(LANGUAGE, header_comment=f"# Simplified Chinese of “{domain}”.", fuzzy=False)
    for text, file in extracted(domain):
        known = old.get(text)
        new.add(text, known.string if known else "", locations=[(file, 0)])
        if known:
            new[text].flags |= {"fuzzy"} & known.flags
    return new


def compiled(catalog: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def written(catalog: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=0, sort_output=True, include_lineno=False)
    return buffer.getvalue()


def outputs() -> Iterator[tuple[Path, bytes]]:
    """Every file that should be there, with its bytes."""
    for domain in DOMAINS:
        catalog = updated(domain)
        yield po_path(domain), written(catalog)
        yield po_path(domain).with_suffix(".mo"), compiled(catalog)
    yield TABLE, codes.updated()
    for domain in BY_HAND:
        catalog = FixedCatalog(LANGUAGE)
        for message in filter(lambda found: found.id, read(domain)):
            catalog.add(message.id, message.string)
        yield po_path(domain).with_suffix(".mo"), compiled(catalog)


def untranslated(domain: str) -> list[str]:
    """Messages without a translation, or with one that is only a guess."""
    return [str(message.id) for message in updated(domain) if message.id and _open(message)]


def _open(message: Message) -> bool:
    return message.fuzzy or not message.string


def main() -> int:
    check = "--check" in sys.argv[1:]
    stale = [(path, data) for path, data in outputs() if not path.exists() or path.read_bytes() != data]
    for path, data in stale:
        if check:
            print(f"{path.relative_to(ROOT)}: not in step with the sources; run `make messages`")
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            print(f"written: {path.relative_to(ROOT)}")
    missing = {domain: texts for domain in DOMAINS if (texts := untranslated(domain))}
    for domain, texts in missing.items():
        print(f"{po_path(domain).relative_to(ROOT)}: {len(texts)} not translated, first: {texts[0]!r}")
    gone = codes.gone()
    for code in gone:
        print(f"{TABLE.relative_to(ROOT)}: {code}: its sentence is gone. {ADVICE}")
    return 1 if missing or gone or (check and stale) else 0


if __name__ == "__main__":
    sys.exit(main())
