"""What stands below a field of a model in its source, for the tables that are made of it.

Pydantic can read it, too, but does so at every start of the station.
"""

from __future__ import annotations

import ast
import inspect
from functools import cache
from textwrap import dedent

from pydantic import BaseModel


@cache
def below_fields(model: type[BaseModel]) -> dict[str, str]:
    """Field -> text, those of base classes among them."""
    found: dict[str, str] = {}
    for kind in reversed(model.__mro__):
        if issubclass(kind, BaseModel) and kind is not BaseModel:
            (body,) = ast.parse(dedent(inspect.getsource(kind))).body
            assert isinstance(body, ast.ClassDef)
            found |= _texts(body)
    return found


def _texts(body: ast.ClassDef) -> dict[str, str]:
    return {
        field.target.id: inspect.cleandoc(text.value.value)
        for field, text in zip(body.body, body.body[1:], strict=False)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
        and isinstance(text.value.value, str)
    }
