"""Windows as a Chinese school has it: code page 936, an account and folders with Chinese names."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.tools.environment import SetupError
from tests.tools.wine.bench import Bench
from tests.tools.wine.commands import DEMO_SECONDS, verified
from tests.tools.wine.machine import Machine
from tests.tools.wine.steps import Steps, StepSkippedError, need

LOCALE = "zh_CN.UTF-8"
ACCOUNT = "张老师"
FOLDER = "桌面/演示é😀"
CODE_PAGE = "cp936"
LOCALE_SECONDS = 60.0
ENCODING = "import locale, getpass; print(locale.getencoding(), ascii(getpass.getuser()))"


def variables(cache: Path) -> dict[str, str]:
    """The environment of a Chinese Windows; the locale is made once. Raises SetupError."""
    folder = cache / "locale"
    if not (folder / LOCALE).is_dir():
        program = shutil.which("localedef")
        if program is None:
            raise SetupError("localedef is not installed.")
        folder.mkdir(parents=True, exist_ok=True)
        made = folder / f"{LOCALE}.new"
        command = [program, "-f", "UTF-8", "-i", "zh_CN", str(made)]
        subprocess.run(command, capture_output=True, timeout=LOCALE_SECONDS)
        if not made.is_dir():
            raise SetupError("The Chinese locale can't be made: the package “locales” is missing.")
        made.replace(folder / LOCALE)
    return {"LOCPATH": str(folder), "LC_ALL": LOCALE, "USER": ACCOUNT}


def run(steps: Steps, machine: Machine, folder: Path, url: str) -> None:
    """A start of Wine of its own: the code page is chosen at the start."""
    place = folder / ACCOUNT / FOLDER
    place.mkdir(parents=True)
    try:
        settings = variables(machine.home.parent)
    except SetupError as error:
        reason = str(error)

        def left_out() -> str:
            raise StepSkippedError(reason)

        steps.run("code page 936", left_out)
        return
    with machine.session(**settings) as session:
        bench = Bench(session, place)
        steps.run("code page 936, account 张老师", lambda: code_page(bench))
        steps.run("init and roster check in 桌面/演示é😀", lambda: material(bench))
        steps.run("output to a pipe on code page 936", lambda: redirected(bench))
        steps.run("demo --auto in 桌面/演示é😀", lambda: demo(bench, url))


def code_page(bench: Bench) -> str:
    done = bench.session.python("-c", ENCODING, seconds=120, env={"PYTHONUTF8": "0"})
    expected = f"{CODE_PAGE} {ACCOUNT!a}"
    need(done.stdout.strip() == expected, f"{done.stdout.strip()} {done.stderr.strip()[-200:]}")
    return CODE_PAGE


def material(bench: Bench) -> str:
    """As a teacher's Excel writes it here: GBK."""
    home = bench.folder / "场次"
    done = bench.station("init", home)
    need(done.code == 0, f"exit {done.code}: {done.last}")
    roster = home / "roster.csv"
    roster.write_bytes(roster.read_text(encoding="utf-8-sig").encode("gb18030"))
    done = bench.station("roster", "check", roster)
    need(done.code == 0 and "30" in done.out + done.err, f"exit {done.code}: {done.last}")
    return done.last


def redirected(bench: Bench) -> str:
    """What other programs on this Windows expect: GBK, and no letter lost."""
    command = ("-m", "station", "doctor", "--help")
    done = bench.session.start(*command, env={"PYTHONUTF8": "0"})
    out, _ = done.communicate(timeout=120)
    text = out.decode("gbk")
    need("检查" in text or "粘贴" in text or "版本" in text, f"no Chinese words: {text[:200]}")
    need("?" not in text, f"letters became question marks: {text[:200]}")
    return "GBK, no letter lost"


def demo(bench: Bench, url: str) -> str:
    data = bench.folder / "演练"
    done = bench.station(
        "demo", "--auto", "--headset", "builtin", "--students", "1", "--speed", "5", "--server", url,
        "--data", data, "--json", seconds=DEMO_SECONDS,
    )  # fmt: skip
    told = verified(done.code, done.document()["takes"])
    need(next(data.rglob("*.wav"), None), "nothing was written into the folder")
    return told
