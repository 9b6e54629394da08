"""Frozen dataclasses from JSON types: every value of its declared type, or one error that names the field."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


def record(kind: type[T], found: object) -> T:
    """One `kind` from a JSON object; fields that it does not have are left out. Raises ValueError."""
    if not isinstance(found, dict):
        raise ValueError(f"{kind.__name__}: {found!r:.40} is no object")
    values = {}
    for name, (hint, required) in _declared(cast("Hashable", kind)).items():
        if name in found:
            values[name] = _value(hint, found[name], name)
        elif required:
            raise ValueError(f"{name} is missing")
    return kind(**values)


@cache
def _declared(kind: Any) -> dict[str, tuple[Any, bool]]:
    """Type of every field, and whether it must be there."""
    hints = get_type_hints(kind)
    return {item.name: (hints[item.name], _required(item)) for item in fields(kind) if item.repr}


def _required(item: Field[Any]) -> bool:
    return item.default is MISSING and item.default_factory is MISSING


def _value(hint: Any, found: object, name: str) -> Any:
    if type(found) is hint:
        return found
    origin, inner = get_origin(hint), get_args(hint)
    if origin is UnionType:
        wanted = next(part for part in inner if part is not NoneType)
        return None if found is None else _value(wanted, found, name)
    if is_dataclass(hint) and isinstance(hint, type):
        return record(hint, found)
    if origin is tuple and isinstance(found, list):
        return tuple(_value(inner[0], one, name) for one in found)
    if origin is Mapping and isinstance(found, dict):
        return {key: _value(inner[1], value, f"{name}.{key}") for key, value in found.items()}
    if hint is float and type(found) is int:
        return found
    raise ValueError(f"{name}: {found!r:.40} is of another type")
