"""The layout: rooms, what they offer, names that mean one thing, and no circles."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterable

import pytest

from tests.sources import (
    FILES,
    MODULES,
    PACKAGE_NAMES,
    imports_of,
    name_of,
    offered,
    tree,
)

ONE_PURPOSE = ("station.commands", "station.tui.screens")
"""Folders with a module for each command and each screen."""
MIRRORED = {"TakeStarted", "TakeSaved", "TakeFailed"}
"""Events of the capture process that the session has, too: their names are in the journal and on the wire."""
MAX_OFFERED = 18
LAZY = "config.base.faces"
"""What every package's `__init__` is made with."""


def home(package: str, name: str) -> str:
    """The module that a name of a package's `__init__` or of a module comes from."""
    if f"{package}.{name}" in MODULES:
        return f"{package}.{name}"
    if package in PACKAGE_NAMES:
        return next((inner for inner, found in imports_of(package) if found == name), package)
    return package


def uses(module: str) -> set[str]:
    """Modules of ours whose code a module uses, through whatever `__init__` offers them."""
    found = {home(package, name) for package, name in imports_of(module)}
    found |= {
        name
        for node in ast.walk(tree(MODULES[module]))
        if isinstance(node, ast.Import)
        for alias in node.names
        if (name := alias.name) in MODULES
    }
    if module in PACKAGE_NAMES:
        found = {name for name in found if not name.startswith(f"{module}.")}
    return found - {module}


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Computed from all imports, also those inside functions and for the type checker only."""
    left = {module: uses(module) for module in MODULES}
    while free := {module for module, used in left.items() if not used & left.keys()}:
        left = {module: used for module, used in left.items() if module not in free}
    # What only leads into a circle is none of it.
    while outer := left.keys() - set().union(*left.values()):
        left = {module: used for module, used in left.items() if module not in outer}
    assert sorted(left) == []


def test_a_house_is_entered_by_what_its_packages_offer() -> None:
    found = [
        f"{module}: from {package} import {name}"
        for module in MODULES
        for package, name in imports_of(module)
        if package.split(".")[0] != module.split(".")[0]
        and not (package in PACKAGE_NAMES and name in offered(package))
    ]
    assert found == []


@pytest.mark.parametrize("package", sorted(name for name in PACKAGE_NAMES if offered(name)))
def test_a_package_has_what_it_offers_and_no_more(package: str) -> None:
    names = offered(package)
    assert len(names) <= MAX_OFFERED
    found = importlib.import_module(package)
    for name in names:
        place = home(package, name)
        module = importlib.import_module(place)
        assert getattr(found, name) is (module if place.endswith(f".{name}") else getattr(module, name))
    # What only the type checker finds, or what it would believe although nobody finds it.
    checked = {name for inner, name in imports_of(package) if inner.startswith(package) and inner != LAZY}
    assert checked <= set(names)
    assert not hasattr(found, "nothing_of_this_name")


def inside(package: str) -> set[str]:
    """Modules and packages directly below a package."""
    return {name for name in MODULES if name.rpartition(".")[0] == package}


@pytest.mark.parametrize("package", sorted(PACKAGE_NAMES))
def test_every_module_stands_in_the_map_of_its_package(package: str) -> None:
    text = ast.get_docstring(tree(MODULES[package])) or ""
    listed = {line.split()[0] for line in text.splitlines()[2:] if re.match(r"\w+  ", line)}
    assert listed == {name.rpartition(".")[2] for name in inside(package)}


def test_a_room_has_at_most_fourteen_modules() -> None:
    rooms = {
        package: len(inside(package) - PACKAGE_NAMES) for package in PACKAGE_NAMES - {"station.commands"}
    }
    assert {package: count for package, count in rooms.items() if count > 14} == {}


def doubled(names: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Name -> where, of those that stand in several places."""
    found: dict[str, list[str]] = {}
    for name, place in names:
        found.setdefault(name, []).append(place)
    return {name: places for name, places in found.items() if len(places) > 1}


def test_one_file_name_means_one_module() -> None:
    modules = [name for name in MODULES if name not in PACKAGE_NAMES and not name.startswith(ONE_PURPOSE)]
    assert set(doubled((name.rpartition(".")[2], name) for name in modules)) <= {"__main__"}


def test_one_class_name_means_one_thing() -> None:
    classes = [
        (node.name, name_of(file))
        for file in FILES
        for node in ast.walk(tree(file))
        if isinstance(node, ast.ClassDef)
    ]
    assert set(doubled(classes)) <= MIRRORED
