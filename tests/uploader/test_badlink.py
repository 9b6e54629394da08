"""1 Mbit/s, 3 % loss and 8 s of nothing, in the kernel: root and a network namespace are needed."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAMS = ("unshare", "ip", "tc", "nft", "ethtool")


@pytest.mark.netns
def test_a_bad_line_delays_and_loses_nothing(tmp_path: Path) -> None:
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    if subprocess.run(["unshare", "-n", "true"], capture_output=True).returncode:
        pytest.skip("needs root")
    command = ["unshare", "-n", sys.executable, "-m", "tests.uploader.badlink", str(tmp_path), "500044"]
    done = subprocess.run([*command, "--loss", "3", "--hole", "8"], stdout=subprocess.PIPE, check=True)
    found = json.loads(done.stdout)
    assert found["state"] == "verified", found["error"]
    assert found["same"] == [True]
    assert 10 < found["seconds"] < 45, "the hole was there, and it was not waited for long after"
