"""An app in a real terminal: when its tasks run, and how it ends where something breaks.

Whatever breaks in the screens goes to the log, never to the terminal, and ends the app with a code that is
not 0. A signal, or a window that is gone, ends it in order. Nothing here knows what the screens show.
"""

from __future__ import annotations

import asyncio
import logging
import sys

from rich.console import RenderableType
from textual.app import App, ScreenStackError
from textual.driver import Driver
from textual.worker import WorkerFailed

from station.exitcodes import Exit
from station.tui.terminal.windows_input import install

log = logging.getLogger(__name__)


class TerminalApp(App[None]):
    _asked: Exit | None = None
    """The code of the signal that asked to leave."""
    _over = False
    """The last screen is being closed, or was."""

    def get_driver_class(self) -> type[Driver]:
        """Our own kind of Textual's, and on Windows Textual's own with a keyboard that lasts."""
        if sys.platform != "win32":
            from station.tui.terminal.driver import TerminalDriver

            return TerminalDriver
        else:  # noqa: RET505 - mypy looks at one branch only
            from textual.drivers import win32

            install(win32)
            return super().get_driver_class()

    def leave(self, code: Exit) -> None:
        """End with this code; may be called from any thread, from a signal, and before the app runs."""
        self._asked = self._asked or code
        if sys.platform != "win32":
            from station.tui.terminal.driver import TerminalDriver

            if isinstance(self._driver, TerminalDriver):
                self._driver.hurry()
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._leave_now)

    def window_gone(self) -> None:
        self.leave(Exit.HUNG_UP)

    def _leave_now(self) -> None:
        if self._asked is not None and self.fault is None:
            self.exit(return_code=self._asked)

    def on_load(self) -> None:
        """Before the first widget is made: tasks begin when their turn comes, on every Python.

        From Python 3.12 on Textual lets them begin inside their creation. Then a screen is composed before
        it is on the stack, and whatever a widget asks of `app.screen` while it is made finds none.
        """
        asyncio.get_running_loop().set_task_factory(None)
        self._leave_now()

    @property
    def fault(self) -> Exception | None:
        """What broke first."""
        return self._exception

    def _handle_exception(self, error: Exception) -> None:
        """Every fault of the screens comes here, from whatever Textual was doing.

        Its own way prints a traceback with the values of all variables, names of pupils among them.
        """
        fault = error.error if isinstance(error, WorkerFailed) else error
        if self._over and isinstance(fault, ScreenStackError):
            # A key that still waited, or a clock, has come after the last screen: nothing is lost.
            log.info("a screen was asked for after the last one")
            return
        log.critical("the screens broke", exc_info=fault)
        self._return_code = Exit.INTERNAL
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()

    async def _shutdown(self) -> None:
        self._over = True
        await super()._shutdown()

    def panic(self, *renderables: RenderableType) -> None:
        """Called instead where a thread of Textual broke."""
        log.critical("a thread of the screens broke: %s", renderables)
        self._return_code = Exit.INTERNAL
        self._close_messages_no_wait()
