"""Who may import and do what: by syntax tree for the rules, in fresh processes for what really is loaded."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from station.commands.cli import COMMANDS
from tests.sources import FILES, PACKAGE_NAMES, ROOT, calls, imported, importers, name_of, offered, tree

MAX_LINES = 300
PRINTERS = {"uploader/centre/issuer.py"}
"""A command for the centre's server; all others talk through station.words.talk."""
POSIX_MODULES = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
POSIX_NAMES = {
    "os": {
        "fork",
        "forkpty",
        "getloadavg",
        "geteuid",
        "getgid",
        "getuid",
        "killpg",
        "mkfifo",
        "nice",
        "setsid",
    }
    | {"sched_getaffinity", "sched_setaffinity", "statvfs", "uname", "wait", "WNOHANG"},
    "signal": {
        "SIGALRM",
        "SIGCHLD",
        "SIGCONT",
        "SIGHUP",
        "SIGKILL",
        "SIGPIPE",
        "SIGQUIT",
        "SIGSTOP",
        "SIGTSTP",
    }
    | {"SIGUSR1", "SIGUSR2", "alarm", "pthread_sigmask", "setitimer", "siginterrupt"},
}
"""What the standard library has on POSIX only, as far as a program like this could want it."""


# --- who imports what


def test_layers_hold() -> None:
    program = "from importlinter.cli import lint_imports_command as run; run(['--no-logo', '--no-cache'])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout
    assert "KEPT" in done.stdout


def test_only_the_screens_import_textual() -> None:
    assert all(name.startswith("station/tui/") for name in importers("textual"))
    assert importers("textual")


def test_only_one_file_imports_sounddevice() -> None:
    assert importers("sounddevice") == {"audio/device/portaudio.py"}


def test_only_the_uploader_imports_requests() -> None:
    assert importers("requests")
    assert all(name.startswith("uploader/") for name in importers("requests"))


def test_at_most_one_file_writes_with_soundfile() -> None:
    """Takes are written by our own crash-safe writer; libsndfile only encodes what is finished."""
    writers = set()
    for file in FILES:
        for name, call in calls(file):
            texts = [node.value for node in ast.walk(call) if isinstance(node, ast.Constant)]
            opens = name.endswith("SoundFile") and {"w", "w+", "x", "x+", "r+"} & set(map(str, texts))
            if name in ("soundfile.write", "sf.write") or opens:
                writers.add(name_of(file))
    assert len(writers) <= 1, writers


def loaded(*arguments: str, program: tuple[str, ...] = ("-m", "station")) -> set[str]:
    """Top-level modules that `station ARGUMENTS`, or another program, imports in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *program, *arguments],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1"},
    )
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    assert done.returncode in (0, 1), done.stderr
    assert lines
    return {line.rsplit("|", 1)[1].strip().split(".")[0] for line in lines}


@pytest.mark.sampled(18, fewest=1)
@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "run"])
def test_help_of_a_command_loads_no_screen_no_sound_driver_and_no_network(command: str) -> None:
    modules = loaded(command, "--help")
    assert "click" in modules
    assert not {"textual", "sounddevice"} & modules


def test_help_of_the_group_is_quick() -> None:
    assert not {"textual", "sounddevice", "numpy", "requests", "soundfile"} & loaded("--version")


@pytest.mark.costly
def test_commands_at_work_load_no_screens(tmp_path: Path) -> None:
    folder = tmp_path / "示例"
    settings = ("--config", str(folder / "station.toml"))
    work = (
        ("init", str(folder)),
        ("kit", "check", str(folder / "kit")),
        ("roster", "check", str(folder / "roster.csv")),
        ("devices", "--json"),
        ("queue", "list", "--json", *settings),
        ("recover", "--json", *settings),
    )
    for arguments in work:
        assert not {"textual", "sounddevice"} & loaded(*arguments), arguments


def test_listing_the_queue_does_not_wait_for_numpy(tmp_path: Path) -> None:
    loaded("init", str(tmp_path))
    assert not {"numpy", "soundfile", "soxr"} & loaded(
        "queue", "list", "--config", str(tmp_path / "station.toml")
    )


@pytest.mark.costly
def test_the_first_screen_waits_for_no_measuring_no_pages_and_no_signatures() -> None:
    """Half a second of a school's computer, and two on an old one: they are loaded when they are needed."""
    program = ("-c", "import station.commands.run, station.run.station, station.tui.app")
    found = loaded(program=program)
    assert "textual" in found
    assert not {"numpy", "soundfile", "soxr", "sounddevice", "jinja2", "xlsxwriter", "cryptography"} & found


