"""README.md says what the program does: its tables are the program's, and what it names is there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from config.kit.kitfile import load_kit
from tests.tools.bootstrap import TARGETS
from tests.tools.readme import DOCUMENTS, generated

ROOT = Path(__file__).parents[1]
TEXTS = {
    path: path.read_text(encoding="utf-8")
    for path in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("audio/*.md")])
}
README = TEXTS[ROOT / "README.md"]
LINK = re.compile(r"\]\(([^)\s]+)\)")


def test_tables_are_those_of_the_program() -> None:
    """In a fresh process, where no test has changed the language."""
    command = [sys.executable, "-m", "tests.tools.readme", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_changed_table_is_noticed() -> None:
    path, parts = next(iter(DOCUMENTS.items()))
    text = TEXTS[path].replace("| `delivery.workers` | `1` |", "| `delivery.workers` | `7` |")
    assert text != TEXTS[path]
    assert generated(text, {name: lambda: "new" for name in parts}).count("\nnew\n") == len(parts)
    with pytest.raises(ValueError, match="no place for “nothing”"):
        generated(text, {"nothing": str})


def test_links_lead_somewhere() -> None:
    missing = []
    for path, text in TEXTS.items():
        for target in LINK.findall(text):
            name, _, heading = target.partition("#")
            if name.startswith("http"):
                continue
            if name and not (path.parent / name).exists():
                missing.append(f"{path.name}: {target}")
            if not name and heading not in anchors(text):
                missing.append(f"{path.name}: #{heading}")
    assert missing == []


def anchors(text: str) -> set[str]:
    """The anchors that GitHub gives to the headings."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_make_target_named_exists() -> None:
    named = set(re.findall(r"(?:^|`)make(?:\.bat)? ([a-z-]+)", README, re.MULTILINE))
    assert {"demo", "test"} <= named <= set(TARGETS)


def test_every_command_named_exists() -> None:
    from station.commands.cli import COMMANDS

    named = set(re.findall(r"`station ([a-z]+)", "\n".join(TEXTS.values())))
    assert named
    assert named <= set(COMMANDS)


def test_example_of_a_kit_can_be_read(tmp_path: Path) -> None:
    found = re.search(r"```toml\n(.*?)```", TEXTS[ROOT / "docs" / "kit.md"], re.DOTALL)
    assert found is not None
    (tmp_path / "kit.toml").write_text(found[1], encoding="utf-8")
    for name in re.findall(r'"(\S+\.wav)"', found[1]):
        (tmp_path / name).write_bytes(b"RIFF")
    kit = load_kit(tmp_path)
    assert kit.limits.floor_bad == -50.0
    assert kit.items[0].attempts == 2


def test_pictures_fetch_nothing() -> None:
    pictures = sorted((ROOT / "docs" / "pictures").glob("*.svg"))
    assert pictures
    for picture in pictures:
        text = picture.read_text(encoding="utf-8")
        assert not re.search(r"@font-face|@import|href=|url\((?!#)", text), picture.name


def test_sizes_are_right() -> None:
    """The figures of “Sizes to expect”."""
    minute = 48_000 * 2 * 60 / 1e6
    assert f"{minute:.1f} MB a minute" in README
    station = 30 * 2 * minute
    assert station <= 350
    assert (
        f"at most 350 MB a station: {350 * 8 / 60:.0f} minutes at 1 Mbit/s, {350 * 8 / 600:.0f} at 10"
        in README
    )
    assert 20 * station / 1000 <= 7
