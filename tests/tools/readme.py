"""The tables of README.md, docs/kit.md and audio/FAULTS.md, made from the program itself: `make readme`.

Between `<!-- NAME -->` and `<!-- /NAME -->` the text is generated; everything else is written by hand.
`python -m tests.tools.readme --check` writes nothing and exits 1 where the text is not the program's.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, get_args, get_origin

import click
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from audio.judge.reasons import REASONS
from audio.judge.remarks import REMARKS
from audio.soundfaults import FAULTS
from board.boardfile import BoardSettings
from config.base.message import Message
from config.kit.items import Item, Kit
from config.kit.limits import Limits
from config.settings import Settings
from config.status.record import Status
from station import exitcodes
from station.commands.cli import cli
from station.commands.faults import HEADING
from station.commands.faults import rows as policy
from tests.tools.bootstrap import TARGETS
from tests.tools.docstrings import below_fields
from tests.tools.environment import ROOT
from tests.tools.messages import read
from tests.uploader.walk import walk_table
from uploader import ceilings

COMMON = ("config_path", "as_json")
"""Options of nearly every command: shown with the command, explained once."""
FILLED_IN = ("root", "digest")
"""Fields of a kit that no file has."""


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


# --- commands


def commands() -> str:
    """Every command with its arguments, what it does and its options, as `--help` has them."""
    rows = []
    for path, command in leaves(cli, ("station",)):
        arguments = [
            parameter.make_metavar(click.Context(command))
            for parameter in command.params
            if isinstance(parameter, click.Argument)
        ]
        options = [parameter for parameter in command.params if isinstance(parameter, click.Option)]
        common = [f"[{_usage(parameter)}]" for parameter in options if parameter.name in COMMON]
        own = [option(parameter) for parameter in options if parameter.name not in COMMON]
        rows.append([f"`{' '.join([*path, *arguments, *common])}`", command.help or "", "<br>".join(own)])
    return table(["command", "does", "options"], rows)


def leaves(group: click.Group, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """All commands below a group; a group that works by itself counts as one."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if not isinstance(command, click.Group):
            yield (*path, name), command
            continue
        if command.invoke_without_command:
            yield (*path, name), command
        yield from leaves(command, (*path, name))


def option(parameter: click.Option) -> str:
    """`--name VALUE`, its help, and whether it must be given."""
    needed = " (required)" if parameter.required else ""
    return f"`{_usage(parameter)}` {parameter.help or ''}{needed}".strip()


def _usage(parameter: click.Option) -> str:
    value = "" if parameter.is_flag else f" {parameter.make_metavar(click.Context(cli))}"
    return parameter.opts[-1] + value


def exits() -> str:
    """Exit codes with the text under each in the source."""
    texts = documented(exitcodes.Exit)
    return table(["code", "meaning"], [[str(code.value), texts[code.name]] for code in exitcodes.Exit])


def documented(kind: type) -> dict[str, str]:
    """Name -> the text under it, of the assignments of a class."""
    (found,) = ast.parse(inspect.getsource(kind)).body
    assert isinstance(found, ast.ClassDef)
    texts = {}
    for node, text in zip(found.body, found.body[1:], strict=False):
        if (
            isinstance(node, ast.Assign)
            and isinstance(text, ast.Expr)
            and isinstance(text.value, ast.Constant)
        ):
            texts[ast.unparse(node.targets[0])] = str(text.value.value)
    return texts


# --- settings


def settings() -> str:
    return table(["key", "default", "meaning"], list(keys(Settings)))


def boardfile() -> str:
    return table(["key", "default", "meaning"], list(keys(BoardSettings)))


def kit() -> str:
    rows = [*keys(Kit), *keys(Item, "items.")]
    return table(["key", "default", "meaning"], rows)


def limits() -> str:
    return table(["key", "default", "meaning"], list(keys(Limits, "limits.")))


def keys(model: type[BaseModel], prefix: str = "") -> Iterator[list[str]]:
    """A row for every key of a model and of the sections in it."""
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            if field.annotation is not Limits:
                yield from keys(field.annotation, f"{prefix}{name}.")
        elif name not in FILLED_IN and name != "items":
            yield [f"`{prefix}{name}`", default(field), meaning(model, name)]


def default(field: FieldInfo) -> str:
    if field.default is PydanticUndefined:
        return "required"
    return "" if field.default in (None, "") else f"`{field.default}`"


def meaning(model: type[BaseModel], name: str) -> str:
    text, field = below_fields(model).get(name, ""), model.model_fields[name]
    choices = [
        choice for kind in (field.annotation, *get_args(field.annotation)) for choice in _literals(kind)
    ]
    return text + (f" One of {', '.join(f'`{choice}`' for choice in choices)}." if choices else "")


