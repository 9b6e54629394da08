"""Pictures of the real screens for README.md: `make pictures` writes docs/pictures/NAME.LANGUAGE.svg.

The real station runs the demo afternoon on the built-in headset without a terminal; a picture is what the
app itself exports at that moment, once in each language. Clock and levels differ from run to run.
"""

from __future__ import annotations

import asyncio
import html
import re
import sys
import tempfile
from pathlib import Path

from station.demo.afternoon import DemoWishes, afternoon
from station.session.state import Phase
from station.tui.app import StationApp
from station.words.i18n import Language, set_language
from station.words.present import cells
from tests.station.tui.walk import Walk
from tests.tools.environment import ROOT

FOLDER = ROOT / "docs" / "pictures"
NAMES = ("session", "check", "test", "queue")
LANGUAGES: tuple[Language, ...] = ("en", "zh_CN")
SIZE = (80, 24)
SPEED = 3.0
CELL = 12.2
"""Width of a cell in the exporter's units."""
FONTS = "'Fira Code', 'DejaVu Sans Mono', Consolas, Menlo, monospace"


def path_of(name: str, language: Language) -> Path:
    return FOLDER / f"{name}.{language}.svg"


def self_contained(svg: str) -> str:
    """Without the fonts that the exporter would fetch from elsewhere; they have no Chinese letters."""
    svg = re.sub(r"@font-face\s*\{.*?\}\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"font-family:[^;]*Fira Code[^;]*;", f"font-family: {FONTS};", svg)
    svg = re.sub(
        r'<text ([^>]*?)x="([\d.]+)" ([^>]*?)textLength="[\d.]+" ([^>]*)>([^<]*)</text>', on_grid, svg
    )
    return svg.replace("<svg ", '<svg xml:space="preserve" ', 1)


def on_grid(found: re.Match[str]) -> str:
    """A run of text in pieces that begin where their cells do, whatever width a font gives to Chinese."""
    before, x, middle, after, text = found.groups()
    at = float(x)
    pieces = []
    for piece in re.findall(r"[^\u2e80-\uffef]+|.", html.unescape(text)):
        width = cells(piece) * CELL
        spaced = html.escape(piece, quote=False).replace("\u00a0", "&#160;")
        length = f'{before}x="{at:g}" {middle}textLength="{width:g}" {after}'
        pieces.append(f"<text {length}>{spaced}</text>")
        at += width
    return "".join(pieces)


async def draw(walk: Walk, name: str) -> None:
    """The screen of now, in each language."""
    for language in LANGUAGES:
        set_language(language)
        walk.app.redraw()
        await walk.pilot.pause()
        svg = self_contained(walk.app.export_screenshot(title="singing-test-station"))
        path_of(name, language).write_text(svg, encoding="utf-8", newline="\n")
    print(f"drawn: {name}", flush=True)


async def sing(walk: Walk, picture: str = "") -> None:
    """One item from its instruction to the next step, ended when its minimum is over."""
    await walk.phase(Phase.INSTRUCTION)
    await walk.until(lambda: walk.voices.ready(walk.view.session), "the song is known")
    await walk.press("enter")
    await walk.until(lambda: walk.view.recording_since_at is not None, "recording")
    item = walk.view.session.item
    await asyncio.sleep((item.min_seconds + 1) / SPEED)
    if picture:
        await draw(walk, picture)
    walk.stop_early(item.min_seconds)
    await walk.until(lambda: walk.view.session.phase not in (Phase.RECORDING, Phase.SAVING), "saved")
    if walk.view.session.phase is Phase.VERDICT:
        await walk.press("enter")


async def draw_all(folder: Path) -> None:
    with afternoon(DemoWishes(folder, headset="builtin", speed=SPEED)) as demo:
        app = StationApp(demo.station)
        async with app.run_test(size=SIZE) as pilot:
            walk = Walk(pilot, app, demo.voices)
            await walk.until(lambda: walk.view.device_ready, "the headset opens")
            await walk.press("enter")
            await walk.phase(Phase.IDENTITY)
            await walk.press("enter")
            await walk.phase(Phase.CHECK_SINGING)
            await asyncio.sleep(2 / SPEED)
            await draw(walk, "check")
            await walk.phase(Phase.CHECK_RESULT)
            await walk.press("enter")
            await sing(walk)
            await sing(walk, picture="test")
            await sing(walk)
            await walk.phase(Phase.HOME)
            await walk.press("f4", "1")
            await walk.until(lambda: walk.view.session.totals.away == 1, "absent")
            await walk.until(lambda: walk.view.delivery.delivered == 2, "delivered")
            await draw(walk, "session")
            await walk.press("f7")
            await walk.until(lambda: app.current_mode == "queue", "the queue")
            await draw(walk, "queue")


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="station-pictures-") as folder:
        asyncio.run(draw_all(Path(folder)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
