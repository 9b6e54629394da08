"""The registry of Windows, read with care: a key that is missing, closed to us or odd hides no other key."""

from __future__ import annotations

import sys
from typing import Any, Literal, Protocol

Hive = Literal["HKEY_CURRENT_USER", "HKEY_LOCAL_MACHINE"]


class Registry(Protocol):
    """What is read of one hive; paths have backslashes."""

    def subkeys(self, path: str) -> list[str]:
        """Names of the keys in a key. Raises OSError: FileNotFoundError where it is missing."""

    def value(self, path: str, name: str) -> object:
        """int, str, bytes or list, as it was stored. Raises OSError."""


class WindowsRegistry:
    """Implements Registry on Windows."""

    def __init__(self, hive: Hive) -> None:
        self._hive = hive

    def subkeys(self, path: str) -> list[str]:
        found: list[str] = []
        if sys.platform == "win32":
            import winreg

            with self._open(path) as key:
                for index in range(winreg.QueryInfoKey(key)[0]):
                    try:
                        found.append(winreg.EnumKey(key, index))
                    except OSError:
                        # Removed meanwhile: the others have moved up.
                        break
        return found

    def value(self, path: str, name: str) -> object:
        if sys.platform == "win32":
            import winreg

            with self._open(path) as key:
                return winreg.QueryValueEx(key, name)[0]
        raise FileNotFoundError(path)

    def _open(self, path: str) -> Any:
        if sys.platform == "win32":
            import winreg

            hive = (
                winreg.HKEY_CURRENT_USER if self._hive == "HKEY_CURRENT_USER" else winreg.HKEY_LOCAL_MACHINE
            )
            # A 32-bit Python would be shown another half of the registry.
            return winreg.OpenKey(hive, path, access=winreg.KEY_READ | winreg.KEY_WOW64_64KEY)
        raise FileNotFoundError(path)


def key_exists(registry: Registry, path: str) -> bool:
    """Raises OSError where the system does not let us look."""
    try:
        registry.subkeys(path)
    except FileNotFoundError:
        return False
    return True


def number(value: object) -> int | None:
    """A stored number, whichever type its program has given it; None for what is none."""
    if isinstance(value, bytes):
        return int.from_bytes(value, "little") if value else None
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdigit() and len(value) <= len(str(2**64)) else None
    return value if isinstance(value, int) else None
