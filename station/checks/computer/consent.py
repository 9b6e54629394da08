"""Who may use the microphone of Windows, and who does now: what its privacy settings note.

CapabilityAccessManager\\ConsentStore\\microphone has a key for each store app and, below NonPackaged, one for
each other program (its path, with # for the backslash). LastUsedTimeStart and LastUsedTimeStop are FILETIMEs;
the stop is 0 while the program listens. `Value` is "Allow" or "Deny": of the whole computer in
HKEY_LOCAL_MACHINE, of this user in HKEY_CURRENT_USER, of all other programs at NonPackaged.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from contextlib import suppress

from station.checks.computer.registry import Registry, number

MICROPHONE = r"SOFTWARE\Microsoft\Windows\CurrentVersion\CapabilityAccessManager\ConsentStore\microphone"
OTHERS = "NonPackaged"
STORE_PYTHON = "pythonsoftwarefoundation.python"
"""Begins the name of Python's package in the store of Windows."""


def listening(registries: Collection[Registry], own: Collection[str]) -> list[str] | None:
    """Programs that listen now but for `own` (paths); None where Windows notes nothing, as before 2019.

    Raises OSError where no list can be read though there is one.
    """
    found: dict[str, None] = {}
    refusal: OSError | None = None
    read = False
    for registry in registries:
        for folder in (MICROPHONE, rf"{MICROPHONE}\{OTHERS}"):
            try:
                names = registry.subkeys(folder)
            except FileNotFoundError:
                continue
            except OSError as error:
                refusal = error
                continue
            read = True
            found.update(dict.fromkeys(_open_now(registry, folder, names, own)))
    if not read and refusal is not None:
        raise refusal
    return list(found) if read else None


def _open_now(registry: Registry, folder: str, names: list[str], own: Collection[str]) -> Iterator[str]:
    for name in names:
        key = rf"{folder}\{name}"
        stopped = started = None
        # Programs that never listened have none of the two.
        with suppress(OSError):
            stopped = number(registry.value(key, "LastUsedTimeStop"))
            started = number(registry.value(key, "LastUsedTimeStart"))
        if stopped == 0 and started != 0 and not _is_own(name, own):
            yield shown_name(name)


def _is_own(name: str, own: Collection[str]) -> bool:
    path = name.replace("#", "\\").casefold()
    return path.startswith(STORE_PYTHON) or path in {one.replace("/", "\\").casefold() for one in own}


def shown_name(name: str) -> str:
    """A program's file, or a store app without its publisher's number."""
    return name.rpartition("#")[2] if "#" in name else name.rpartition("_")[0] or name


def refused(machine: Registry, user: Registry) -> bool:
    """Whether the privacy settings keep programs like ours from the microphone: they hear silence then."""
    places = ((machine, MICROPHONE), (user, MICROPHONE), (user, rf"{MICROPHONE}\{OTHERS}"))
    return any(_value(registry, path) == "deny" for registry, path in places)


def _value(registry: Registry, path: str) -> str:
    try:
        return str(registry.value(path, "Value")).casefold()
    except OSError:
        return ""


def own_programs() -> set[str]:
    """The paths of this Python: that of a virtual environment starts another one."""
    return {sys.executable, getattr(sys, "_base_executable", sys.executable)}
