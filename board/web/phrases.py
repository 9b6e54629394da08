"""Templates filled in the language of who reads. Every text is escaped by the templates' engine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Literal, cast

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request

from config.base import Message

Tongue = Literal["zh_CN", "en"]
Worded = Callable[[Tongue, Message | str], str]
"""A text in a language; whoever makes the board gives it the catalogue."""
LANGUAGE_COOKIE = "language"


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("board.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def filled(template: str, language: Tongue, worded: Worded, **values: object) -> str:
    """The whole document, or the part of one."""

    return _templates().get_template(template).render(**_words(language, worded), **values)


def macro(template: str, name: str, language: Tongue, worded: Worded) -> Callable[..., Markup]:
    """A macro of a template, to be called often."""
    module = _templates().get_template(template).make_module(_words(language, worded))
    return cast("Callable[..., Markup]", getattr(module, name))


def _words(language: Tongue, worded: Worded) -> dict[str, object]:
    """What every template knows."""

    def tr(text: str) -> str:
        return worded(language, text)

    def say(message: Message) -> str:
        return worded(language, message)

    def label(text: str, value: object) -> str:
        return worded(language, Message.labelled(text, value))

    known = {"tr": tr, "say": say, "labelled": label, "clock": clock, "day": moment}
    return {"language": language, **known}


def language_of(request: Request, usual: Tongue) -> Tongue:
    """What the person has chosen on this computer, else what is usual here."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    return cast("Tongue", chosen) if chosen in ("zh_CN", "en") else usual


def clock(at: float) -> str:
    """14:30, by the board's clock."""
    return f"{datetime.fromtimestamp(at).astimezone():%H:%M}"


def moment(at: float) -> str:
    return f"{datetime.fromtimestamp(at).astimezone():%m-%d %H:%M}"
