"""A mutant in functions that are there already: their code is exchanged, nothing is imported anew.

What a module does while it is imported (its constants, the bodies of classes, defaults of arguments) can't be
changed like that; `Exchange.of` then says None.
"""

from __future__ import annotations

import gc
import inspect
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType

Key = tuple[str, int]
"""Dotted name, and the how manieth of that name: a property and its setter have one name."""


def functions_by_file(root: Path) -> dict[Path, list[FunctionType]]:
    """All functions of the process that stand in files under `root`."""
    found: dict[str, list[FunctionType]] = {}
    for thing in gc.get_objects():
        if isinstance(thing, FunctionType):
            found.setdefault(thing.__code__.co_filename, []).append(thing)
    paths = {name: Path(name).resolve() for name in found}
    return {paths[name]: some for name, some in found.items() if paths[name].is_relative_to(root)}


@dataclass(frozen=True)
class Exchange:
    """What `put_in` does to the process that it is called in."""

    codes: tuple[tuple[FunctionType, CodeType], ...]

    @classmethod
    def of(cls, file: Path, source: str, functions: list[FunctionType]) -> Exchange | None:
        """`functions`: those of the file; none where nobody has imported it, so that the file is read later.
        None where they don't show the whole change."""
        if not functions and not imported(file):
            return cls(())
        was, is_now = keyed(file.read_text(encoding="utf-8"), file), keyed(source, file)
        if was.keys() != is_now.keys():
            return None
        changed = {name for (name, number) in was if bare(was[name, number]) != bare(is_now[name, number])}
        places = {(code.co_qualname, code.co_firstlineno): key for key, code in was.items()}
        codes = []
        for function in functions:
            key = places.get((function.__code__.co_qualname, function.__code__.co_firstlineno))
            if key is None or len(is_now[key].co_freevars) != len(function.__code__.co_freevars):
                return None
            codes.append((function, is_now[key]))
        reached = {function.__code__.co_qualname for function, _ in codes}
        if not all(any(within(name, outer) for outer in reached) for name in changed):
            return None
        return cls(tuple(codes))

    def put_in(self) -> None:
        for function, code in self.codes:
            function.__code__ = code


def imported(file: Path) -> bool:
    named = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    return any(Path(name).resolve() == file for name in named if name and name.endswith(file.name))


def within(name: str, outer: str) -> bool:
    return name == outer or name.startswith(f"{outer}.<locals>.")


def keyed(source: str, file: Path) -> dict[Key, CodeType]:
    found: dict[Key, CodeType] = {}
    for code in all_codes(compile(source, str(file), "exec", dont_inherit=True)):
        number = 0
        while (code.co_qualname, number) in found:
            number += 1
        found[code.co_qualname, number] = code
    return found


def all_codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if inspect.iscode(constant):
            yield from all_codes(constant)


def bare(code: CodeType) -> tuple[object, ...]:
    """What it does, without what is defined in it, and without its lines' numbers."""
    constants = tuple(repr(constant) for constant in code.co_consts if not inspect.iscode(constant))
    return code.co_code, constants, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars
