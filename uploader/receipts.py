"""The centre's command: `python -m uploader.receipts STORE OUT [--sign-key KEY]`; see docs/receipts.md."""

from __future__ import annotations

import sys

from uploader.centre.issuer import main

if __name__ == "__main__":
    sys.exit(main())
