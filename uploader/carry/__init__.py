"""Takes on a stick, and recordings that may go.

packfile     files on a stick, written whole and read back
pack         takes out here, in there
receiptpack  receipts on their way back
retention    removing what is surely elsewhere
"""

from typing import TYPE_CHECKING

from config.base import lazy

__all__ = [
    "Carried",
    "Progress",
    "export_pack",
    "export_receipts",
    "import_pack",
    "import_receipts",
    "mark_due",
    "purge",
    "write_back",
]

if TYPE_CHECKING:
    from uploader.carry.pack import Carried, export_pack, import_pack
    from uploader.carry.packfile import Progress
    from uploader.carry.receiptpack import export_receipts, import_receipts, write_back
    from uploader.carry.retention import mark_due, purge
else:
    __getattr__ = lazy(
        __name__,
        {
            "pack": ("Carried", "export_pack", "import_pack"),
            "packfile": ("Progress",),
            "receiptpack": ("export_receipts", "import_receipts", "write_back"),
            "retention": ("mark_due", "purge"),
        },
    )
