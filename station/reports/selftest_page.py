"""The page for the inspector: one sheet of A4 as HTML with everything in it, in the chosen language.

Nothing is loaded from anywhere: style and curves are inside, so that it prints the same everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape

from config import Settings
from station import __version__
from station.checks.check import Outcome, Result
from station.checks.runner import worst
from station.words.i18n import current_language, render, tr, tr_noop

OUTCOMES = {
    Outcome.OK: ("[ok]", tr_noop("in order")),
    Outcome.WARN: ("[!]", tr_noop("please look")),
    Outcome.FAIL: ("[X]", tr_noop("failed")),
    Outcome.SKIPPED: ("[-]", tr_noop("not tested")),
}
"""A mark that needs no colour, and its word."""
GROUPS = {
    "sound": tr_noop("Sound"),
    "computer": tr_noop("Computer"),
    "network": tr_noop("Network and server"),
    "material": tr_noop("Material"),
}
CURVES = {
    "noise_dbfs": tr_noop("Room, microphone alone"),
    "level_dbfs": tr_noop("Level while recording"),
    "voice_dbfs": tr_noop("Voice, or tone from the ear cup"),
}
FINGERPRINT = {
    "input": tr_noop("Microphone"),
    "output": tr_noop("Headphones"),
    "driver": tr_noop("Recording format"),
    "software": tr_noop("Software"),
    "system": tr_noop("System"),
    "kit": tr_noop("Kit"),
    "roster": tr_noop("Roster"),
    "server": tr_noop("Server"),
    "volume": tr_noop("Drive"),
}
STYLE = """
@page { size: A4; margin: 12mm }
body { font: 8.3pt/1.1 "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif; color: #000; max-width: 186mm; margin: auto }
h1 { font-size: 14pt; margin: 0 } .head { display: flex; justify-content: space-between; align-items: baseline }
.verdict { border: 2px solid #000; padding: 1mm 3mm; font-size: 12pt; font-weight: bold }
table { border-collapse: collapse; width: 100%; margin: 1.5mm 0 } td, th { border: 1px solid #888; padding: .2mm 1.2mm; text-align: left; vertical-align: top }
th { background: #eee } td.mark, td.title { white-space: nowrap } td.mark { font-family: monospace } tr.fail td.mark, tr.fail td.title, tr.fail b { font-weight: bold } b { font-weight: normal } td.group { background: #f6f6f6; font-weight: bold }
.curves { display: flex; gap: 5mm } .curves figure { margin: 0; flex: 1; min-width: 0 } svg { width: 100%; box-sizing: border-box; height: 16mm; border: 1px solid #888 }
p { margin: 1.5mm 0 } .sign { display: flex; gap: 8mm } .sign div { flex: 1; border-bottom: 1px solid #000; height: 9mm } .small { font-size: 7.5pt; color: #333 }
"""  # noqa: E501 - a style sheet


def page(settings: Settings, results: Sequence[Result], fingerprint: Mapping[str, str], at: datetime) -> str:
    """The whole HTML document."""
    station = settings.station
    mark, word = OUTCOMES[worst(results)]
    title = tr("Self-test of the singing-test station")
    place = "  ".join(part for part in (station.school, station.room, station.id) if part)
    rows = "".join(_group(group, [r for r in results if r.check.group == group]) for group in GROUPS)
    curves = "".join(_curve(name, result) for result in results for name in result.finding.series)
    marks = " &emsp; ".join(
        f"{name}: {escape(fingerprint[key])}" for key, name in _names() if key in fingerprint
    )
    language = current_language().replace("_", "-")
    headings = "".join(
        f"<th>{escape(text)}</th>" for text in ("", tr("Check"), tr("What was found, and what to do"))
    )
    signs = "".join(f"<div>{escape(text)}</div>" for text in (tr("IT teacher"), tr("Inspector"), tr("Date")))
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<style>{STYLE}</style><div class="head"><h1>{escape(title)}</h1>'
        f'<span class="verdict">{escape(mark)} {escape(tr(word))}</span></div>'
        f"<p>{escape(place)} &emsp; {at:%Y-%m-%d %H:%M} &emsp; singing-test-station {__version__}</p>"
        f'<table><tr>{headings}</tr>{rows}</table><div class="curves">{curves}</div>'
        f'<p class="small">{marks}</p><div class="sign">{signs}</div></html>\n'
    )


def _names() -> list[tuple[str, str]]:
    return [(key, escape(tr(text))) for key, text in FINGERPRINT.items()]


def _group(group: str, results: Sequence[Result]) -> str:
    if not results:
        return ""
    return f'<tr><td colspan="3" class="group">{escape(tr(GROUPS[group]))}</td></tr>' + "".join(
        map(_row, results)
    )


def _row(result: Result) -> str:
    finding = result.finding
    mark, word = OUTCOMES[finding.outcome]
    todo = render(finding.todo) if finding.todo else ""
    return (
        f'<tr class="{finding.outcome}"><td class="mark">{escape(mark)} {escape(tr(word))}</td>'
        f'<td class="title">{escape(tr(result.check.title))}</td>'
        f"<td><b>{escape(render(finding.what))}</b> {escape(todo)}</td></tr>"
    )


def _curve(name: str, result: Result) -> str:
    """A level in dBFS over time, -100 at the bottom and 0 at the top."""
    values = result.finding.series[name]
    if len(values) < 2:
        return ""
    step = 400 / (len(values) - 1)
    points = " ".join(
        f"{index * step:.1f},{min(100.0, max(0.0, -value)):.1f}" for index, value in enumerate(values)
    )
    lines = "".join(
        f'<line x1="0" x2="400" y1="{y}" y2="{y}" stroke="#ccc"/>'
        f'<text x="2" y="{y - 1}" font-size="7">-{y} dB</text>'
        for y in (20, 40, 60, 80)
    )
    return (
        f'<figure><svg viewBox="0 0 400 100" preserveAspectRatio="none">{lines}'
        f'<polyline points="{points}" fill="none" stroke="#000"/></svg>'
        f'<figcaption class="small">{escape(tr(CURVES.get(name, name)))}</figcaption></figure>'
    )
