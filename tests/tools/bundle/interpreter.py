"""Python inside a bundle: in the folder `python`, which finds its library and `app` and nothing else.

A file `._pth` beside the interpreter says where modules are. With it Python ignores every variable, the
registry, the user's packages and the current folder, for itself and for the capture process that it starts.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from station.release import APP
from tests.tools.bundle.platforms import Platform
from tests.tools.environment import SetupError
from tests.tools.portable.artifacts import PYTHON_VERSION, fetch
from tests.tools.portable.folder import LEFT_OUT, TOOLKIT, lay_out, unpack
from tests.tools.portable.forwarding import write_python3_dll

FOLDER = "python"
MAVEN_LINUX = PurePosixPath("org/bytedeco/cpython/linux-x86_64")
UNUSED = LEFT_OUT | {
    "config",
    "pydoc_data",
    "turtle.py",
    "__pycache__",
    "distutils",
    "Doc",
    "Tools",
    "include",
    "libs",
}
"""Of the library: tests, editors, window toolkits, installers, headers, help texts."""
UNUSED_MODULE = re.compile(r"_test\w*|_ctypes_test|_xxtestfuzz|xx\w+|_tkinter|_tclpy")
LIBRARY = re.compile(r"lib/python3\.\d+/")
SHARED = re.compile(r".+\.so(\.\d+)*")


def put(platform: Platform, given: Path | None, bundle: Path) -> str:
    """Write the folder `python` of a bundle; its version as "3.N". Raises SetupError."""
    target = bundle / FOLDER
    if given is None:
        _from_maven(platform, target)
        version = PYTHON_VERSION.rpartition(".")[0]
    else:
        version = _from_folder(platform, given, target)
    return version


def _from_maven(platform: Platform, target: Path) -> None:
    if platform.python is None:
        raise SetupError(
            f"There is no Python for {platform.name} to fetch. Name a folder that has one: "
            f'make bundle ARGS="{platform.name} --python FOLDER"'
        )
    if platform.windows:
        lay_out(target, [])
        for name in list(_files(target)):
            if not wanted_on_windows(name):
                (target / name).unlink()
        return
    unpack(fetch(platform.python), target, _of_maven)
    program(platform, PYTHON_VERSION, target).chmod(0o755)


def _of_maven(name: PurePosixPath) -> str | None:
    """Where a file of Maven's Linux Python belongs; None if nobody needs it."""
    if not name.is_relative_to(MAVEN_LINUX):
        return None
    inside = name.relative_to(MAVEN_LINUX)
    if len(inside.parts) == 1 and re.fullmatch(r"libpython3.*\.so\.1\.0|libffi\.so\.8", inside.name):
        return f"lib/{inside}"
    return str(inside) if wanted_on_linux(str(inside)) else None


def wanted_on_linux(name: str) -> bool:
    """Whether the station uses a file of a Linux Python; `name` is relative to its folder."""
    path = PurePosixPath(name)
    if re.fullmatch(r"bin/python3\.\d+", name):
        return True
    if len(path.parts) == 2 and path.parts[0] == "lib":
        return SHARED.fullmatch(path.name) is not None
    return LIBRARY.match(name) is not None and wanted(path.parts[2:])


def wanted(parts: tuple[str, ...]) -> bool:
    """Whether the station uses a file of Python's library; `parts` are relative to it."""
    module = parts[-1].partition(".")[0]
    unused = any(part in UNUSED or part.startswith("config-") for part in parts)
    binary = parts[-1].endswith(".pyd") or SHARED.fullmatch(parts[-1]) is not None
    return not (unused or parts[-1].endswith((".a", ".lib")) or (binary and UNUSED_MODULE.fullmatch(module)))


def _from_folder(platform: Platform, given: Path, target: Path) -> str:
    """Copy what the station uses of a Python; its version. Raises SetupError."""
    version = version_of(platform, given)
    for name in sorted(_files(given)):
        if wanted_on_windows(name) if platform.windows else wanted_on_linux(name):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(given / name, target / name)
    number = machine(program(platform, version, target))
    if number != platform.magic:
        raise SetupError(f"The Python in {given} is for another kind of computer than {platform.name}.")
    if platform.windows and not (target / "python3.dll").is_file():
        write_python3_dll(target, f"python{version.replace('.', '')}")
    return version


def _files(folder: Path) -> Iterator[str]:
    return (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def wanted_on_windows(name: str) -> bool:
    """The same for Windows, as the installer lays Python out, or python.org's embeddable archive."""
    path = PurePosixPath(name)
    if len(path.parts) == 1:
        kept = path.suffix in (".exe", ".dll", ".pyd", ".zip") or path.name.startswith("LICENSE")
        return kept and wanted(path.parts) and name not in TOOLKIT
    return path.parts[0] in ("Lib", "DLLs") and wanted(path.parts[1:]) and path.name not in TOOLKIT


def version_of(platform: Platform, folder: Path) -> str:
    """ "3.N" of the Python in a folder. Raises SetupError."""
    where, pattern = (
        (folder, r"python3(\d+)\.dll") if platform.windows else (folder / "bin", r"python3\.(\d+)")
    )
    found = [match[1] for path in where.glob("python3*") if (match := re.fullmatch(pattern, path.name))]
    if len(found) != 1:
        there = "none" if not found else "more than one"
        raise SetupError(f"{folder} should hold one Python for {platform.name}, but there is {there}.")
    return f"3.{found[0]}"


def program(platform: Platform, version: str, folder: Path) -> Path:
    """The interpreter in the folder `python`."""
    if platform.windows:
        return folder / "python.exe"
    return folder / "bin" / f"python{'.'.join(version.split('.')[:2])}"


def machine(file: Path) -> int:
    """For which machine a program was made: the number in its ELF or PE header; 0 for neither."""
    head = file.read_bytes()[:4096]
    if head[:4] == b"\x7fELF":
        return int.from_bytes(head[18:20], "little")
    start = int.from_bytes(head[60:64], "little")
    return (
        int.from_bytes(head[start + 4 : start + 6], "little") if head[start : start + 4] == b"PE\0\0" else 0
    )


def close(platform: Platform, version: str, bundle: Path) -> None:
    """Let Python see its own library and `app` only."""
    folder = bundle / FOLDER
    if platform.windows:
        digits = version.replace(".", "")
        places = [name for name in (f"python{digits}.zip", "DLLs", "Lib") if (folder / name).exists()]
        lines, file = [*places, ".", rf"..\{APP}"], folder / f"python{digits}._pth"
    else:
        library = f"../lib/python{version}"
        lines = [library, f"{library}/lib-dynload", f"../../{APP}"]
        file = folder / "bin" / f"python{version}._pth"
    # Without the last line there are no packages that come with a .pth, and no sitecustomize.
    file.write_text("\n".join([*lines, "import site", ""]), encoding="utf-8", newline="\n")
