"""What people start: `station` for technicians, and three names to double-click for teachers.

A script says only what must be known before the station can speak: that the archive was not unpacked, or
that this computer can't run it. Scripts for Windows are ASCII but for the line after `chcp`: cmd.exe reads
each line in the code page of the moment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.tools.bundle.texts import filled


@dataclass(frozen=True)
class Button:
    """A name to double-click."""

    name: str
    english: str
    arguments: str
    """Of `station`."""
    stays: bool = False
    """The window stays open after success, too, since there is something to read."""


BUTTONS = (
    Button("开始演唱测试", "Start the singing test", "start"),
    Button("设备自检", "Test this computer", "start --selftest", stays=True),
    Button("演练", "Rehearse", "demo"),
)


def put(windows: bool, version: str, bundle: Path) -> None:
    """Write the scripts into the bundle; `version` is Python's, "3.N"."""
    for name, text in (for_windows() if windows else for_linux(version)).items():
        (bundle / name).write_text(text, encoding="utf-8", newline="\r\n" if windows else "\n")


def for_windows() -> Mapping[str, str]:
    """File name -> content."""
    leave = "exit /b %code%"
    found = {"station.cmd": filled("windows.cmd", arguments="%*", end="exit /b %errorlevel%")}
    for button in BUTTONS:
        pause = "pause" if button.stays else "if not %code%==0 pause"
        end = f"set code=%errorlevel%\n{pause}\n{leave}"
        found[f"{button.name}.cmd"] = filled("windows.cmd", arguments=button.arguments, end=end)
    return found


def for_linux(version: str) -> Mapping[str, str]:
    """File name -> content."""
    run = 'exec "$python" -m station "$@"'
    found = {"station": filled("station.sh", version=version, window="", wait="", run=run)}
    for button in BUTTONS:
        stay = "" if button.stays else '[ "$code" = 0 ] || '
        run = f'"$python" -m station {button.arguments}\ncode=$?\n{stay}read -r _\nexit "$code"'
        wait = "read -r _\n    "
        window = filled("window.sh")
        found[f"{button.name}.sh"] = filled("station.sh", version=version, window=window, wait=wait, run=run)
        found[f"{button.name}.desktop"] = filled("button.desktop", name=button.name, english=button.english)
    return found
