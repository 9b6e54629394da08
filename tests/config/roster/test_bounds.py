"""Rosters that would cost the computer its memory or the teacher her patience are refused in time."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.roster.rosterfile import check_roster
from tests.config.sheets import Workbook, write_xlsx

BOMBS = ("line ends", "far cell without places", "many strings", "entities", "old Excel")


def bomb(path: Path, kind: str) -> Path:
    if kind == "line ends":
        path.write_bytes(b"\n" * 19_000_000)
    elif kind == "far cell without places":
        rows = "<row>" + "<c><v>1</v></c>" * 1_000 + "</row>"
        Workbook({"S": []}).write(path, sheet_xml=rows * 3_000)
    elif kind == "many strings":
        Workbook({"S": []}).write(
            path, sheet_xml=("<row>" + "<c t='inlineStr'><is><t>x</t></is></c>" * 100 + "</row>") * 9_000
        )
    elif kind == "entities":
        inner = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
        Workbook({"S": []}).write(
            path, prolog=f'<!DOCTYPE x [<!ENTITY e0 "aaaaaaaaaa">{inner}]>', sheet_xml="<row>&e9;</row>"
        )
    else:
        path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\xff" * 19_000_000)
    return path


@pytest.mark.skipif(sys.platform != "linux", reason="measures by /proc")
@pytest.mark.sampled(5, fewest=1)
@pytest.mark.parametrize("kind", BOMBS)
def test_a_bomb_costs_no_more_than_300_mb_and_5_seconds(tmp_path: Path, kind: str) -> None:
    path = bomb(tmp_path / "r.xlsx", kind)
    code = (
        "import sys, resource; from pathlib import Path; from config.roster import check_roster\n"
        "found, problems = check_roster(Path(sys.argv[1]))\n"
        # ru_maxrss of a process counts that which started it, too: the children's is their own.
        "status = Path('/proc/self/status').read_text(encoding='ascii')\n"
        "worst = int(status.partition('VmHWM:')[2].split()[0])\n"
        "for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):\n"
        "    used = resource.getrusage(who)\n"
        "    assert used.ru_utime + used.ru_stime < 6, used\n"
        "worst = max(worst, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
        "assert found is None and len(problems) == 1, problems\n"
        "assert worst < 300_000, worst"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.long
def test_a_hundred_thousand_pupils_are_read(tmp_path: Path) -> None:
    rows = [["学号", "姓名", "班级"], *([f"{number:06}", "陈一诺", "四2"] for number in range(100_000))]
    path = write_xlsx(tmp_path / "r.xlsx", rows)
    began = time.process_time()
    roster, problems = check_roster(path)
    assert problems == []
    assert roster is not None
    assert len(roster.pupils) == 100_000
    assert time.process_time() - began < 6


def test_a_device_or_a_pipe_is_no_roster(tmp_path: Path) -> None:
    if sys.platform == "win32":
        return  # has no such files
    os.mkfifo(tmp_path / "roster.csv")
    for path in (Path("/dev/zero"), tmp_path / "roster.csv"):
        roster, (problem,) = check_roster(path)
        assert roster is None
        assert "this is no file" in str(problem.message)


TEXT_BOMBS = {
    "commas": b"," * 19_000_000,
    "cells": b"a," * 9_500_000,
    "cells in marks": b'"a",' * 4_700_000,
    "marks": b'"' * 19_000_000,
    "unfit numbers": "学号,姓名\n".encode() + b"#,a\n" * 190_000,
    "sums": "学号,姓名\n合计,\n".encode() * 150_000,
    "one number": "学号,姓名\n".encode() + b"1,a\n" * 190_000,
}


SLOW = ("cells in marks", "sums", "one number", "unfit numbers")
"""Seconds each; "cells" meets the same bounds."""


def test_a_long_list_of_which_every_number_was_repaired_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    numbers = [f"{number:04}" for number in range(4000)]
    wide = str.maketrans("0123456789", "".join(chr(0xFF10 + digit) for digit in range(10)))
    path.write_text("学号\n" + "\n".join(numbers).translate(wide) + "\n", encoding="utf-8")
    roster, problems = check_roster(path)
    assert roster is not None
    assert [pupil.student_id for pupil in roster.pupils] == numbers
    assert len(problems) == 4000


@pytest.mark.skipif(sys.platform != "linux", reason="measures as Linux counts")
@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=[pytest.mark.long] * (kind in SLOW)) for kind in sorted(TEXT_BOMBS)]
)
def test_a_text_that_is_a_bomb_costs_no_more_either(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "r.csv"
    path.write_bytes(TEXT_BOMBS[kind])
    code = (
        "import sys, time; from pathlib import Path; from config.roster import check_roster\n"
        "found, problems = check_roster(Path(sys.argv[1]))\n"
        "assert found is None and len(problems) <= 5002, len(problems)\n"
        "assert time.process_time() < 5, time.process_time()\n"
        # As above: not ru_maxrss.
        "status = Path('/proc/self/status').read_text(encoding='ascii')\n"
        "assert int(status.partition('VmHWM:')[2].split()[0]) < 300_000\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
