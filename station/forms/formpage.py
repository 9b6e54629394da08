"""A form as an HTML page: one or more sheets of A4, ready to be signed."""

from __future__ import annotations

from datetime import datetime

from station.forms.form import Form
from station.reports.sheet import filled


def page(form: Form, at: datetime) -> str:
    """The whole HTML document."""
    return filled("form.html", at, title=form.title, signs=form.signs, form=form)
