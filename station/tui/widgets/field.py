"""A line to type in, in which keys act in the order in which they come."""

from __future__ import annotations

from textual.events import Key
from textual.widgets import Input

EDITS = {
    "backspace": "delete_left",
    "delete": "delete_right",
    "left": "cursor_left",
    "right": "cursor_right",
    "home": "home",
    "end": "end",
}


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
