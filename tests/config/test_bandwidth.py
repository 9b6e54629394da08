"""How fast recordings may be sent, as people write it; settings and uploader read it with the same words."""

from __future__ import annotations

from datetime import time

import pytest

from config import DeliverySection, parse_limit


@pytest.mark.parametrize(
    ("text", "at", "rate"),
    [
        ("", time(12), None),
        ("off", time(12), None),
        ("500k", time(12), 500_000),
        ("1.5M", time(12), 1_500_000),
        ("13:30,200k 16:30,off", time(13, 29), None),
        ("13:30,200k 16:30,off", time(13, 30), 200_000),
        ("13:30,200k 16:30,off", time(16, 30), None),
        ("16:30,300 13:30,200k", time(3), 300),
    ],
)
def test_limit(text: str, at: time, rate: float | None) -> None:
    assert parse_limit(text).rate_at(at) == rate


@pytest.mark.parametrize(
    "text",
    [
        *("fast", "0", "0.0k", "-1", "1e3", "500 k", "off off", "OFF", "1.k", "1" * 10, "².5"),
        *(
            "13:30",
            "25:00,1k",
            "24:00,1k",
            "1:60,1k",
            "13:30,x",
            "13:30,",
            ",1k",
            "13:30,0k",
            "500k 16:30,off",
        ),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused_before_anything_is_sent(text: str) -> None:
    with pytest.raises(ValueError, match=r"no (rate|time)|must be in"):
        parse_limit(text)
    with pytest.raises(ValueError, match="bandwidth"):
        DeliverySection(limit=text)


@pytest.mark.parametrize("text", ["", " ", "off", "2M", "1.5m", "7:5,1k", "13:30,200k 16:30,off"])
def test_a_limit_that_is_understood_stays_as_it_was_written(text: str) -> None:
    assert DeliverySection(limit=text).limit == text
