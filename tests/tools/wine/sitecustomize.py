"""For Python under Wine only: what Wine 8 claims to have and has not."""

import _winapi
import sys

# Copying falls back to reading and writing.
if hasattr(_winapi, "CopyFile2"):
    del _winapi.CopyFile2
# platform.uname() asks the management service, which never answers here.
sys.modules["_wmi"] = None  # type: ignore[assignment]