def test_the_centres_command_loads_neither_network_nor_models_nor_sound() -> None:
    found = loaded("--help", program=("-m", "uploader.receipts"))
    assert "cryptography" in found
    assert not {"requests", "pydantic", "textual", "sounddevice", "soundfile", "numpy"} & found


def test_what_a_package_offers_is_loaded_only_when_it_is_used() -> None:
    program = ("-c", "import " + ", ".join(sorted(name for name in PACKAGE_NAMES if offered(name))))
    third_party = {"textual", "requests", "pydantic", "numpy", "soundfile", "sounddevice", "cryptography"}
    assert not third_party & loaded(program=program)


# --- what runs on Windows too


def guarded(file: Path) -> set[ast.AST]:
    """Nodes below a condition on the platform, or in a `try` that is ready for the module's absence."""
    found: set[ast.AST] = set()
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.If | ast.IfExp):
            platform = any(word in ast.unparse(node.test) for word in ("sys.platform", "os.name", "hasattr("))
        else:
            platform = isinstance(node, ast.Try) and any(
                "ImportError" in ast.unparse(handler.type) for handler in node.handlers if handler.type
            )
        if platform:
            found.update(ast.walk(node))
    return found


def posix_only(node: ast.AST) -> bool:
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return node.attr in POSIX_NAMES.get(node.value.id, ())
    if isinstance(node, ast.ImportFrom) and node.module in POSIX_NAMES:
        return any(alias.name in POSIX_NAMES[node.module] for alias in node.names)
    return bool(POSIX_MODULES & set(imported(node)))


@pytest.mark.costly
def test_posix_is_used_only_where_the_platform_was_asked() -> None:
    found = [
        f"{name_of(file)}: {ast.unparse(node)}"
        for file in FILES
        for node in set(filter(posix_only, ast.walk(tree(file)))) - guarded(file)
    ]
    assert found == []


def opens_text(name: str, call: ast.Call) -> bool:
    """Whether a call opens a file as text: by its name, or by a text mode among its arguments."""
    if name.endswith((".read_text", ".write_text")):
        return True
    first = call.args[1 if name == "open" else 0 :][:1]
    mode = first[0].value if first and isinstance(first[0], ast.Constant) else "r" if name == "open" else None
    return name.endswith("open") and mode in ("r", "w", "a", "x", "r+", "w+", "a+", "x+")


def test_text_files_are_opened_as_utf8() -> None:
    """Chinese Windows would take GBK."""
    found = [
        f"{name_of(file)}:{call.lineno}: {ast.unparse(call)}"
        for file in FILES
        for name, call in calls(file)
        if opens_text(name, call) and "encoding" not in {word.arg for word in call.keywords}
    ]
    assert found == []


def test_an_error_is_never_taken_for_an_absent_file() -> None:
    """From Python 3.14 on these methods say no to every error; is_there() and its like say what it was."""
    found = [
        f"{name_of(file)}:{call.lineno}: {ast.unparse(call)}"
        for file in FILES
        for name, call in calls(file)
        if name.endswith((".exists", ".is_file", ".is_dir")) and not call.args
    ]
    assert found == []


# --- one place for one thing

SYNCING = {
    "config/disk/files.py",  # whole files
    "audio/file/syncing.py",  # a take while it grows
    "audio/file/takefile.py",  # its end
    "audio/file/partfile.py",  # one that was not finished
    "uploader/carry/packfile.py",  # a copy whose digest is taken on the way
    "uploader/centre/folder.py",  # what another program has stored
    "station/checks/computer/hardware.py",  # measures how long it takes
}


def callers(*names: str) -> set[str]:
    return {name_of(file) for file in FILES for name, _ in calls(file) if name in names}


def test_whole_files_are_written_in_one_place() -> None:
    assert callers("os.fsync", "fsync") == SYNCING


def test_digests_of_files_are_taken_in_one_place() -> None:
    assert callers("hashlib.file_digest") == {"config/disk/files.py"}


def test_chunks_of_wav_files_are_walked_in_one_place() -> None:
    """One module reads the mark at the beginning of a WAV, another one writes it."""
    found = {
        name_of(file)
        for file in FILES
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Constant) and node.value == b"RIFF"
    }
    assert found == {"config/takes/riff.py", "audio/file/waveheader.py"}


# --- form


def test_no_file_is_too_long_to_be_read_at_once() -> None:
    files = [*FILES, *(ROOT / "tests").rglob("*.py")]
    lines = {name_of(file): len(file.read_text(encoding="utf-8").splitlines()) for file in files}
    assert {name: count for name, count in lines.items() if count > MAX_LINES} == {}


def test_no_package_prints() -> None:
    found = {name_of(file) for file in FILES for name, _ in calls(file) if name == "print"}
    assert found <= PRINTERS
