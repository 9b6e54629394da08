"""The commands that need no headset, and the demo on the built-in one."""

from __future__ import annotations

from typing import Any

from tests.tools.portable.artifacts import PYTHON_VERSION
from tests.tools.wine.bench import Bench
from tests.tools.wine.steps import BusyError, Steps, need

DEMO_SECONDS = 600.0
LEFT_OUT = {"privacy": "Wine passes rights of a folder above on, although the station forbids it"}
"""Checks of the self-test that can't be in order here."""


def run(steps: Steps, bench: Bench, url: str) -> None:
    """`url` is a server that runs."""
    steps.run("init", lambda: init(bench, url))
    steps.run("roster check", lambda: checked(bench, "roster", "roster.csv", "30"))
    steps.run("kit check", lambda: checked(bench, "kit", "kit", "3 items"))
    steps.run("devices", lambda: devices(bench))
    steps.run("doctor", lambda: doctor(bench))
    steps.run("selftest", lambda: selftest(bench))
    steps.run("demo --auto on the built-in headset", lambda: demo(bench, url))


def init(bench: Bench, url: str) -> str:
    """Everything that it promises is written, and the settings are led to our server."""
    home = bench.folder / "first"
    done = bench.station("init", home)
    need(done.code == 0, f"exit {done.code}: {done.last}")
    settings = home / "station.toml"
    text = settings.read_text(encoding="utf-8").replace("http://127.0.0.1:1080/files/", url)
    need(url in text, "station.toml has another address than the sample's")
    settings.write_text(text.replace('language = "zh_CN"', 'language = "en"'), encoding="utf-8")
    names = {path.name for path in home.iterdir()}
    need(names >= {"station.toml", "roster.csv", "kit"}, f"only {sorted(names)} were written")
    again = bench.station("init", home)
    need(settings.read_text(encoding="utf-8").count(url) == 1, "a second init has overwritten the settings")
    return f"{len(names)} written, exit {again.code} the second time"


def checked(bench: Bench, command: str, name: str, tells: str) -> str:
    done = bench.station(command, "check", bench.folder / "first" / name)
    need(done.code == 0 and tells in done.out + done.err, f"exit {done.code}: {done.last}")
    return done.last


def devices(bench: Bench) -> str:
    done = bench.station("devices", "--json")
    need(done.code == 0, f"exit {done.code}: {done.last}")
    return f"{len(done.document())} without a sound card"


def doctor(bench: Bench) -> str:
    done = bench.station("doctor", "--config", bench.folder / "first" / "station.toml", "--json")
    need(done.code == 0, f"exit {done.code}: {done.last}")
    found = done.document()
    need(found["python"].startswith(PYTHON_VERSION), f"python is {found['python']}")
    return f"Python {found['python']}"


def selftest(bench: Bench) -> str:
    """With a server that runs and the built-in headset nothing may fail."""
    settings = bench.folder / "first" / "station.toml"
    done = bench.station("selftest", "--config", settings, "--json")
    found = done.document()
    rows = found["checks"]
    failed = {row["id"]: row["what"] for row in rows if row["outcome"] == "fail"}
    wrong = [f"{name} ({what})" for name, what in failed.items() if name not in LEFT_OUT]
    need(done.code == bool(failed) and not wrong, f"exit {done.code}: {', '.join(wrong)}")
    told = ", ".join(f"{count} {status}" for status, count in counted(rows).items())
    return told + "".join(f"; {name}: {LEFT_OUT[name]}" for name in failed)


def counted(rows: list[dict[str, Any]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        found[row["outcome"]] = found.get(row["outcome"], 0) + 1
    return found


def demo(bench: Bench, url: str) -> str:
    data = bench.folder / "demo"
    done = bench.station(
        "demo", "--auto", "--headset", "builtin", "--students", "2", "--speed", "5", "--server", url,
        "--data", data, "--json", seconds=DEMO_SECONDS,
    )  # fmt: skip
    return verified(done.code, done.document()["takes"])


def verified(code: int, takes: list[dict[str, Any]]) -> str:
    """Every take is ok, and those that count are proven at the server."""
    lost = [take["path"] for take in takes if "lost_samples" in take["verdict"]["reasons"]]
    if lost:
        raise BusyError(f"lost samples: {', '.join(lost)}")
    bad = [
        f"{take['path']} ({', '.join(take['verdict']['reasons'])})"
        for take in takes
        if not take["verdict"]["ok"]
    ]
    need(not bad, f"not ok: {', '.join(bad)}")
    sent = [take for take in takes if take["kind"] != "practice"]
    need(code == 0 and sent and all(take["verified"] for take in sent), f"exit {code}: not all are verified")
    return f"{len(takes)} takes, {len(sent)} verified at {sent[0]['verify_level']}"
