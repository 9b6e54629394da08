"""Pictures of the real screens for README.md and the manuals: `make pictures` writes docs/pictures.

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

from textual.widgets import Input

from config.samples import write_samples
from station.demo.afternoon import Afternoon, DemoWishes, afternoon
from station.run.options import Options
from station.run.station import Station
from station.session.day import SessionStage
from station.session.events import MarkedAbsent
from station.session.state import Phase
from station.tui.app import StationApp
from station.words.i18n import Language, set_language
from station.words.present import cells
from tests.station.tui.walk import Walk
from tests.tools.environment import ROOT

FOLDER = ROOT / "docs" / "pictures"
DAY = ("opening", "checklist", "checkin", "closing", "sealed", "forms")
NAMES = ("session", "check", "test", "staff", "incident", "queue", *DAY)
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
        save(walk, name, language)
    print(f"drawn: {name}", flush=True)


def save(walk: Walk, name: str, language: Language) -> None:
    svg = self_contained(walk.app.export_screenshot(title="singing-test-station"))
    path_of(name, language).write_text(svg, encoding="utf-8", newline="\n")


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


async def draw_incident(walk: Walk) -> None:
    """A question keeps the language in which it was asked."""
    for language, words in (("zh_CN", "隔壁施工"), ("en", "drilling next door")):
        set_language(language)  # type: ignore[arg-type]
        walk.app.redraw()
        await walk.press("f6", "4")
        walk.app.screen.query(Input).first().value = words
        await walk.pilot.pause()
        save(walk, "incident", language)  # type: ignore[arg-type]
        await walk.press("escape")
    print("drawn: incident", flush=True)


def with_a_staff(folder: Path) -> None:
    """The sample kit with its last song on a staff."""
    write_samples(folder)
    kit = folder / "kit" / "kit.toml"
    text = kit.read_text(encoding="utf-8")
    head, song = text.split('id = "song2"')
    kit.write_text(f'{head}id = "song2"\nshow = "staff"\nkey = "C"\ntime = "4/4"{song}', encoding="utf-8")


async def draw_opening(demo: Afternoon, folder: Path) -> None:
    """A session that nobody has opened, then its check-in."""
    settings = demo.station.settings
    session = settings.session.model_copy(update={"checkin": "on", "id": "afternoon"})
    data = settings.data.model_copy(update={"dir": folder / "opening"})
    fresh = settings.model_copy(update={"session": session, "data": data})
    app = StationApp(Station(fresh, Options(stages=True, deliver=False, env=demo.headset.env)))
    async with app.run_test(size=SIZE) as pilot:
        walk = Walk(pilot, app)
        await walk.until(lambda: walk.view.device_ready, "the headset opens")
        await draw(walk, "opening")
        await walk.press("f8", "c", "enter", *"Li", "enter", "down", "enter", "down")
        await draw(walk, "checklist")
        await walk.press("escape", "escape")
        await walk.press(*"Wang", "enter")
        await walk.until(lambda: app.current_mode in ("stage", "checkin"), "the role or the check-in")
        if app.current_mode == "stage":
            await walk.press("enter")
        await walk.until(lambda: app.current_mode == "checkin", "the check-in")
        await walk.press("enter")
        await walk.press("enter")
        await draw(walk, "checkin")


async def draw_end(station: Station) -> None:
    """The afternoon that was just sung, with all others absent: closed and sealed, and its forms."""
    app = StationApp(station)
    async with app.run_test(size=SIZE) as pilot:
        walk = Walk(pilot, app)
        await walk.until(lambda: walk.view.device_ready, "the headset opens")
        while walk.view.session.next_pupil:
            student = walk.view.session.next_pupil
            station.post(MarkedAbsent(student, "unwell"))
            await walk.until(lambda gone=student: walk.view.session.next_pupil != gone, "absent")  # type: ignore[misc]
        await walk.press("f10")
        await draw(walk, "closing")
        await walk.press(*"Wang", "enter")
        await walk.until(lambda: walk.view.session.day.stage is SessionStage.CLOSED, "closed")
        await walk.press(*"Wang", "enter")
        await walk.until(lambda: walk.view.session.day.stage is SessionStage.SEALED, "sealed")
        await draw(walk, "sealed")
        await walk.press("f9", "enter")
        written = station.data.forms / station.session_id / "forms.xlsx"
        await walk.until(written.exists, "the forms")
        await walk.pilot.pause(0.3)
        await draw(walk, "forms")


async def draw_all(folder: Path) -> None:
    with_a_staff(folder)
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
            await sing(walk, picture="staff")
            await walk.phase(Phase.HOME)
            await draw_incident(walk)
            await walk.press("f4", "1")
            await walk.until(lambda: walk.view.session.totals.away == 1, "absent")
            await walk.until(lambda: walk.view.delivery.delivered == 2, "delivered")
            await draw(walk, "session")
            await walk.press("f7")
            await walk.until(lambda: app.current_mode == "queue", "the queue")
            await draw(walk, "queue")
        set_language("en")
        env = demo.headset.env
        await draw_opening(demo, folder)
        await draw_end(Station(demo.station.settings, Options(speed=SPEED, stages=True, env=env)))


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="afternoon-") as folder:
        asyncio.run(draw_all(Path(folder)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
