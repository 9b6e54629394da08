"""Limits that a process sets for itself before it reads what strangers made.

A library written in native code can't be told how much memory a file may cost; the system can.
POSIX: RLIMIT_DATA counts what a process writes to, not the files that it maps (man setrlimit).
Windows: a job object (learn.microsoft.com/windows/win32/procthread/job-objects).
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    PROCESS_TIME, PROCESS_MEMORY = 0x2, 0x100
    EXTENDED_LIMITS = 9
    TICKS = 10_000_000
    """Of 100 ns in a second."""

    class _Basic(ctypes.Structure):
        _fields_ = [
            ("process_time", wintypes.LARGE_INTEGER),
            ("job_time", wintypes.LARGE_INTEGER),
            ("flags", wintypes.DWORD),
            ("smallest_set", ctypes.c_size_t),
            ("largest_set", ctypes.c_size_t),
            ("processes", wintypes.DWORD),
            ("affinity", ctypes.c_size_t),
            ("priority", wintypes.DWORD),
            ("scheduling", wintypes.DWORD),
        ]

    class _Extended(ctypes.Structure):
        _fields_ = [
            ("basic", _Basic),
            ("io", ctypes.c_ulonglong * 6),
            ("process_memory", ctypes.c_size_t),
            ("job_memory", ctypes.c_size_t),
            ("peak_process", ctypes.c_size_t),
            ("peak_job", ctypes.c_size_t),
        ]

    def limit_this_process(memory_bytes: int, cpu_seconds: int) -> None:
        """From here on the system refuses more memory, and ends the process after so much work."""
        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.CreateJobObjectW.restype = wintypes.HANDLE
        kernel.GetCurrentProcess.restype = wintypes.HANDLE
        job = wintypes.HANDLE(kernel.CreateJobObjectW(None, None))
        limits = _Extended()
        limits.basic.flags = PROCESS_TIME | PROCESS_MEMORY
        limits.basic.process_time = cpu_seconds * TICKS
        limits.process_memory = memory_bytes
        kernel.SetInformationJobObject(job, EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits))
        kernel.AssignProcessToJobObject(job, wintypes.HANDLE(kernel.GetCurrentProcess()))

else:
    import resource

    def limit_this_process(memory_bytes: int, cpu_seconds: int) -> None:
        """From here on the system refuses more memory, and ends the process after so much work."""
        for kind, value in ((resource.RLIMIT_DATA, memory_bytes), (resource.RLIMIT_CPU, cpu_seconds)):
            hard = resource.getrlimit(kind)[1]
            wanted = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (wanted, hard))
