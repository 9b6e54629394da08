"""The folder `licences` of a bundle: what each part is, under which licence, and that licence's text."""

from __future__ import annotations

import re
import shutil
import zipfile
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path

from station.release import APP
from tests.tools.bundle import interpreter
from tests.tools.bundle.texts import filled
from tests.tools.environment import ROOT
from tests.tools.portable.artifacts import LINUX_PYTHON, fetch

FOLDER = "licences"
LIST = "README.txt"
TEXT = re.compile(r"(licen[cs]e|copying|notice|authors|copyright)[\w.-]*", re.IGNORECASE)
NONE = "has no text of its licence in its wheel"
PYTHON_TEXT = "org/bytedeco/cpython/linux-x86_64/lib/python3.13/LICENSE.txt"
INSIDE_PYTHON = "inside-python.txt"


def put(bundle: Path) -> list[str]:
    """Write the folder; names of the packages that bring no text. Raises SetupError."""
    target = bundle / FOLDER
    lines, silent = [], []
    _of_python(bundle, target / "python")
    for info in sorted((bundle / APP).glob("*.dist-info")):
        facts = message_from_bytes((info / "METADATA").read_bytes())
        name = f"{facts['Name']}-{facts['Version']}"
        texts = list(_texts(bundle / APP, info))
        for file in texts:
            copy = target / name / "-".join(file.relative_to(bundle / APP).parts[1:])
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
        if not texts:
            silent.append(str(facts["Name"]))
        lines.append(f"{name}: {spoken(facts)}{'' if texts else f' ({NONE})'}\n")
    shutil.copyfile(ROOT / "LICENSE", target / "LICENSE")
    (target / LIST).write_text("Python: see python\n" + "".join(lines), encoding="utf-8", newline="\n")
    return silent


def _texts(app: Path, info: Path) -> Iterator[Path]:
    """Texts in the package's own description, and those that it keeps beside its libraries."""
    record = (info / "RECORD").read_text(encoding="utf-8").splitlines()
    for line in sorted(record):
        name = line.rsplit(",", 2)[0].strip('"')
        path = app / name
        if path.is_file() and (TEXT.fullmatch(path.name) or f"{info.name}/licenses/" in name):
            yield path


def spoken(facts: Message) -> str:
    """The licence as a package names it."""
    for key in ("License-Expression", "License"):
        if facts[key] and len(facts[key]) < 100:
            return " ".join(facts[key].split())
    named = [line.rpartition(" :: ")[2] for line in facts.get_all("Classifier", []) if "License ::" in line]
    return ", ".join(named) or "see its text"


def _of_python(bundle: Path, target: Path) -> None:
    target.mkdir(parents=True)
    there = sorted((bundle / interpreter.FOLDER).rglob("LICENSE.txt"))
    if there:
        content = there[0].read_bytes()
    else:
        with zipfile.ZipFile(fetch(LINUX_PYTHON)) as jar:
            content = jar.read(PYTHON_TEXT)
    (target / "LICENSE.txt").write_bytes(content)
    (target / "INSIDE.txt").write_text(filled(INSIDE_PYTHON), encoding="utf-8", newline="\n")
    apache = next((bundle / APP).glob("cryptography-*.dist-info/**/LICENSE.APACHE"), None)
    if apache is not None:
        shutil.copyfile(apache, target / "Apache-2.0.txt")
