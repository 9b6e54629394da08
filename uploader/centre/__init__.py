"""The centre's half of the proof. Loads network and database only where they are asked for.

holding       what lies in a store, alike for folders and S3
folder        finished uploads in a server's folder
bucket        finished uploads in an S3 bucket
leftparts     what a server that died left in parts there
attest        a receipt from an upload's bytes
ledger        what the centre has, shared by all workers
ledgerfile    the ledger's database by its address
takecounts    uploads counted as takes
accounts      the ledger to compare with the stations' own accounts
centreworker  looks, claims, reads, writes receipts
issuer        the command
"""

from typing import TYPE_CHECKING

from config.base import lazy

__all__ = ["Accounts"]

if TYPE_CHECKING:
    from uploader.centre.accounts import Accounts
else:
    __getattr__ = lazy(__name__, {"accounts": ("Accounts",)})
