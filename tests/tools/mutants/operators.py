"""The changes that are made to a module, one at a time: operators of mutmut, and four of our own.

Of mutmut are those that change a meaning; those that give a function None where it wants something else
only make it raise. Ours are what mutmut lacks: a statement is left out (an fsync, a deletion, a
refusal), a condition is turned round, a `case` never matches, an argument with a name is left out. Texts
for people, logs, annotations and decorators are left as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import libcst as cst
import libcst.matchers as m
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider
from mutmut.mutation import mutators

from tests.tools.mutants.answers import BECOMES

SPOKEN = {"tr", "say", "ngettext", "Message", "print", "Field"}
LOGGED = {"debug", "info", "warning", "error", "exception"}
"""What is only said changes no recording."""
FINAL = m.SimpleStatementLine(body=[m.Expr(m.Call()) | m.Raise() | m.AugAssign()])
STORED = m.SimpleStatementLine(body=[m.Assign(targets=[m.AssignTarget(m.Attribute() | m.Subscript())])])
PLAIN = m.Name() | m.Attribute() | m.Call() | m.NamedExpr()
Change = tuple[cst.CSTNode, str]
"""A node, and what is written in its place."""
UNTOUCHED = (cst.Annotation, cst.Decorator, cst.Import, cst.ImportFrom, cst.Assert)


def written(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node).strip()


@dataclass(frozen=True)
class Mutant:
    """One change. `place` is the dotted name of the function or class, `was` and `is_now` are the lines."""

    file: str
    place: str
    first_line: int
    last_line: int
    was: str
    is_now: str
    source: str
    in_function: bool

    @property
    def name(self) -> str:
        """The same as long as these lines are the same, wherever they stand in the file."""
        return f"{self.file} | {self.place} | {self.was}{BECOMES}{self.is_now}"

    @property
    def lines(self) -> range:
        return range(self.first_line, self.last_line + 1)


def left_out(node: cst.SimpleStatementLine) -> Iterator[Change]:
    if m.matches(node, FINAL | STORED) and not spoken(node):
        yield node.body[0], "pass"


def turned_round(node: cst.If | cst.IfExp | cst.CompIf) -> Iterator[Change]:
    """Comparisons, and, or and not have operators of their own."""
    if m.matches(node.test, PLAIN):
        yield node.test, f"not ({written(node.test)})"


def never(node: cst.MatchCase) -> Iterator[Change]:
    if node.guard is not None:
        yield node.guard, "False"
    else:
        yield node.pattern, f"{written(node.pattern)} if False"


def without_a_named_argument(node: cst.Call) -> Iterator[Change]:
    for index, argument in enumerate(node.args):
        if argument.keyword is not None:
            kept = [*node.args[:index], *node.args[index + 1 :]]
            yield node, written(node.with_changes(args=kept, lpar=[], rpar=[]))


def of_mutmut(operator: Callable[[Any], Iterable[cst.CSTNode]]) -> Callable[[Any], Iterator[Change]]:
    def changes(node: cst.CSTNode) -> Iterator[Change]:
        for changed in operator(node):
            yield node, written(changed)

    return changes


OPERATORS: Sequence[tuple[type, Callable[[Any], Iterable[Change]]]] = (
    (cst.BaseNumber, of_mutmut(mutators.operator_number)),
    (cst.Name, of_mutmut(mutators.operator_name)),
    (cst.UnaryOperation, of_mutmut(mutators.operator_remove_unary_ops)),
    (cst.Call, of_mutmut(mutators.operator_symmetric_string_methods_swap)),
    (cst.CSTNode, of_mutmut(mutators.operator_keywords)),
    (cst.CSTNode, of_mutmut(mutators.operator_swap_op)),
    (cst.MatchCase, never),
    (cst.SimpleStatementLine, left_out),
    (cst.If, turned_round),
    (cst.IfExp, turned_round),
    (cst.CompIf, turned_round),
    (cst.Call, without_a_named_argument),
)


def spoken(node: cst.CSTNode) -> bool:
    """Whether a statement or a call only says something."""
    if isinstance(node, cst.SimpleStatementLine):
        only = node.body[0]
        return isinstance(only, cst.Expr) and spoken(only.value)
    if not isinstance(node, cst.Call):
        return False
    named = node.func.attr if isinstance(node.func, cst.Attribute) else node.func
    return isinstance(named, cst.Name) and named.value in SPOKEN | LOGGED


AT_ITS_DEFINITION = ("params", "decorators")
"""Of a function: these are computed where it is defined, not where it is called."""


class _Finder(cst.CSTVisitor):
    """Every change, with the function or class that it is in."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, bool, CodeRange, str]] = []
        self._places: list[str] = []
        self._functions = 0

    def on_visit(self, node: cst.CSTNode) -> bool:
        typing_only = isinstance(node, cst.If) and m.matches(node.test, m.Name("TYPE_CHECKING"))
        if typing_only or isinstance(node, UNTOUCHED) or spoken(node):
            return False
        if isinstance(node, cst.FunctionDef | cst.ClassDef):
            self._places.append(node.name.value)
            self._functions += isinstance(node, cst.FunctionDef)
        for kind, operator in OPERATORS:
            if isinstance(node, kind):
                for where, text in operator(node):
                    span = self.get_metadata(PositionProvider, where, None)
                    if isinstance(span, CodeRange):
                        self.found.append((".".join(self._places), self._functions > 0, span, text))
        return True

    def on_visit_attribute(self, node: cst.CSTNode, attribute: str) -> None:
        self._functions -= isinstance(node, cst.FunctionDef) and attribute in AT_ITS_DEFINITION

    def on_leave_attribute(self, original_node: cst.CSTNode, attribute: str) -> None:
        self._functions += isinstance(original_node, cst.FunctionDef) and attribute in AT_ITS_DEFINITION

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if isinstance(original_node, cst.FunctionDef | cst.ClassDef):
            self._places.pop()
            self._functions -= isinstance(original_node, cst.FunctionDef)


def mutants(file: str, source: str) -> Iterator[Mutant]:
    """All of a module, in the order of its lines; each is another source."""
    finder = _Finder()
    MetadataWrapper(cst.parse_module(source), unsafe_skip_copy=True).visit(finder)
    lines = source.splitlines(keepends=True)
    told: set[str] = set()
    for place, in_function, span, text in finder.found:
        first, last = span.start.line, span.end.line
        before, after = lines[first - 1][: span.start.column], lines[last - 1][span.end.column :]
        was = " ".join(line.strip() for line in lines[first - 1 : last])
        # Some nodes begin with the space before them.
        text = f" {text}" if lines[first - 1][span.start.column] == " " else text
        is_now = " ".join(line.strip() for line in f"{before}{text}{after}".splitlines())
        code = "".join([*lines[: first - 1], before, text, after, *lines[last:]])
        mutant = Mutant(file, place, first, last, was, is_now, code, in_function)
        if was != is_now and mutant.name not in told and compiles(code):
            told.add(mutant.name)
            yield mutant


def compiles(code: str) -> bool:
    try:
        compile(code, "mutant", "exec")
    except SyntaxError:
        return False
    return True
