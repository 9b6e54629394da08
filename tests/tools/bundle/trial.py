"""`make test-bundle`: builds bundles for real and uses them as a school does, with no other Python.

1. Each is built twice: the same bytes.
2. It is unpacked into a path with Chinese letters and blanks, and runs with an empty PATH and variables that
   would lead Python astray; that for Windows runs under Wine.
3. After all that nothing in its folder has changed; then one byte is changed, and doctor names the file.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from station.release import Differences
from tests.tools.bundle.build import Bundle, make
from tests.tools.bundle.place import Place
from tests.tools.bundle.platforms import PLATFORMS, Platform
from tests.tools.environment import SetupError
from tests.tools.portable.artifacts import UnreachableError

PLACE = "张老师 的U盘"
CHANGED = "app/station/exitcodes.py"


class TrialError(Exception):
    """What is not as it must be."""


def built(platform: Platform, folder: Path) -> Bundle:
    """The bundle, built twice. Raises SetupError, TrialError."""
    first, second = (make(platform, None, folder / name) for name in ("first", "second"))
    need(first.sha256 == second.sha256, f"built twice, {first.file.name} has different bytes")
    said(f"{first.file.name}: {first.megabytes:.1f} MB, twice the same SHA-256 {first.sha256}")
    return first


def unpacked(bundle: Bundle, folder: Path) -> Path:
    place = folder / PLACE
    if bundle.file.suffix == ".zip":
        with zipfile.ZipFile(bundle.file) as archive:
            archive.extractall(place)
    else:
        with tarfile.open(bundle.file) as archive:
            archive.extractall(place, filter="data")
    (found,) = place.iterdir()
    return found


def try_out(place: Place, bundle: Bundle) -> None:
    """All steps on one unpacked bundle. Raises TrialError."""
    before = state(place.folder)
    demo(place)
    start(place)
    doctor(place, bundle, place.differences)
    need(state(place.folder) == before, "something was written into the bundle")
    said("nothing was written into its folder")
    change(place.folder / CHANGED)
    known = place.differences
    doctor(place, bundle, Differences((*known.changed, CHANGED), known.missing, known.added))


def demo(place: Place) -> None:
    done = place.station("demo", "--auto", "--students", "1", "--headset", "builtin", "--json")
    need(done.returncode == 0, f"the demo ended with {done.returncode}: {done.stderr[-500:]}")
    rows = json.loads(done.stdout)["takes"]
    tests = [row for row in rows if row["kind"] == "test"]
    need(tests and all(row["verified"] for row in tests), f"not all takes are verified: {rows}")
    said(f"demo: {len(rows)} takes, all {len(tests)} tests verified")


def start(place: Place) -> None:
    """What a double click does on the first day."""
    home = place.home / "我的 文档"
    done = place.station("start", "--home", place.path(home))
    need(done.returncode == 2, f"the first start ended with {done.returncode}: {done.stderr[-500:]}")
    need((home / "kit" / "kit.toml").is_file(), "the first start wrote no samples")
    said("start: settings and samples are written outside of the bundle")


def doctor(place: Place, bundle: Bundle, expected: Differences) -> None:
    done = place.station("doctor", "--json", "--config", place.path(place.home / "none.toml"))
    need(done.returncode == 0, f"doctor ended with {done.returncode}: {done.stderr[-500:]}")
    found: dict[str, Any] = json.loads(done.stdout)
    need(found["release"] == bundle.release, f"doctor tells the release {found['release']}")
    (check,) = (check for check in found["checks"] if check["id"] == "release")
    numbers = check["numbers"]
    told = [sorted(numbers[kind]) for kind in ("changed", "missing", "added")]
    wanted = [sorted(names) for names in (expected.changed, expected.missing, expected.added)]
    need(told == wanted, f"doctor names {told}, not {wanted}")
    said(f"doctor: {check['what']}")


def state(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of every file."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path): (path.stat().st_size, path.stat().st_mtime_ns) for path in files}


def change(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[3] ^= 1
    file.write_bytes(content)


def need(condition: object, otherwise: str) -> None:
    if not condition:
        raise TrialError(otherwise)


def said(text: str) -> None:
    print(f"  {text}", flush=True)


def on_linux(folder: Path) -> None:
    bundle = built(PLATFORMS["linux-x86_64"], folder)
    place = Place(unpacked(bundle, folder), folder / "home")
    place.home.mkdir()
    try_out(place, bundle)


def on_windows(folder: Path) -> None:
    # Here, so that a computer without Wine tries the other bundle.
    from tests.tools.bundle.windows import equipped
    from tests.tools.wine.machine import prepare

    machine = prepare()
    bundle = built(PLATFORMS["windows-x86_64"], folder)
    with machine.session() as session:
        place = equipped(unpacked(bundle, folder), folder / "home", machine, session)
        place.home.mkdir()
        try_out(place, bundle)


TRIALS = {"linux-x86_64": on_linux, "windows-x86_64": on_windows}


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="make test-bundle")
    parser.add_argument("platforms", nargs="*", choices=[*TRIALS, []], help="which bundles; all without")
    names = parser.parse_args(arguments).platforms or list(TRIALS)
    failed = []
    for name in names:
        print(name, flush=True)
        folder = Path(tempfile.mkdtemp(prefix="bundle-"))
        try:
            TRIALS[name](folder)
        except UnreachableError as error:
            said(f"Skipped: {error}")
        except (SetupError, TrialError, subprocess.TimeoutExpired) as error:
            said(f"FAILED: {error}")
            failed.append(name)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
