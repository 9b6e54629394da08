"""The bottom line of a narrow window."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from station.tui.widgets.keyline import MORE, Key, fitting

TEXTS = st.text("ab 启封 ", min_size=1, max_size=14)
OTHERS = st.lists(st.builds(Key, st.sampled_from(("f2", "f9", "x")), st.just("F9"), TEXTS), max_size=12)
HELP = Key("f1", "F1", "Help")


@given(OTHERS, OTHERS, st.integers(20, 120))
def test_help_is_on_every_line_and_no_key_is_cut(before: list[Key], after: list[Key], width: int) -> None:
    keys = [*before, HELP, *after]
    shown = fitting(keys, width)
    assert HELP in shown
    cells = sum(key.cells for key in shown)
    assert cells <= width
    if len(shown) < len(keys):
        assert cells + len(MORE) <= width


@given(OTHERS, st.integers(10, 120))
def test_keys_go_from_the_end_and_only_where_room_is_short(keys: list[Key], width: int) -> None:
    shown = fitting(keys, width)
    assert list(shown) == keys[: len(shown)]
    if len(shown) < len(keys):
        assert sum(key.cells for key in keys[: len(shown) + 1]) + len(MORE) > width
