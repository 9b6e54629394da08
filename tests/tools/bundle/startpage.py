"""The page to read first: what to double-click, where things lie, what may be in the way."""

from __future__ import annotations

from pathlib import Path

from tests.tools.bundle.texts import filled

NAME = "先读我.txt"


def put(windows: bool, platform: str, version: str, bundle: Path) -> None:
    """Write the page; `version` is the station's."""
    words = {"platform": platform, "version": version, "command": "station.cmd" if windows else "./station"}
    system = "windows" if windows else "linux"
    text = "\n----\n\n".join(
        filled(f"startpage.{language}.txt", system=filled(f"{system}.{language}.txt"), **words)
        for language in ("zh", "en")
    )
    # Old editors of Windows take a file without this mark for GBK.
    encoding, newline = ("utf-8-sig", "\r\n") if windows else ("utf-8", "\n")
    (bundle / NAME).write_text(text, encoding=encoding, newline=newline)
