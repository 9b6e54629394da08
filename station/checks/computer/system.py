"""What the operating system may do in the middle of a take: sleep, restart, listen along, quarantine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import psutil

from audio.capture import creation_flags
from config.base import Message, say, shown
from config.disk import is_there
from station.checks.bench import Bench
from station.checks.check import Check, Finding, Group, fail, ok, skipped, warn
from station.checks.computer import consent
from station.checks.computer.registry import WindowsRegistry, key_exists
from station.words.i18n import tr_noop

AFTERNOON_MINUTES = 240
LONGEST_TURN_SECONDS = 300
"""Nobody reads notation and sings for so long without a key."""
KEYLESS_MINUTES = 30
"""No proctor goes so long without a key, break included."""
RESTART_FILES = (Path("/run/reboot-required"), Path("/var/run/reboot-required"))
RESTART_KEYS = (
    r"SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired",
    r"SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending",
)
QUARANTINES = {
    "360tray.exe": "360",
    "360sd.exe": "360",
    "qqpctray.exe": "QQ",
    "hipstray.exe": "Huorong",
    "kxetray.exe": "Kingsoft",
}
"""Programs known to put new executables aside, and what people call them."""


def restart_pending(bench: Bench) -> Finding:
    if _restart_pending():
        return warn(
            say("This computer wants to restart to finish its updates."),
            say("Restart it now, and not during the test."),
        )
    return ok(say("No restart is pending."))


def _restart_pending() -> bool:
    if sys.platform == "win32":
        return any(key_exists(_machine(), key) for key in RESTART_KEYS)
    return any(is_there(path) for path in RESTART_FILES)


def sleeping(bench: Bench) -> Finding:
    """On Windows the capture process keeps the computer awake while it runs; a closed lid still wins."""
    if sys.platform == "win32":
        done = _output("powercfg", "/query", "SCHEME_CURRENT", "SUB_SLEEP", "STANDBYIDLE")
        minutes = sleep_minutes(done)
        if minutes is None:
            return skipped(say("The power plan can't be read."))
    else:
        if shutil.which("gsettings") is None:
            return skipped(say("No desktop that sends the computer to sleep was found."))
        minutes = _desktop_minutes()
    if 0 < minutes < AFTERNOON_MINUTES:
        kept_awake = sys.platform == "win32"
        judge = warn if kept_awake or minutes > KEYLESS_MINUTES else fail
        return judge(
            say("This computer goes to sleep after {minutes} {minutes|minute|minutes}.", minutes=minutes),
            say("Set “Sleep: never” in the power settings for this afternoon."),
            minutes=minutes,
            kept_awake=kept_awake,
        )
    return ok(say("The computer does not go to sleep by itself."), minutes=minutes)


def _desktop_minutes() -> int:
    """Minutes without a key after which a GNOME desktop sleeps; 0 for never."""
    key = "org.gnome.settings-daemon.plugins.power"
    if "nothing" in _output("gsettings", "get", key, "sleep-inactive-ac-type"):
        return 0
    done = _output("gsettings", "get", key, "sleep-inactive-ac-timeout").split()
    return int(done[-1]) // 60 if done and done[-1].isdigit() else 0


def screensaver(bench: Bench) -> Finding:
    """On Windows the capture process keeps the screen on while it runs."""
    if sys.platform == "win32":
        return ok(say("The screen stays on while the station runs."))
    if shutil.which("gsettings") is None:
        return skipped(say("No desktop that turns the screen off was found."))
    words = _output("gsettings", "get", "org.gnome.desktop.session", "idle-delay").split()
    seconds = int(words[-1]) if words and words[-1].isdigit() else 0
    if 0 < seconds < LONGEST_TURN_SECONDS:
        return warn(
            say("The screen goes dark after {seconds} seconds without a key.", seconds=seconds),
            say("Set “Blank screen: never” in the power settings for this afternoon."),
            seconds=seconds,
        )
    return ok(say("The screen does not go dark while somebody sings."), seconds=seconds)


def sleep_minutes(text: str) -> int | None:
    """Minutes until standby on mains power from the output of powercfg; None when it says nothing.

    Its words are translated, its hexadecimal indices are not: the last but one is that of mains power.
    """
    values = [int(word, 16) for word in re.findall(r"\b0x[0-9a-fA-F]{8}\b", text)]
    return values[-2] // 60 if len(values) >= 2 else None


def microphone_users(bench: Bench) -> Finding:
    names = _microphone_users()
    if names is None:
        return skipped(say("Only Windows (since 2019) tells which programs listen to the microphone."))
    if names:
        return warn(
            say("These programs listen to the microphone: {names}", names=Message.listed(map(shown, names))),
            say("Close them before the test."),
            names=names,
        )
    return ok(say("No other program listens to the microphone."))


def _microphone_users() -> list[str] | None:
    if sys.platform != "win32":
        return None
    return consent.listening((_user(), _machine()), consent.own_programs())


def microphone_allowed(bench: Bench) -> Finding:
    refused = _microphone_refused()
    if refused is None:
        return skipped(say("Only Windows has a switch that keeps programs from the microphone."))
    if refused:
        return fail(
            say("The privacy settings of Windows keep programs from the microphone."),
            say(
                "Open Settings, Privacy, Microphone, and switch on “Microphone access” and “Let desktop apps "
                "access your microphone”; then run this check again."
            ),
        )
    return ok(say("The privacy settings let programs use the microphone."))


def _microphone_refused() -> bool | None:
    return consent.refused(_machine(), _user()) if sys.platform == "win32" else None


def _machine() -> WindowsRegistry:
    return WindowsRegistry("HKEY_LOCAL_MACHINE")


def _user() -> WindowsRegistry:
    return WindowsRegistry("HKEY_CURRENT_USER")


def quarantine(bench: Bench) -> Finding:
    running = {(process.info["name"] or "").lower() for process in psutil.process_iter(["name"])}
    names = sorted({QUARANTINES[name] for name in running & QUARANTINES.keys()})
    if names:
        return warn(
            say(
                "A virus scanner that puts new programs aside is running: {names}",
                names=Message.listed(names),
            ),
            say("Allow this program and its data folder there, then run the self-test again."),
            names=names,
        )
    return ok(say("No virus scanner that is known to put programs aside is running."))


def letters(bench: Bench) -> Finding:
    if sys.platform == "win32":
        return ok(say("Windows has Chinese letters."))
    if os.environ.get("TERM") == "linux":
        return fail(
            say("This is the plain text console, which can't show Chinese letters."),
            say("Log in to the desktop, open a terminal there and start the station in it."),
        )
    desktop = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if not desktop or shutil.which("fc-list") is None:
        return skipped(say("The letters of this terminal are those of the computer that shows it."))
    if not _output("fc-list", ":lang=zh", "family").strip():
        return fail(
            say("No Chinese letters are installed."),
            say("Install a Chinese font, e.g. fonts-noto-cjk, or use the terminal of another computer."),
        )
    return ok(say("Chinese letters are installed."))


def _output(*command: str) -> str:
    """What a program of the system says: only its numbers and ASCII words are used, in whatever code page.

    Raises OSError, subprocess.SubprocessError.
    """
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=8,
        check=False,
        creationflags=creation_flags(),
    )
    return done.stdout.decode("utf-8", "replace")


CHECKS = (
    Check(
        "sleep", Group.COMPUTER, tr_noop("Sleep"),
        tr_noop("A computer that falls asleep ends the recording."),
        tr_noop("The power plan on mains power."),
        sleeping, asks=True,
    ),
    Check(
        "screensaver", Group.COMPUTER, tr_noop("Screensaver"),
        tr_noop("A dark screen shows no notation."),
        tr_noop("When the desktop turns the screen off."),
        screensaver, asks=True,
        mild=tr_noop("Any key brings the screen back, and the recording goes on."),
    ),
    Check(
        "restart_pending", Group.COMPUTER, tr_noop("Pending restart"),
        tr_noop("Updates may restart the computer in the middle of the test."),
        tr_noop("Where the system notes that a restart is needed."),
        restart_pending, morning=True, asks=True,
        mild=tr_noop("Windows asks before it restarts while somebody works; what was sung before is kept."),
    ),
    Check(
        "microphone_users", Group.SOUND, tr_noop("Other programs"),
        tr_noop("A meeting program changes the level of the microphone by itself."),
        tr_noop("Programs that listen to the microphone now."),
        microphone_users, morning=True, asks=True,
        mild=tr_noop("They do not keep the station from recording; its other checks tell what they change."),
    ),
    Check(
        "microphone_allowed", Group.SOUND, tr_noop("Privacy settings"),
        tr_noop("A microphone that is switched off there delivers silence to every program."),
        tr_noop("What the privacy settings of Windows say of the microphone."),
        microphone_allowed, morning=True, asks=True,
    ),
    Check(
        "quarantine", Group.COMPUTER, tr_noop("Virus scanner"),
        tr_noop("Some virus scanners put new programs aside without asking."),
        tr_noop("Running programs against a list of names; only a hint."),
        quarantine, asks=True,
        mild=tr_noop("Only the names of such programs are known, not what they are going to do."),
    ),
    Check(
        "letters", Group.COMPUTER, tr_noop("Chinese letters"),
        tr_noop("Names and lyrics are Chinese."),
        tr_noop("Installed fonts for Chinese."),
        letters, asks=True,
    ),
)  # fmt: skip
