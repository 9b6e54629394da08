"""The computer: room on the disk, speed, memory, power, time zone."""

from __future__ import annotations

import logging
import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic, perf_counter, process_time
from typing import Any

import psutil

from config.base import Message, say
from config.disk import existing, remove
from config.kit import check_kit
from config.roster import check_roster
from station.checks.bench import Bench
from station.checks.check import NO_ANSWER, Check, Finding, Group, fail, ok, skipped, warn
from station.words.i18n import tr_noop

log = logging.getLogger(__name__)
MB = 1_000_000
RESERVE = 3
"""The afternoon must fit so many times."""
DEFAULT_PUPILS = 30
SLOW_FSYNC_MS, BAD_FSYNC_MS = 200.0, 1500.0
"""Takes are synced each second: above this the writer falls behind."""
FSYNCS = 20
LOW_MEMORY_MB, BAD_MEMORY_MB = 500, 250
"""A whole demo needs 170 MB without its screens (measured on Linux); with less than that, systems swap."""
SYSTEM = ("/", "/boot", "/boot/efi")
"""Volumes of the system itself, on Linux."""
BUSY_PERCENT = 80.0
LEAST_SHARE_PERCENT = 50.0
WORK_SECONDS = 0.5


def afternoon_bytes(bench: Bench) -> int:
    """Size of all takes of the afternoon at their maximum length."""
    kit, _ = check_kit(bench.settings.session.kit, bench.data.cache / "kit")
    roster, _ = check_roster(bench.settings.session.roster)
    seconds = sum(item.max_seconds * item.attempts for item in kit.items) if kit else 180.0
    pupils = len(roster.pupils) if roster else DEFAULT_PUPILS
    audio = bench.settings.audio
    return int(pupils * seconds * audio.samplerate * audio.bits / 8)


def disk_space(bench: Bench) -> Finding:
    need = RESERVE * afternoon_bytes(bench)
    folder = existing(bench.data.root)
    if folder is None:
        return fail(
            say("The drive of the data folder is not there: {drive}", drive=bench.data.root.anchor),
            say("Plug it in. {otherwise}", otherwise=better_drive(bench)),
        )
    free = shutil.disk_usage(folder).free
    numbers = {"free_mb": round(free / MB), "need_mb": round(need / MB)}
    if free < need:
        return fail(
            say(
                "Only {free_mb} MB are free; {need_mb} MB are needed (the afternoon three times).", **numbers
            ),
            say("Free some space. {otherwise}", otherwise=better_drive(bench)),
            **numbers,
        )
    return ok(say("{free_mb} MB are free, {need_mb} MB are needed.", **numbers), **numbers)


