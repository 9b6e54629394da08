"""A real voice over each host API of Windows that Wine has, on a virtual card."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from audio.device.card import VirtualCard
from station.exitcodes import Exit
from tests.tools.wine.bench import Bench, Headset, stopped, write_voice
from tests.tools.wine.commands import DEMO_SECONDS, verified
from tests.tools.wine.pupil import Pupil
from tests.tools.wine.steps import TRIES, BusyError, StepError, Steps, need, tried

HOST_APIS = ("MME", "Windows DirectSound", "Windows WASAPI")
CHINESE = "USB耳机 教室一"
DEVICE = "PulseAudio"
"""How Wine calls the card's default microphone and headphones."""
TAKE_SECONDS = 6.0
VOICE_SECONDS = 900.0


def run(steps: Steps, bench: Bench, card: VirtualCard, url: str, *, short: bool) -> None:
    """Everything that is heard; `url` is a server that runs."""
    voice = write_voice(bench.folder / "voice.wav", VOICE_SECONDS)
    card.room()
    card.feed(voice)
    steps.run("devices on the card", lambda: tried(lambda _: devices(bench), TRIES))
    for api in HOST_APIS:
        steps.run(f"record over {api}, a voice", partial(voice_over, bench, api))
    if not short:
        steps.run(f"record from {CHINESE}", lambda: chinese_name(bench, card))
        steps.run("demo --auto on the card", lambda: demo(bench, card, voice, url))
        card.feed(voice)
    card.mute(True)
    for api in HOST_APIS[-1:] if short else HOST_APIS:
        steps.run(f"record over {api}, muted", partial(muted_over, bench, api))
    card.mute(False)
    card.hush()


def devices(bench: Bench) -> str:
    done = bench.station("devices", "--json")
    stopped(done)
    need(done.code == 0, f"exit {done.code}: {done.last}")
    found = done.document()
    heard = {row["hostapi"] for row in found if row["inputs"]} & {
        row["hostapi"] for row in found if row["outputs"]
    }
    missing = [api for api in HOST_APIS if api not in heard]
    need(not missing, f"not there: {', '.join(missing)}")
    return f"{len(found)} devices of {', '.join(HOST_APIS)}"


def voice_over(bench: Bench, api: str) -> str:
    """Verdict ok, and nothing lost."""
    return sung(bench, f"{DEVICE}, {api}")


def chinese_name(bench: Bench, card: VirtualCard) -> str:
    """A microphone with a name that no single-byte code page has."""
    properties = f"source_properties=\"device.description='{CHINESE}'\""
    module = "module-remap-source source_name=chinese_mic master=mic_feed.monitor channels=1 channel_map=mono"
    card.pactl("load-module", *module.split(), "master_channel_map=mono", "remix=no", properties)
    return sung(bench, CHINESE)


def sung(bench: Bench, microphone: str) -> str:
    return repeated(bench, microphone, "voice", lambda code, reasons: code == Exit.OK and not reasons)


def muted_over(bench: Bench, api: str) -> str:
    """Never called ok, and for the right reason."""

    def good(code: int, reasons: set[str]) -> bool:
        return code == Exit.FAILED and bool(reasons & {"silent", "muted"})

    return repeated(bench, f"{DEVICE}, {api}", "muted", good)


def repeated(bench: Bench, microphone: str, name: str, good: Callable[[int, set[str]], bool]) -> str:
    """Takes until one is as it has to be."""

    def take(number: int) -> str:
        code, facts = record(bench, microphone, f"{name} {microphone} {number}")
        reasons = set(facts["verdict"]["reasons"])
        told = f"verdict {', '.join(sorted(reasons)) or 'ok'}, {losses(facts)}"
        if good(code, reasons):
            return told
        raise (BusyError if "lost_samples" in reasons else StepError)(told)

    return tried(take, TRIES)


def record(bench: Bench, microphone: str, name: str) -> tuple[int, dict[str, Any]]:
    """Exit code and facts of a take. Raises BusyError where the headset stopped, as the station said."""
    settings = bench.home(safe(name), Headset(microphone, f"{DEVICE}, {api_of(microphone)}"))
    done = bench.station(
        "record", "--config", settings, "--student", "0107", "--item", "song", "--seconds", str(TAKE_SECONDS),
        "--json",
    )  # fmt: skip
    stopped(done)
    facts: dict[str, Any] = done.document()
    need(facts["frames"] >= TAKE_SECONDS * facts["samplerate"], f"{facts['frames']} frames in {name}")
    return done.code, facts


def api_of(microphone: str) -> str:
    return microphone.rpartition(", ")[2] if ", " in microphone else "Windows WASAPI"


def safe(name: str) -> str:
    return name.replace(",", "").replace(" ", "-")


def losses(facts: dict[str, Any]) -> str:
    lost = facts["loss"]
    return (
        f"lost {facts['verdict']['numbers']['lost_ms']:.1f} ms, longest gap {lost['longest_gap_ms']:.0f} ms, "
        f"overflows {lost['overflows']}"
    )


def demo(bench: Bench, card: VirtualCard, voice: Path, url: str) -> str:
    """The first headset that the demo finds; a real voice sings all items."""

    def once(number: int) -> str:
        data = bench.folder / f"demo-on-card-{number}"
        with Pupil(card, voice, data):
            done = bench.station(
                "demo", "--auto", "--headset", "real", "--students", "1", "--server", url,
                "--data", data, "--json", seconds=DEMO_SECONDS,
            )  # fmt: skip
        stopped(done)
        found = done.document()
        return f"{verified(done.code, found['takes'])}, headset {found.get('headset', '?')}"

    return tried(once, TRIES)
