"""A file's list of rights on Windows, read and written by the system's own functions, as SDDL.

The words of SDDL are the same in every language of Windows
(learn.microsoft.com/windows/win32/secauthz/security-descriptor-string-format). No program is started for it:
each costs a school's computer a part of a second, and not every Windows has icacls or whoami.
"""

from __future__ import annotations

import sys
from pathlib import Path

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    FILE_OBJECT = 1
    DACL, PROTECTED, UNPROTECTED = 0x4, 0x80000000, 0x20000000
    REVISION = 1
    TOKEN_QUERY, TOKEN_USER = 0x8, 1
    Pointer = ctypes.c_void_p
    _advapi = ctypes.WinDLL("advapi32", use_last_error=True)
    _kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel.LocalFree.argtypes = [Pointer]
    _kernel.GetCurrentProcess.restype = wintypes.HANDLE

    def read(path: Path) -> str:
        """Who may do what with a file or folder. Raises OSError."""
        descriptor, text = Pointer(), Pointer()
        try:
            code = _advapi.GetNamedSecurityInfoW(
                str(path), FILE_OBJECT, DACL, None, None, None, None, ctypes.byref(descriptor)
            )
            if code:
                raise ctypes.WinError(code)
            _need(
                _advapi.ConvertSecurityDescriptorToStringSecurityDescriptorW(
                    descriptor, REVISION, DACL, ctypes.byref(text), None
                )
            )
            return ctypes.wstring_at(text.value or 0)
        finally:
            _kernel.LocalFree(descriptor)
            _kernel.LocalFree(text)

    def write(path: Path, sddl: str, *, inherits: bool) -> None:
        """Give it these rights, and those of the folder that it lies in where it inherits. Raises OSError."""
        descriptor, rights = Pointer(), Pointer()
        present, defaulted = wintypes.BOOL(), wintypes.BOOL()
        try:
            _need(
                _advapi.ConvertStringSecurityDescriptorToSecurityDescriptorW(
                    sddl, REVISION, ctypes.byref(descriptor), None
                )
            )
            _need(
                _advapi.GetSecurityDescriptorDacl(
                    descriptor, ctypes.byref(present), ctypes.byref(rights), ctypes.byref(defaulted)
                )
            )
            what = DACL | (UNPROTECTED if inherits else PROTECTED)
            code = _advapi.SetNamedSecurityInfoW(
                str(path), FILE_OBJECT, wintypes.DWORD(what), None, None, rights, None
            )
            if code:
                raise ctypes.WinError(code)
        finally:
            _kernel.LocalFree(descriptor)

    def own_sid() -> str:
        """The security identifier of this account. Raises OSError."""
        token, size, text = wintypes.HANDLE(), wintypes.DWORD(), Pointer()
        process = wintypes.HANDLE(_kernel.GetCurrentProcess())
        _need(_advapi.OpenProcessToken(process, TOKEN_QUERY, ctypes.byref(token)))
        try:
            _advapi.GetTokenInformation(token, TOKEN_USER, None, 0, ctypes.byref(size))
            user = ctypes.create_string_buffer(size.value)
            _need(_advapi.GetTokenInformation(token, TOKEN_USER, user, size, ctypes.byref(size)))
            sid = Pointer.from_buffer(user)
            _need(_advapi.ConvertSidToStringSidW(sid, ctypes.byref(text)))
            return ctypes.wstring_at(text.value or 0)
        finally:
            _kernel.LocalFree(text)
            _kernel.CloseHandle(token)

    def _need(done: int) -> None:
        if not done:
            raise ctypes.WinError(ctypes.get_last_error())

else:

    def read(path: Path) -> str:
        """Of Windows only."""
        raise NotImplementedError

    def write(path: Path, sddl: str, *, inherits: bool) -> None:
        """Of Windows only."""
        raise NotImplementedError

    def own_sid() -> str:
        """Of Windows only."""
        raise NotImplementedError