def disk_speed(bench: Bench) -> Finding:
    bench.work.mkdir(parents=True, exist_ok=True)
    path = bench.work / "speed.tmp"
    second = b"\0" * (bench.settings.audio.samplerate * bench.settings.audio.bits // 8)
    times: list[float] = []
    deadline = monotonic() + 8
    try:
        with path.open("wb") as file:
            while len(times) < FSYNCS and monotonic() < deadline:
                file.write(second)
                file.flush()
                began = perf_counter()
                os.fsync(file.fileno())
                times.append(1000 * (perf_counter() - began))
    finally:
        remove(path, missing_ok=True)
    slowest, middle = max(times), sorted(times)[len(times) // 2]
    numbers = {"fsync_ms": round(middle, 1), "fsync_max_ms": round(slowest, 1)}
    if slowest > BAD_FSYNC_MS:
        return fail(
            say("The disk needs up to {fsync_max_ms} ms to keep one second of sound.", **numbers),
            say("Use the computer's own disk, not a network drive or a stick; close other programs."),
            **numbers,
        )
    if slowest > SLOW_FSYNC_MS:
        return warn(
            say("The disk is slow: up to {fsync_max_ms} ms for one second of sound.", **numbers),
            say("Close other programs; don't copy large files during the test."),
            **numbers,
        )
    return ok(say("The disk keeps one second of sound in {fsync_max_ms} ms or less.", **numbers), **numbers)


def other_volumes(path: Path) -> list[Path]:
    """Drives of this computer, but for the one on which `path` is, that can be written."""
    folder, others = existing(path), []
    device = folder.stat().st_dev if folder is not None else None
    for part in _partitions():
        options = part.opts.split(",")
        try:
            elsewhere = Path(part.mountpoint).stat().st_dev != device
        except OSError:
            continue
        if elsewhere and "rw" in options and "remote" not in options and part.mountpoint not in SYSTEM:
            others.append(Path(part.mountpoint))
    return others


def _partitions() -> list[Any]:
    try:
        return psutil.disk_partitions(all=False)
    except NO_ANSWER as error:
        log.warning("the drives are not told: %s", error)
        return []


def free_bytes(drive: Path) -> int:
    """0 for one that can't be asked: an empty card reader must not hide the drives that are there."""
    try:
        return shutil.disk_usage(drive).free
    except OSError:
        return 0


def better_drive(bench: Bench) -> Message:
    """Which drive to use instead of that of the data folder."""
    need = RESERVE * afternoon_bytes(bench)
    free = [path for path in other_volumes(bench.data.root) if free_bytes(path) > need]
    if not free:
        return say("Or choose a folder on another drive under [data] dir in station.toml.")
    return say(
        "Or choose a folder on another drive, for example on {drive}, under [data] dir in station.toml.",
        drive=str(free[0]),
    )


def second_volume(bench: Bench) -> Finding:
    others = [path for path in other_volumes(bench.data.root) if free_bytes(path)]
    if not others:
        return ok(say("There is no other drive for a second copy; a USB stick can serve."), volumes=0)
    free, name = max((free_bytes(other), str(other)) for other in others)
    return ok(
        say("A second drive is there: {name} with {free_mb} MB free.", name=name, free_mb=round(free / MB)),
        volumes=len(others),
    )


def memory(bench: Bench) -> Finding:
    found = psutil.virtual_memory()
    numbers = {"available_mb": round(found.available / MB), "total_mb": round(found.total / MB)}
    if numbers["available_mb"] < LOW_MEMORY_MB:
        judge = fail if numbers["available_mb"] < BAD_MEMORY_MB else warn
        return judge(
            say("Only {available_mb} MB of memory are free.", **numbers),
            say("Close the browser and other programs before the test."),
            **numbers,
        )
    return ok(say("{available_mb} of {total_mb} MB of memory are free.", **numbers), **numbers)


def processor(bench: Bench) -> Finding:
    busy, share = psutil.cpu_percent(interval=1.0), own_share()
    numbers = {"busy_percent": round(busy), "own_share_percent": round(share), "cores": os.cpu_count() or 1}
    if busy > BUSY_PERCENT or share < LEAST_SHARE_PERCENT:
        what = (
            say("Other programs keep the computer {busy_percent} % busy.", **numbers)
            if busy > BUSY_PERCENT
            else say("Other programs leave only {own_share_percent} % of a processor free.", **numbers)
        )
        return warn(
            what,
            say("Close them, or wait until updates and virus scans are finished, then test again."),
            **numbers,
        )
    return ok(say("The computer is {busy_percent} % busy.", **numbers), **numbers)


def own_share() -> float:
    """Percent of a core that a busy thread of ours gets."""
    began, cpu = perf_counter(), process_time()
    while perf_counter() - began < WORK_SECONDS:
        pass
    return 100 * (process_time() - cpu) / (perf_counter() - began)


def battery(bench: Bench) -> Finding:
    found = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    if found is None:
        return skipped(say("This computer has no battery."))
    if not found.power_plugged:
        return fail(
            say("The computer runs on its battery ({percent} %).", percent=round(found.percent)),
            say("Plug in the power supply."),
            percent=round(found.percent),
        )
    return ok(say("The power supply is plugged in."), percent=round(found.percent))


def time_zone(bench: Bench) -> Finding:
    offset = datetime.now().astimezone().utcoffset() or timedelta()
    hours = offset.total_seconds() / 3600
    text = f"UTC{hours:+.0f}"
    if hours == 0:
        return skipped(say("No time zone is set here (UTC); recordings carry their offset with the time."))
    if hours != 8:
        return warn(
            say("The time zone is {zone}; in China it is UTC+8.", zone=text),
            say("Set the time zone to Beijing if this computer stands in China."),
            utc_offset_hours=hours,
        )
    return ok(say("The time zone is {zone}.", zone=text), utc_offset_hours=hours)


CHECKS = (
    Check(
        "disk_space", Group.COMPUTER, tr_noop("Room on the disk"),
        tr_noop("A full disk ends a recording."),
        tr_noop("Free space against three times the afternoon at its maximum length."),
        disk_space, 20, morning=True, asks=True,
    ),
    Check(
        "disk_speed", Group.COMPUTER, tr_noop("Speed of the disk"),
        tr_noop("Each second of a recording is made safe on the disk at once."),
        tr_noop("One second of sound is written and synced twenty times."),
        disk_speed, 20,
    ),
    Check(
        "second_volume", Group.COMPUTER, tr_noop("Second drive"),
        tr_noop("If the network fails, recordings are carried on another drive."),
        tr_noop("The drives that can be written."),
        second_volume, 20, asks=True,
    ),
    Check(
        "memory", Group.COMPUTER, tr_noop("Memory"),
        tr_noop("With too little memory everything becomes slow."),
        tr_noop("Memory that is free now."),
        memory, asks=True,
    ),
    Check(
        "processor", Group.COMPUTER, tr_noop("Computing time"),
        tr_noop("Updates and virus scans may slow the computer down during a recording."),
        tr_noop("How busy the computer is for one second, and how much of a core we get."),
        processor, usual=1.5, asks=True,
        mild=tr_noop("The recorder goes before other programs; “Recording under load” tells what they cost."),
    ),
    Check(
        "battery", Group.COMPUTER, tr_noop("Power supply"),
        tr_noop("The afternoon is longer than a battery."),
        tr_noop("Whether the power supply is plugged in."),
        battery, morning=True, asks=True,
    ),
    Check(
        "time_zone", Group.COMPUTER, tr_noop("Time zone"),
        tr_noop("Times of recordings are compared at the centre."),
        tr_noop("The computer's offset from universal time."),
        time_zone, asks=True,
        mild=tr_noop("Recordings carry the offset with the time; the centre can put them in order."),
    ),
)  # fmt: skip
