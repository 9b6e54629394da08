"""A line to type in, in which keys act in the order in which they come."""

from __future__ import annotations

from textual.binding import Binding
from textual.events import Key
from textual.widgets import Input

EDITS = {
    binding.key: binding.action
    for binding in Binding.make_bindings(Input.BINDINGS)
    if binding.action.startswith(("cursor_", "delete_", "home", "end"))
}
"""Key -> action, of all that move in a line or shorten it."""


class Field(Input):
    """A letter does not overtake the Backspace before it on a busy computer.

    Textual takes letters at once; what other keys mean it looks up through all parents, message by message.
    """

    async def _on_key(self, event: Key) -> None:
        action = EDITS.get(event.key)
        if action is not None:
            event.stop()
            event.prevent_default()
            await self.run_action(action)
