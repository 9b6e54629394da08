"""Delivery of takes to the server, with proof. Imports only config.

ceilings  what strangers and bad days may cost
faults    kinds of faults
tus       the protocol itself
queue     what is to be delivered, durably
encode    what travels: WAV or FLAC
flow      when bytes may go, and how many
prove     from sent to proven
send      one take after another, with its retries
carry     takes on a stick, and when they may go
centre    receipts, made beside the centre's server
receipts  `python -m uploader.receipts`, the centre's command
"""

from typing import TYPE_CHECKING

from config.base import lazy

__all__ = ["POLICY", "Again", "DeliveryError", "Kind", "Policy", "UploadFault", "Whose"]

if TYPE_CHECKING:
    from uploader.faults import POLICY, Again, DeliveryError, Kind, Policy, UploadFault, Whose
else:
    __getattr__ = lazy(
        __name__,
        {
            "faults": ("POLICY", "Again", "DeliveryError", "Kind", "Policy", "UploadFault", "Whose"),
        },
    )
