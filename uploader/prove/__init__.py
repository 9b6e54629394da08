"""From sent to proven.

integrity    is the file still the recording
receiptfile  the receipt beside a take
signature    the form of a receipt and its signature
receipt      the centre's receipt, asked for and checked
trust        in one thing that a server can do
server       what is known of a server
proof        the ladder L0-L3
"""

from typing import TYPE_CHECKING

from config.base import lazy

__all__ = ["lose_proof", "public_key"]

if TYPE_CHECKING:
    from uploader.prove.proof import lose_proof
    from uploader.prove.signature import public_key
else:
    __getattr__ = lazy(
        __name__,
        {
            "proof": ("lose_proof",),
            "signature": ("public_key",),
        },
    )
