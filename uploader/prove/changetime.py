"""When anything of a file was last changed, as the system notes it by itself: nobody sets that back.

st_ctime is that on POSIX; on Windows it is the time at which the file was made, and ChangeTime is asked for
(learn.microsoft.com/windows/win32/api/winbase/ns-winbase-file_basic_info).
"""

from __future__ import annotations

import sys
from pathlib import Path

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    READ_ATTRIBUTES, SHARE_ALL, OPEN_EXISTING, EVEN_FOLDERS = 0x80, 0x7, 3, 0x02000000
    BASIC_INFO = 0
    TO_1970 = 116_444_736_000_000_000
    """In the 100 ns of Windows, which counts from 1601."""
    INVALID = wintypes.HANDLE(-1).value
    _kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel.CreateFileW.restype = wintypes.HANDLE
    _kernel.GetFileInformationByHandleEx.argtypes = [
        wintypes.HANDLE,
        ctypes.c_int,
        ctypes.c_void_p,
        wintypes.DWORD,
    ]
    _kernel.CloseHandle.argtypes = [wintypes.HANDLE]

    class BasicInfo(ctypes.Structure):
        """FILE_BASIC_INFO."""

        _fields_ = (
            ("creation_time", ctypes.c_int64),
            ("last_access_time", ctypes.c_int64),
            ("last_write_time", ctypes.c_int64),
            ("change_time", ctypes.c_int64),
            ("attributes", wintypes.DWORD),
        )

    def change_time_ns(path: Path) -> int | None:
        """Since 1970; None on a file system that does not note it (FAT). Raises OSError."""
        handle = _kernel.CreateFileW(
            str(path), READ_ATTRIBUTES, SHARE_ALL, None, OPEN_EXISTING, EVEN_FOLDERS, None
        )
        if handle == INVALID:
            raise ctypes.WinError(ctypes.get_last_error())
        try:
            info = BasicInfo()
            if not _kernel.GetFileInformationByHandleEx(
                handle, BASIC_INFO, ctypes.byref(info), ctypes.sizeof(info)
            ):
                raise ctypes.WinError(ctypes.get_last_error())
        finally:
            _kernel.CloseHandle(handle)
        return (info.change_time - TO_1970) * 100 if info.change_time else None

else:

    def change_time_ns(path: Path) -> int | None:
        """Since 1970; None on a file system that does not note it (FAT). Raises OSError."""
        return path.stat().st_ctime_ns
