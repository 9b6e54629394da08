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
RECORDING = ("audio/capture_process", "audio/test_faults.py")
DELIVERY = (
    "uploader/queue",
    "uploader/send",
    "uploader/prove",
    "uploader/carry",
    "uploader/centre/test_receipts.py",
)
DATABASES = ("config/disk", "station/commands/test_broken_database.py", "station/test_stored_words.py")
FOUND_AGAIN = ("station/commands/test_recover.py", "station/test_found_again.py", "station/test_identity.py")
SCREENS_OF_A_SESSION = ("checkin", "closing", "day", "decisions", "numbers", "offered", "stage", "walk")
CLOSE: dict[str, tuple[str, ...]] = {
    "take file": ("audio/file", "config/disk", *RECORDING, *FOUND_AGAIN, "station/test_odd_material.py"),
    "recorder": RECORDING,
    "loss": (*RECORDING, "audio/device/test_drift.py"),
    "verdict": (
        "audio/judge",
        "audio/measure",
        "audio/device/test_drift.py",
        "audio/capture_process/test_interrupted.py",
        "audio/capture_process/test_loss.py",
        "station/checks/test_limits.py",
        "station/demo/test_singers.py",
    ),
    "recovery": (
        "audio/file",
        "config/takes",
        *RECORDING,
        *FOUND_AGAIN,
        "station/commands/test_version_before.py",
        "station/run/test_station.py",
        "station/takes",
        "station/test_cleanup.py",
        "station/test_newer_sidecar.py",
        "station/test_settled.py",
    ),
    "session": (
        "station/session",
        "station/seal",
        "station/run",
        "station/demo/test_proctor.py",
        "station/status/test_collector.py",
        "station/test_found_again.py",
        *(f"station/tui/test_{name}.py" for name in SCREENS_OF_A_SESSION),
    ),
    "journal": (
        "station/session",
        "station/seal",
        "station/run",
        *DATABASES,
        "station/commands/test_report.py",
        "station/status/test_collector.py",
        "station/test_identity.py",
        "station/test_naming.py",
    ),
    "conductor": ("station/run", "station/demo/test_proctor.py", "station/terminal/test_signals.py"),
    "start-up": (
        "station/run",
        "station/checks/test_pass.py",
        "station/commands/test_rehearsal.py",
        "station/commands/test_waiting.py",
        "station/status/test_plain_server.py",
        *FOUND_AGAIN,
    ),
    "queue": (*DELIVERY, *DATABASES, "uploader/tus", "station/seal", "station/run/test_station_parts.py"),
    "sender": (*DELIVERY, "uploader/tus", "station/run/test_delivering.py"),
    "proof": (*DELIVERY, "station/test_newer_sidecar.py"),
    "receipts": DELIVERY,
    "retention": ("uploader/carry", "uploader/queue", "station/test_cleanup.py"),
    "carry": DELIVERY,
    "roster": (
        "config/roster",
        "config/test_samples.py",
        "station/commands/test_roster_command.py",
        "station/commands/test_report.py",
    ),
    "screens": ("station/tui", "station/terminal/test_held.py", "station/terminal/test_bytes.py"),
}
"""Area -> the folders and files of tests/ that are about it: asked first, and alone with --close."""
ABOUT = {"station/tui/screens/session.py": "tests/station/tui/test_home"}
"""Module -> how the paths of its own tests begin, where they are not in a folder named as its own."""
FILES = tuple(file for files in AREAS.values() for file in files)
BUILD = ROOT / "build" / "mutants"
"""What was measured and found; make clean removes it."""
