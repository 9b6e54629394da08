"""What a package offers to others, each name loaded when it is asked for (PEP 562).

A package's `__init__` lists its names in `__all__`; others import them from there and from nowhere below.
Nothing of the package is imported before a name is used: `station queue list` never waits for numpy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazy(package: str, offered: Mapping[str, tuple[str, ...]]) -> Callable[[str], Any]:
    """The `__getattr__` of `package`: module -> names that it has; under "" are modules themselves."""
    modules = {name: module for module, names in offered.items() for name in names}

    def find(name: str) -> Any:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        if not modules[name]:
            return import_module(f"{package}.{name}")
        return getattr(import_module(f"{package}.{modules[name]}"), name)

    return find
