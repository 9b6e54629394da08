"""What an error of the disk is called in the protocol. The station asks, too: nothing heavy is imported."""

from __future__ import annotations

from errno import ENOSPC


def fault_of(error: OSError) -> str:
    """The fault code for an error of the disk."""
    if isinstance(error, FileExistsError):
        return "exists"
    return "disk_full" if error.errno == ENOSPC else "disk_error"
