"""Between Textual and a terminal on Linux: input that never ends the screens, output that never stops them.

What Textual's own driver lacks: it reads UTF-8 only and dies of anything else, spins or hangs when the window
is gone, and starts its threads a second time after a SIGCONT.
"""

from __future__ import annotations

import logging
import os
import queue
import select
import signal
import sys
from math import inf
from time import monotonic
from typing import Any

from textual.app import App

from station.tui.terminal.encoding import terminal_encoding
from station.tui.terminal.keyboard import Keyboard
from station.tui.terminal.output import Output

log = logging.getLogger(__name__)
POLL_SECONDS = 0.1
READ_BYTES = 4096
STALL_SECONDS = 2.0
"""So long a window that takes nothing any more is waited for at the end."""

if sys.platform != "win32":
    from textual.drivers.linux_driver import LinuxDriver

    class TerminalDriver(LinuxDriver):
        def __init__(self, app: App[Any], **options: Any) -> None:
            super().__init__(app, **options)
            encoding = terminal_encoding(os.environ)
            self._keyboard = Keyboard(encoding)
            self._file: Any = Output(self._file.fileno(), encoding, self._window_gone)
            self._deadline = inf
            self._drawing = False
            """The terminal is ours: what is painted late must not land in the shell."""
            self._asleep = False

        def _window_gone(self) -> None:
            self.hurry()
            app: Any = self._app
            app.window_gone()

        # --- output

        def hurry(self) -> None:
            """The app is about to end: it does not wait for ever for a window that takes nothing."""
            self._deadline = min(self._deadline, monotonic() + STALL_SECONDS)

        def write(self, data: str) -> None:
            while self._drawing and self._writer_thread is not None:
                try:
                    self._writer_thread._queue.put(data, timeout=POLL_SECONDS)
                except queue.Full:
                    if monotonic() > self._deadline:
                        return
                else:
                    return

        def start_application_mode(self) -> None:
            self._drawing = True
            super().start_application_mode()  # type: ignore[no-untyped-call]

        def stop_application_mode(self) -> None:
            if self._drawing:
                super().stop_application_mode()
                self._drawing = False

        def close(self) -> None:
            writer = self._writer_thread
            if writer is not None and writer.is_alive():
                self.write_last()
                writer.join(STALL_SECONDS)

        def write_last(self) -> None:
            """The mark that ends the writer thread."""
            assert self._writer_thread is not None
            try:
                self._writer_thread._queue.put(None, timeout=STALL_SECONDS)
            except queue.Full:
                log.warning("the window does not take what is written; it is left as it is")

        # --- input

        def _query_in_band_window_resize(self) -> None:
            """Sizes come from the system."""

        def run_input_thread(self) -> None:
            while not self.exit_event.is_set():
                if not select.select([self.fileno], [], [], POLL_SECONDS)[0]:
                    found = self._keyboard.idle(monotonic())
                else:
                    try:
                        data = os.read(self.fileno, READ_BYTES)
                    except BlockingIOError:
                        continue
                    except OSError as error:
                        log.warning("the keyboard is gone: %s", error)
                        data = b""
                    if not data:
                        self._window_gone()
                        return
                    found = self._keyboard.feed(data, monotonic())
                for message in found:
                    self.process_message(message)

        # --- Ctrl-Z and fg

        def _sigtstp_application(self, *_: object) -> None:
            self._loop.call_soon_threadsafe(self._sleep)

        def _sigcont_application(self, *_: object) -> None:
            self._loop.call_soon_threadsafe(self._wake)

        def _sleep(self) -> None:
            """Give the terminal back, then really stop."""
            if not self._auto_restart or self._asleep:
                return
            self.suspend_application_mode()
            self._asleep = True
            os.kill(os.getpid(), signal.SIGSTOP)

        def _wake(self) -> None:
            """Also where the system had stopped us without a word, and a shell has used the terminal."""
            if not self._auto_restart:
                return
            if not self._asleep:
                self.suspend_application_mode()
            self._asleep = False
            self._must_signal_resume = True
            self.resume_application_mode()
            self._app.refresh(layout=True)
