"""The language of screens, reports and talk: gettext, one catalogue per package, switchable at any time.

1. `tr()` translates at use, `tr_noop()` marks a text for a later `tr()`, `render()` translates a Message.
2. Nothing is loaded at import; a catalogue is read when its language is first chosen.
3. Source texts are English; a text without a translation stays English.
"""

from __future__ import annotations

import gettext
import locale
import os
from functools import cache
from pathlib import Path
from typing import Literal

from config.base import Message

Language = Literal["zh_CN", "en"]
DOMAINS = ("config", "audio", "uploader", "board", "station", "tui", "demo")
FOLDER = Path(__file__).parent / "locale"
_current: gettext.NullTranslations = gettext.NullTranslations()
_language: Language = "en"


def set_language(language: Language | None) -> None:
    """Choose the language for all threads; None is that of the computer."""
    global _current, _language
    _language = language or computer_language()
    # One assignment of one reference: another thread sees the old catalogue or the new one.
    _current = _catalogue(_language)


def current_language() -> Language:
    return _language


def computer_language() -> Language:
    """Chinese where the computer's locale says so, else English."""
    names = [os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    found = next((name for name in names if name), None)
    if found is None:
        # On Windows the variables are not set; "Chinese (Simplified)_China" is its name for it.
        found = locale_name()
    return "zh_CN" if found.lower().startswith(("zh", "chinese")) else "en"


def locale_name() -> str:
    """As the system calls it, without its encoding; empty where it has one that Python does not know."""
    try:
        return locale.getlocale()[0] or ""
    except ValueError:
        return ""


@cache
def _catalogue(language: Language) -> gettext.NullTranslations:
    whole: gettext.NullTranslations = gettext.NullTranslations()
    if language == "en":
        return whole
    for domain in DOMAINS:
        part = gettext.translation(domain, FOLDER, languages=[language], fallback=True)
        part.add_fallback(whole)
        whole = part
    return whole


def tr(text: str) -> str:
    """`text` in the chosen language; gettext keeps its header under the empty text, so that stays empty."""
    return Message.counted(_current.gettext(text)) if text else ""


def worded(language: Language, message: Message | str) -> str:
    """A text or message in a language of its own, whatever the chosen one is: for pages of many readers."""
    catalogue = _catalogue(language)
    if isinstance(message, str):
        return catalogue.gettext(message) if message else ""
    values = {
        name: worded(language, value) if isinstance(value, Message) else value
        for name, value in message.params.items()
    }
    return Message.counted(catalogue.gettext(message.template)).format(**values)


def tr_noop(text: str) -> str:
    """Marks `text` for extraction; translated later by `tr`."""
    return text


def render(message: Message) -> str:
    """A message in the chosen language; messages among its values too."""
    values = {
        name: render(value) if isinstance(value, Message) else value for name, value in message.params.items()
    }
    return tr(message.template).format(**values)
