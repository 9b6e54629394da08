"""Who may import and do what: by syntax tree for the rules, in fresh processes for what really is loaded."""

from __future__ import annotations

import ast
import importlib
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from station.commands.cli import COMMANDS

ROOT = Path(__file__).parents[1]
PACKAGES = ("station", "audio", "uploader", "config")
MAX_LINES = 300
FILES = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
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


def name_of(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def imported(node: ast.AST) -> list[str]:
    """Top-level modules that one statement imports."""
    if isinstance(node, ast.Import):
        return [alias.name.split(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module.split(".")[0]]
    return []


def importers(module: str) -> set[str]:
    return {name_of(file) for file in FILES if any(module in imported(node) for node in ast.walk(tree(file)))}


def calls(file: Path) -> Iterator[tuple[str, ast.Call]]:
    """(dotted name as far as it is one, call)."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


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


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "run"])
def test_help_of_a_command_loads_no_screen_no_sound_driver_and_no_network(command: str) -> None:
    modules = loaded(command, "--help")
    assert "click" in modules
    assert not {"textual", "sounddevice"} & modules


def test_help_of_the_group_is_quick() -> None:
    assert not {"textual", "sounddevice", "numpy", "requests", "soundfile"} & loaded("--version")


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


def test_the_centres_command_loads_neither_network_nor_models_nor_sound() -> None:
    found = loaded("--help", program=("-m", "uploader.receipts"))
    assert "cryptography" in found
    assert not {"requests", "pydantic", "textual", "sounddevice", "soundfile", "numpy"} & found


def test_what_a_package_offers_is_loaded_only_when_it_is_used() -> None:
    program = ("-c", "import " + ", ".join(sorted(name for name in PACKAGE_NAMES if offered(name))))
    third_party = {"textual", "requests", "pydantic", "numpy", "soundfile", "sounddevice", "cryptography"}
    assert not third_party & loaded(program=program)


# --- the rooms


def module_of(file: Path) -> str:
    return name_of(file).removesuffix(".py").removesuffix("/__init__").replace("/", ".")


MODULES = {module_of(file): file for file in FILES}
PACKAGE_NAMES = {name for name, file in MODULES.items() if file.name == "__init__.py"}
ONE_PURPOSE = ("station.commands", "station.tui.screens")
"""Folders with a module for each command and each screen."""
MIRRORED = {"TakeStarted", "TakeSaved", "TakeFailed"}
"""Events of the capture process that the session has, too: their names are in the journal and on the wire."""
MAX_OFFERED = 18
LAZY = "config.base.faces"
"""What every package's `__init__` is made with."""


def imports_of(module: str) -> Iterator[tuple[str, str]]:
    """(package or module, name) of every `from ours import name` of a module."""
    for node in ast.walk(tree(MODULES[module])):
        if isinstance(node, ast.ImportFrom) and set(imported(node)) & set(PACKAGES):
            for alias in node.names:
                yield str(node.module), alias.name


def offered(package: str) -> list[str]:
    """Names in the `__all__` of a package."""
    for node in tree(MODULES[package]).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return [str(name) for name in ast.literal_eval(node.value)]
    return []


def home(package: str, name: str) -> str:
    """The module that a name of a package's `__init__` or of a module comes from."""
    if f"{package}.{name}" in MODULES:
        return f"{package}.{name}"
    if package in PACKAGE_NAMES:
        return next((inner for inner, found in imports_of(package) if found == name), package)
    return package


def uses(module: str) -> set[str]:
    """Modules of ours whose code a module uses, through whatever `__init__` offers them."""
    found = {home(package, name) for package, name in imports_of(module)}
    found |= {
        name
        for node in ast.walk(tree(MODULES[module]))
        if isinstance(node, ast.Import)
        for alias in node.names
        if (name := alias.name) in MODULES
    }
    if module in PACKAGE_NAMES:
        found = {name for name in found if not name.startswith(f"{module}.")}
    return found - {module}


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Computed from all imports, also those inside functions and for the type checker only."""
    left = {module: uses(module) for module in MODULES}
    while free := {module for module, used in left.items() if not used & left.keys()}:
        left = {module: used for module, used in left.items() if module not in free}
    # What only leads into a circle is none of it.
    while outer := left.keys() - set().union(*left.values()):
        left = {module: used for module, used in left.items() if module not in outer}
    assert sorted(left) == []


def test_a_house_is_entered_by_what_its_packages_offer() -> None:
    found = [
        f"{module}: from {package} import {name}"
        for module in MODULES
        for package, name in imports_of(module)
        if package.split(".")[0] != module.split(".")[0]
        and not (package in PACKAGE_NAMES and name in offered(package))
    ]
    assert found == []


@pytest.mark.parametrize("package", sorted(name for name in PACKAGE_NAMES if offered(name)))
def test_a_package_has_what_it_offers_and_no_more(package: str) -> None:
    names = offered(package)
    assert len(names) <= MAX_OFFERED
    found = importlib.import_module(package)
    for name in names:
        place = home(package, name)
        module = importlib.import_module(place)
        assert getattr(found, name) is (module if place.endswith(f".{name}") else getattr(module, name))
    # What only the type checker finds, or what it would believe although nobody finds it.
    checked = {name for inner, name in imports_of(package) if inner.startswith(package) and inner != LAZY}
    assert checked <= set(names)
    assert not hasattr(found, "nothing_of_this_name")


def inside(package: str) -> set[str]:
    """Modules and packages directly below a package."""
    return {name for name in MODULES if name.rpartition(".")[0] == package}


@pytest.mark.parametrize("package", sorted(PACKAGE_NAMES))
def test_every_module_stands_in_the_map_of_its_package(package: str) -> None:
    text = ast.get_docstring(tree(MODULES[package])) or ""
    listed = {line.split()[0] for line in text.splitlines()[2:] if re.match(r"\w+  ", line)}
    assert listed == {name.rpartition(".")[2] for name in inside(package)}


def test_a_room_has_at_most_fourteen_modules() -> None:
    rooms = {
        package: len(inside(package) - PACKAGE_NAMES) for package in PACKAGE_NAMES - {"station.commands"}
    }
    assert {package: count for package, count in rooms.items() if count > 14} == {}


def doubled(names: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Name -> where, of those that stand in several places."""
    found: dict[str, list[str]] = {}
    for name, place in names:
        found.setdefault(name, []).append(place)
    return {name: places for name, places in found.items() if len(places) > 1}


def test_one_file_name_means_one_module() -> None:
    modules = [name for name in MODULES if name not in PACKAGE_NAMES and not name.startswith(ONE_PURPOSE)]
    assert set(doubled((name.rpartition(".")[2], name) for name in modules)) <= {"__main__"}


def test_one_class_name_means_one_thing() -> None:
    classes = [
        (node.name, name_of(file))
        for file in FILES
        for node in ast.walk(tree(file))
        if isinstance(node, ast.ClassDef)
    ]
    assert set(doubled(classes)) <= MIRRORED


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


# --- form


def test_no_file_is_too_long_to_be_read_at_once() -> None:
    lines = {name_of(file): len(file.read_text(encoding="utf-8").splitlines()) for file in FILES}
    assert {name: count for name, count in lines.items() if count > MAX_LINES} == {}


def test_no_package_prints() -> None:
    found = {name_of(file) for file in FILES for name, _ in calls(file) if name == "print"}
    assert found <= PRINTERS
