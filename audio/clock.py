"""The clock of everything that is heard: monotonic, and it goes on while the computer sleeps.

A computer that was suspended during a take lost samples; on a clock that sleeps with it, nothing would
show. Linux stops its monotonic clock; Windows' goes on.
"""

from __future__ import annotations

import sys
import time


def now() -> float:
    """Seconds since some moment, suspended time included."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()
