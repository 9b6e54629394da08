"""Debian's Chromium without a window, led over its own pipe (Chrome DevTools Protocol)."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Chromium:
    """One page while the `with` block runs. POSIX only: the pipe has the descriptors 3 and 4."""

    def __init__(self, width: int = 1400, height: int = 900) -> None:
        assert PROGRAM is not None
        self._folder = tempfile.mkdtemp(prefix="chromium-")
        to_read, self._to = os.pipe()
        self._from, to_write = os.pipe()
        # Between fork and program: a small Python puts both ends where Chromium expects them.
        place = "import os, sys; os.dup2({0}, 103); os.dup2({1}, 104); os.dup2(103, 3); os.dup2(104, 4); "
        run = place.format(to_read, to_write) + "os.execv(sys.argv[1], sys.argv[1:])"
        starter = [sys.executable, "-c", run, PROGRAM]
        options = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run"
        more = f"--remote-debugging-pipe --window-size={width},{height} --user-data-dir={self._folder}"
        none = subprocess.DEVNULL
        self._process = subprocess.Popen(
            [*starter, *options.split(), *more.split(), "about:blank"],
            pass_fds=(to_read, to_write),
            stdin=none,
            stdout=none,
            stderr=none,
        )
        os.close(to_read)
        os.close(to_write)
        self._buffer = b""
        self._number = 0
        self._session = ""

    def __enter__(self) -> Chromium:
        pages = self.ask("Target.getTargets")["targetInfos"]
        target = next(page["targetId"] for page in pages if page["type"] == "page")
        self._session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.ask("Page.enable")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session = ""
        try:
            self.ask("Browser.close")
        except OSError:
            self._process.terminate()
        self._process.wait(30)
        os.close(self._to)
        os.close(self._from)
        shutil.rmtree(self._folder, ignore_errors=True)

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command; its result. Raises OSError where Chromium has left, RuntimeError for its refusal."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            while b"\0" not in self._buffer:
                block = os.read(self._from, 65536)
                if not block:
                    raise OSError("Chromium has left")
                self._buffer += block
            text, _, self._buffer = self._buffer.partition(b"\0")
            answer = json.loads(text)
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise RuntimeError(answer["error"])
                result: dict[str, Any] = answer["result"]
                return result

    def go(self, url: str) -> None:
        self.ask("Page.navigate", url=url)
        self.until("document.readyState === 'complete'")

    def run(self, script: str) -> Any:
        """The value of an expression in the page."""
        found = self.ask("Runtime.evaluate", expression=script, returnByValue=True)
        return found["result"].get("value")

    def until(self, script: str, seconds: float = 60) -> None:
        """Wait for an expression to be true. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        while not self.run(script):
            if time.monotonic() > deadline:
                raise TimeoutError(script)
            time.sleep(0.1)

    def picture(self, path: Path) -> None:
        data = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True)["data"]
        path.write_bytes(base64.b64decode(data))