def _literals(kind: object) -> tuple[object, ...]:
    return get_args(kind) if get_origin(kind) is Literal else ()


def targets() -> str:
    return table(
        ["command", "does"],
        [[f"`make {name}`", function.__doc__ or ""] for name, function in TARGETS.items()],
    )


# --- what a station says of itself


def status() -> str:
    return table(["field", "meaning"], list(status_fields(Status)))


def status_fields(model: type[BaseModel], prefix: str = "") -> Iterator[list[str]]:
    """A row for every field of a status, those of its groups and of the entries of its lists among them."""
    for name, field in model.model_fields.items():
        inner = next((kind for kind in _kinds(field.annotation) if issubclass(kind, BaseModel)), None)
        text = below_fields(model).get(name, "")
        if text or inner is None:
            yield [f"`{prefix}{name}`", text]
        if inner is not None:
            listed = "[]" if get_origin(field.annotation) is tuple else ""
            yield from status_fields(inner, f"{prefix}{name}{listed}.")


def _kinds(annotation: object) -> list[type]:
    return [
        kind
        for kind in (annotation, *get_args(annotation))
        if isinstance(kind, type) and get_origin(kind) is None
    ]


# --- faults


def faults() -> str:
    """Every fault code with how it is noticed and what the proctor reads."""
    rows = [[f"`{code}`", fault.detected, both(fault.message)] for code, fault in FAULTS.items()]
    return table(["code", "noticed by", "the proctor reads"], rows)


def reasons() -> str:
    """Every reason for which a take is not fine, with its sentences."""
    rows = [[f"`{reason.code}`", both(reason.what, reason.todo)] for reason in REASONS.values()]
    return table(["code", "the proctor reads"], rows)


def remarks() -> str:
    """What is noticed and is no fault, with its sentences."""
    rows = [[f"`{remark.code}`", both(remark.what, remark.todo)] for remark in REMARKS.values()]
    return table(["code", "the proctor reads"], rows)


def both(*sentences: Message) -> str:
    """Sentences in English, and below them in Chinese."""
    catalog = read("audio")
    chinese = [str(catalog[one.template].string).format(**one.params) for one in sentences]
    return f"{' '.join(map(str, sentences))}<br>{''.join(chinese)}"


def delivery() -> str:
    """What is done at each fault of delivery, as `station queue faults` prints it."""
    return table(HEADING, [(f"`{kind}`", *more) for kind, *more in policy()])


def bounds() -> str:
    """The figures of uploader.ceilings with the text under each; one text may be of several."""
    source = inspect.getsource(ceilings)
    found: list[list[str]] = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign):
            names = [ast.unparse(node.targets[0]).strip("()"), ast.unparse(node.value).strip("()")]
            found.append([*names, ""])
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and found:
            found[-1][2] = " ".join(str(node.value.value).split())
    return table(["figure", "value", "of what"], [[f"`{one[0]}`", one[1], one[2]] for one in found if one[2]])


Part = Callable[[], str]
DOCUMENTS: dict[Path, dict[str, Part]] = {
    ROOT / "README.md": {"commands": commands, "exits": exits, "settings": settings, "targets": targets},
    ROOT / "docs" / "delivery.md": {"delivery": delivery, "walked": walk_table, "bounds": bounds},
    ROOT / "docs" / "kit.md": {"kit": kit, "limits": limits},
    ROOT / "docs" / "status.md": {"status": status},
    ROOT / "docs" / "board.md": {"boardfile": boardfile},
    ROOT / "audio" / "FAULTS.md": {"faults": faults, "reasons": reasons, "remarks": remarks},
}


def generated(text: str, parts: Mapping[str, Part]) -> str:
    """`text` with every generated part anew. Raises ValueError where a part has no place."""
    for name, make in parts.items():
        opening, closing = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        head, _, rest = text.partition(opening)
        _, end, tail = rest.partition(closing)
        if not end:
            raise ValueError(f"there is no place for “{name}”")
        text = f"{head}{opening}\n{make()}\n\n{closing}{tail}"
    return text


def main() -> int:
    stale = False
    for path, parts in DOCUMENTS.items():
        before = path.read_text(encoding="utf-8")
        after = generated(before, parts)
        if before == after:
            continue
        stale = True
        name = path.relative_to(ROOT).as_posix()
        if "--check" in sys.argv[1:]:
            print(f"{name} is not in step with the program; run `make readme`")
        else:
            path.write_text(after, encoding="utf-8", newline="\n")
            print(f"written: {name}")
    return 1 if stale and "--check" in sys.argv[1:] else 0


if __name__ == "__main__":
    sys.exit(main())
