"""The product's own files and their syntax trees, for tests of the layout."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("station", "audio", "uploader", "config", "board")
FILES = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def imported(node: ast.AST) -> list[str]:
    """Top-level modules that one statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name.split(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module.split(".")[0]]
    return []


def importers(module: str) -> set[str]:
    return {name_of(file) for file in FILES if any(module in imported(node) for node in ast.walk(tree(file)))}


def calls(file: Path) -> Iterator[tuple[str, ast.Call]]:
    """(dotted name as far as it is one, call)."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def module_of(file: Path) -> str:
    return name_of(file).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


MODULES = {module_of(file): file for file in FILES}
PACKAGE_NAMES = {name for name, file in MODULES.items() if file.name == "__init__.py"}


def imports_of(module: str) -> Iterator[tuple[str, str]]:
    """(package or module, name) of every `from ours import name` of a module."""
    for node in ast.walk(tree(MODULES[module])):
        if isinstance(node, ast.ImportFrom) and set(imported(node)) & set(PACKAGES):
            for alias in node.names:
                yield str(node.module), alias.name


def offered(package: str) -> list[str]:
    """Names in the `__all__` of a package."""
    for node in tree(MODULES[package]).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return [str(name) for name in ast.literal_eval(node.value)]
    return []
