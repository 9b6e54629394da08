"""Which modules protect recordings, proofs, accounts and identity. Areas are those of docs/mutants.md."""

from __future__ import annotations

from tests.tools.environment import ROOT

AREAS: dict[str, tuple[str, ...]] = {
    "take file": (
        "audio/file/takefile.py",
        "audio/file/waveheader.py",
        "audio/file/partfile.py",
        "audio/file/syncing.py",
        "config/disk/files.py",
    ),
    "recorder": ("audio/capture/recorder.py", "audio/capture/running_take.py"),
    "loss": ("audio/capture/loss.py",),
    "verdict": (
        "audio/judge/evidence.py",
        "audio/judge/reasons.py",
        "audio/judge/song.py",
        "audio/judge/verdict.py",
    ),
    "recovery": (
        "audio/file/recover.py",
        "station/takes/identity.py",
        "station/takes/rebuild.py",
        "station/takes/salvage.py",
        "station/takes/settle.py",
        "config/takes/sidecar.py",
    ),
    "session": (
        "station/session/chair.py",
        "station/session/decisions.py",
        "station/session/machine.py",
        "station/session/moves.py",
        "station/session/state.py",
    ),
    "journal": ("station/session/chain.py", "station/session/journal.py", "station/session/replay.py"),
    "conductor": ("station/run/conductor.py", "station/run/effect_runner.py"),
    "start-up": ("station/run/station.py", "station/run/lock.py"),
    "queue": (
        "uploader/queue/queue.py",
        "uploader/queue/row.py",
        "uploader/queue/states.py",
        "uploader/queue/store.py",
        "uploader/queue/take.py",
    ),
    "sender": (
        "uploader/send/delivery.py",
        "uploader/send/losses.py",
        "uploader/send/outcome.py",
        "uploader/send/retry.py",
        "uploader/send/sender.py",
        "uploader/send/worker.py",
    ),
    "proof": ("uploader/prove/integrity.py", "uploader/prove/proof.py", "uploader/prove/trust.py"),
    "receipts": (
        "uploader/prove/receipt.py",
        "uploader/prove/receiptfile.py",
        "uploader/prove/restore.py",
        "uploader/prove/signature.py",
        "uploader/carry/receiptpack.py",
    ),
    "retention": ("uploader/carry/retention.py", "station/takes/cleanup.py"),
    "carry": ("uploader/carry/pack.py", "uploader/carry/packfile.py"),
    "roster": (
        "config/roster/headings.py",
        "config/roster/kinds.py",
        "config/roster/rosterfile.py",
        "config/roster/rows.py",
        "config/roster/studentid.py",
        "config/roster/table.py",
        "config/roster/workbook.py",
    ),
    "screens": (
        "station/tui/actions.py",
        "station/tui/numbers.py",
        "station/tui/primary.py",
        "station/tui/scanner.py",
        "station/tui/screens/session.py",
    ),
}
"""Area -> files."""
CLOSE: dict[str, tuple[str, ...]] = {
    "take file": ("audio/file", "audio/capture_process", "config/disk"),
    "recorder": ("audio/capture_process", "audio/test_faults.py"),
    "loss": ("audio/capture_process", "audio/test_faults.py"),
    "verdict": ("audio/judge",),
    "recovery": ("audio/file", "config/takes", "station/test_identity.py", "station/test_newer_sidecar.py"),
    "session": ("station/session", "station/run/test_conductor.py"),
    "journal": ("station/session", "station/seal"),
    "conductor": ("station/run",),
    "start-up": ("station/run",),
    "queue": ("uploader/queue",),
    "sender": ("uploader/send",),
    "proof": ("uploader/prove",),
    "receipts": ("uploader/prove", "uploader/carry"),
    "retention": ("uploader/carry", "station/test_cleanup.py"),
    "carry": ("uploader/carry",),
    "roster": ("config/roster",),
    "screens": ("station/tui",),
}
"""Area -> the folders and files of tests/ that are about it: asked first, and alone with --close."""
FILES = tuple(file for files in AREAS.values() for file in files)
BUILD = ROOT / "build" / "mutants"
"""What was measured and found; make clean removes it."""
