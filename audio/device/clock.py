"""The clock of everything that is heard: monotonic, and it goes on while the computer sleeps.

A computer that was suspended during a take lost samples; on a clock that sleeps with it, nothing would
show. Linux stops its monotonic clock. On Windows that of Python 3.11 and 3.12 ticks every 15.6 ms only; the
performance counter is exact, and counts time asleep, too (QueryPerformanceCounter).
"""

from __future__ import annotations

import sys
import time


def now() -> float:
    """Seconds since some moment, suspended time included."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.perf_counter()
