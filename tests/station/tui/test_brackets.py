"""Names with brackets, as people write them, are shown as they are and harm nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

from textual.widgets import DataTable

from station.tui.app import StationApp
from tests.station.tui.walk import Walk, afternoon, speedy

NAMES = ("陈[/]诺", "[red]刘思远", "王[2]子涵[", "\\[李")


def test_names_with_brackets(tmp_path: Path) -> None:
    asyncio.run(show(tmp_path / "demo"))


async def show(folder: Path) -> None:
    folder.mkdir()
    lines = [f"{number},{name},四[{number}]班,男" for number, name in enumerate(NAMES, start=1001)]
    (folder / "roster.csv").write_text("\n".join(["学号,姓名,班级,性别", *lines]), encoding="utf-8")
    with afternoon(speedy(folder)) as demo:
        app = StationApp(demo.station)
        async with app.run_test(size=(80, 24)) as pilot:
            walk = Walk(pilot, app, demo.voices)
            await walk.until(lambda: walk.view.device_ready, "the headset opens")
            table = app.screen.query_one(DataTable)
            assert [str(table.get_row(key)[2]) for key in table.rows] == list(NAMES)
            drawn = ["".join(segment.text for segment in table.render_line(line)) for line in range(1, 5)]
            assert all(name in line for name, line in zip(NAMES, drawn, strict=True)), drawn
            await walk.press("enter")
            await walk.see("   ".join(NAMES[0]), "四[1001]班")
