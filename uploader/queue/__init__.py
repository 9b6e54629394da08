"""What is to be delivered, durably.

states  states of a delivery, levels of proof
schema  the tables
place   where a take lies, from the data folder
row     one delivery, frozen
take    a take from its sidecar
store   the tables under one lock
queue   takes in, states out; every change one commit
"""

from typing import TYPE_CHECKING

from config.base import lazy

__all__ = ["DELIVERED", "FinishedTake", "ProofLevel", "Queue", "Row", "State", "unusable"]

if TYPE_CHECKING:
    from uploader.queue.queue import Queue
    from uploader.queue.row import Row
    from uploader.queue.states import DELIVERED, ProofLevel, State
    from uploader.queue.store import unusable
    from uploader.queue.take import FinishedTake
else:
    __getattr__ = lazy(
        __name__,
        {
            "queue": ("Queue",),
            "row": ("Row",),
            "states": ("DELIVERED", "ProofLevel", "State"),
            "store": ("unusable",),
            "take": ("FinishedTake",),
        },
    )
