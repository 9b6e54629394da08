"""What the verdict makes of sounds whose right verdict is known: `make bench-verdict`, for docs/verdicts.md.

Confusion over the corpus, the sweep of losses at clocks that differ, leakage in rooms, and time per minute of
sound on one core. Pictures: tests.bench.verdict_pictures.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from time import process_time

from audio.judge.verdict import judge, lost
from config.kit import Limits
from tests.audio.device.test_drift import measured
from tests.audio.measure.test_leakage import ROOMS, verdict
from tests.audio.recordings import expecting, write_take
from tests.bench import verdict_pictures
from tests.bench.telling import table, tell
from tests.corpus.cases import cases
from tests.tools.environment import ROOT

PAGE = ROOT / "docs" / "verdicts.md"
RIGHT = {"sung": "somebody sings", "spoken": "somebody speaks", "nobody": "nobody does either"}
LOSSES_MS = (10, 20, 50, 100, 400)
PPM = (0, 300, -300, 1000, -1000)
TAKES_SECONDS = (10, 60, 600)


def confusion(folder: Path) -> str:
    """Corpus: what is right against what was said; what was said wrongly, by name."""
    said: dict[str, Counter[str]] = {right: Counter() for right in RIGHT}
    wrong, spent, minutes = [], 0.0, 0.0
    for number, case in enumerate(cases()):
        signal = case.signal()
        take = write_take(folder / f"{number}.wav", signal)
        began = process_time()
        found = judge(take, expecting(floor_dbfs=case.room, min_seconds=2.0), Limits())
        spent += process_time() - began
        minutes += len(signal) / 48000 / 60
        take.unlink()
        word = "no_singing" if "no_singing" in found.reasons else "other" if found.reasons else (
            "spoken" if "spoken" in found.remarks else "ok"
        )  # fmt: skip
        said[case.right][word] += 1
        if word != {"sung": "ok", "spoken": "spoken", "nobody": "no_singing"}[case.right]:
            wrong.append(f"{case.name}: {word}")
    words = ("ok", "spoken", "no_singing", "other")
    heading = ["right", "ok", "ok, remark `spoken`", "`no_singing`", "another reason"]
    rows = [[RIGHT[right], *(str(count[word]) for word in words)] for right, count in said.items()]
    named = "\n".join(f"- {line}" for line in wrong) or "None is said wrongly."
    return (
        f"{table(heading, rows)}\n{named}\n\n"
        f"{1000 * spent / minutes:.0f} ms of processor time for a minute of sound, all measures together.\n"
    )


def losses(folder: Path) -> str:
    """One loss in the middle, callbacks up to 50 ms late; `-`: not noticed."""
    rows = []
    for seconds in TAKES_SECONDS:
        for ppm in PPM:
            row = [f"{seconds}", f"{ppm:+d}"]
            for lost_ms in (0, *LOSSES_MS):
                loss = measured(seconds, ppm, lost_ms)
                row.append(f"{loss.lost_ms:.0f}" if lost(loss, seconds, Limits()) else "-")
            rows.append(row)
    return table(["take, s", "clock, ppm", "nothing lost", *(f"{ms} ms lost" for ms in LOSSES_MS)], rows)


def leakage(folder: Path) -> str:
    """Chords and a violin through rooms, nobody sings: the level that is measured."""
    rows = []
    for name in ("chords", "violin"):
        for decibels in (-12, -18, -26):
            found = [verdict(folder, name, room, decibels, None) for room in ROOMS]
            rows.append([name, f"{decibels}", *(f"{one.numbers['leakage_db']:.1f}" for one in found)])
    return table(["music", "true level, dB", *(f"RT {room} s" for room in ROOMS)], rows)


PARTS: Mapping[str, Callable[[Path], str]] = {"confusion": confusion, "losses": losses, "leakage": leakage}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.verdict")
    parser.add_argument("--only", choices=[*PARTS, "pictures"])
    wishes = parser.parse_args()
    page = PAGE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="bench-verdict-") as name:
        for part, work in PARTS.items():
            if wishes.only in (None, part):
                tell(part)
                text = work(Path(name))
                print(text)
                opening, closing = f"<!-- {part} -->", f"<!-- /{part} -->"
                head, _, rest = page.partition(opening)
                page = f"{head}{opening}\n\n{text}\n{closing}{rest.partition(closing)[2]}"
    PAGE.write_text(page, encoding="utf-8", newline="\n")
    if wishes.only in (None, "pictures"):
        for path in verdict_pictures.write_all():
            tell(f"written: {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
