"""From sent to proven.

integrity    is the file still the recording
changetime   when a file was last changed, which nobody sets back
receiptfile  the receipt beside a take
signature    the form of a receipt and its signature
claim        what a receipt that lay about proves
receipt      the centre's receipt, asked for and checked
trust        in one thing that a server can do
server       what is known of a server
proof        the ladder L0-L3
restore      proofs of before, after a lost database
"""

from typing import TYPE_CHECKING

from config.base import lazy

__all__ = ["Centre", "enter", "lose_proof", "public_key", "send_again"]

if TYPE_CHECKING:
    from uploader.prove.claim import Centre
    from uploader.prove.proof import lose_proof, send_again
    from uploader.prove.restore import enter
    from uploader.prove.signature import public_key
else:
    __getattr__ = lazy(
        __name__,
        {
            "claim": ("Centre",),
            "proof": ("lose_proof", "send_again"),
            "restore": ("enter",),
            "signature": ("public_key",),
        },
    )
