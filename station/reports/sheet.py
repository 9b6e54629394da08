"""Pages for people: templates filled with plain texts, in the chosen language.

Every text is escaped by the templates' engine, so a school, a name or a note can't become markup.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from station import __version__
from station.words.i18n import current_language


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("station.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def filled(template: str, at: datetime, *, title: str, signs: Sequence[str], **texts: object) -> str:
    """The whole HTML document of a template in `templates`; `signs`: under whom it says who signs."""
    return (
        _templates()
        .get_template(template)
        .render(
            language=current_language().replace("_", "-"),
            title=title,
            at=f"{at:%Y-%m-%d %H:%M}",
            software=f"singing-test-station {__version__}",
            signs=signs,
            **texts,
        )
    )
