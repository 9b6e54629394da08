"""`station doctor`: what a technician asks first, as text to paste into a report."""

from __future__ import annotations

import locale
import os
import platform
import shutil
import sys
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import click

from audio.device import label
from config import Settings, load_settings
from config.access import close_to_others
from config.base import StationError, say
from config.disk import DataDir
from station import __version__
from station.checks.bench import Bench, devices_here
from station.checks.catalogue import BY_ID, CHECKS
from station.checks.check import Group, Result, fail
from station.checks.computer.installation import compared
from station.checks.runner import run_checks
from station.commands.options import config_option, json_option
from station.exitcodes import Exit
from station.release import installed
from station.reports.selftest_page import OUTCOMES
from station.takes.cleanup import kept
from station.words import talk
from station.words.i18n import locale_name, render, set_language, tr

LIBRARIES = ("textual", "sounddevice", "soundfile", "numpy", "soxr", "requests", "pydantic", "psutil")
QUICK = ("connection", "login_page", "certificate", "server", "authorisation", "clock")
"""Checks of the server that doctor runs; those of the computer and of the material it runs all."""


@click.command(help=tr("Versions, terminal, disk, devices, server and clock: text to paste into a report."))
@config_option
@json_option
def doctor(config_path: Path, as_json: bool) -> int:
    facts = {"station": __version__, "release": release_here()}
    found: dict[str, Any] = {**facts, **computer(), "devices": devices()}
    settings = _settings(config_path, found)
    if settings is None:
        results = [compared_alone()]
    else:
        set_language(settings.station.language)
        chosen = [c for c in CHECKS if c.group in (Group.COMPUTER, Group.MATERIAL) or c.id in QUICK]
        results = run_checks(chosen, Bench(settings))
        found["kept"] = kept_here(settings)
    if as_json:
        talk.document({**found, "checks": [result.as_json() for result in results]})
        return Exit.OK
    for name, value in found.items():
        if isinstance(value, dict | list):
            entries = value.items() if isinstance(value, dict) else ((str(e["label"]), "") for e in value)
            talk.line(f"{name}:")
            for key, text in entries:
                talk.line(f"  {key} {text}".rstrip())
        else:
            talk.line(f"{name}: {value}")
    for result in results:
        mark, _ = OUTCOMES[result.finding.outcome]
        talk.line(f"{mark:4} {tr(result.check.title)}: {render(result.finding.what)}")
    return Exit.OK


def kept_here(settings: Settings) -> list[dict[str, Any]]:
    """What lies in the data folder beside the pupils' recordings, and when it goes."""
    return [
        {
            "id": one.rule.id,
            "label": f"{tr(one.rule.what)}: {one.count}, {one.size / 1e6:.1f} MB; {tr(one.rule.until)}",
            "count": one.count,
            "bytes": one.size,
            "due": one.due,
        }
        for one in kept(DataDir(settings.data.dir))
    ]


def release_here() -> str:
    """SHA-256 of the bundle's list of files, or why there is none."""
    try:
        release = installed()
    except StationError as error:
        return str(error)
    return "not a bundle" if release is None else release.digest


def compared_alone() -> Result:
    """The check of the files, which needs no settings but to know which release is wanted."""
    try:
        finding = compared(None)
    except StationError as error:
        finding = fail(error.what, error.todo)
    return Result(BY_ID["release"], finding, 0.0, datetime.now().astimezone().isoformat(timespec="seconds"))


def computer() -> dict[str, Any]:
    """Facts without any personal name or path."""
    size = shutil.get_terminal_size()
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "libraries": {name: version(name) for name in LIBRARIES},
        "terminal": {
            "size": f"{size.columns}x{size.lines}",
            "encoding": sys.stdout.encoding,
            "TERM": os.environ.get("TERM", "-"),
            "locale": f"{locale_name() or '-'}.{locale.getencoding()}",
        },
    }


def devices() -> list[dict[str, Any]]:
    return [
        {"label": label(device), "inputs": device.inputs, "outputs": device.outputs}
        for device in devices_here()
    ]


def _settings(config_path: Path, found: dict[str, Any]) -> Settings | None:
    """The settings; without them doctor still tells about the computer."""
    close_to_others()
    try:
        settings = load_settings(config_path)
    except StationError as error:
        found["settings"] = str(error)
        talk.tell(say("Without settings only the computer is looked at: {what}", what=error.what))
        return None
    found["settings"] = {
        # What follows a ? may be a secret, and this text goes into reports.
        "server": settings.server.url.partition("?")[0],
        "samplerate": settings.audio.samplerate,
        "bits": settings.audio.bits,
        "input": settings.audio.input,
        "output": settings.audio.output,
    }
    return settings
