"""A folder with its own Python: everything in it is pinned, and nothing of it lands anywhere else."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from tests.tools import wheels as proof
from tests.tools.environment import SetupError
from tests.tools.portable import artifacts, folder, forwarding, pe, wheelhouse
from tests.tools.portable.artifacts import Artifact, fetch

HERE = "org/bytedeco/cpython/windows-x86_64"


def archive(file: Path, *names: str) -> Path:
    with zipfile.ZipFile(file, "w") as made:
        for name in names:
            made.writestr(name, name)
    return file


@pytest.mark.parametrize("tests", [True, False])
def test_every_wheel_of_the_folder_is_pinned_with_its_hashes(tests: bool) -> None:
    text = wheelhouse.wanted(wheelhouse.WINDOWS, tests)
    environment = dict(wheelhouse.WINDOWS.environment)
    needed = proof.run_time(environment)
    named = set(re.findall(r"^([a-z0-9][\w.-]*)==", text.lower(), re.MULTILINE))
    assert {name.replace("_", "-") for name in named} >= needed
    assert (named >= wheelhouse.FOR_TESTS) is tests
    parts = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}\n$", part) for part in parts)
    assert "mypy" not in named
    assert "sys_platform" not in text


def test_a_file_from_maven_that_is_not_the_pinned_one_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = Artifact("org.example:thing:1.0:jar:windows-x86_64", "0" * 64)

    def copy(mvn: str, artifact: Artifact, target: str) -> None:
        (Path(target) / artifact.file).write_bytes(b"something else")

    monkeypatch.setattr(artifacts, "_copy", copy)
    monkeypatch.setattr("shutil.which", lambda name: name)
    with pytest.raises(SetupError, match="is not the file that is pinned"):
        fetch(wanted, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_in_the_cache_is_fetched_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = tmp_path / "good"
    good.write_bytes(b"content")
    wanted = Artifact("org.example:thing:1.0:jar:windows-x86_64", artifacts.digest(good))
    (tmp_path / wanted.file).write_bytes(b"damaged")
    monkeypatch.setattr(
        artifacts, "_copy", lambda mvn, what, target: shutil.copy(good, Path(target) / what.file)
    )
    monkeypatch.setattr("shutil.which", lambda name: name)
    assert fetch(wanted, tmp_path).read_bytes() == b"content"


def test_without_maven_one_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetupError, match=r"^Maven \(mvn\) is not installed\.$"):
        fetch(artifacts.WINDOWS_PYTHON, tmp_path)


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("bin/python.exe", "python.exe"),
        ("python313.dll", "python313.dll"),
        ("lib/_ssl.pyd", "DLLs/_ssl.pyd"),
        ("lib/libffi-8.dll", "DLLs/libffi-8.dll"),
        ("lib/json/decoder.py", "Lib/json/decoder.py"),
        ("lib/os.py", "Lib/os.py"),
        ("lib/test/test_os.py", None),
        ("lib/pip/__init__.py", None),
        ("lib/vcruntime140.dll", None),
        ("include/Python.h", None),
        ("jnipython.dll", None),
    ],
)
def test_the_interpreter_finds_its_library_without_settings(name: str, place: str | None) -> None:
    assert folder._place(PurePosixPath(HERE) / name) == place


@pytest.mark.parametrize("name", ["../out.py", "a/../../out.py", "/out.py", "C:/out.py"])
def test_no_archive_writes_outside_of_the_folder(tmp_path: Path, name: str) -> None:
    wheel = archive(tmp_path / "bad-1-py3-none-any.whl", name)
    with pytest.raises(ValueError, match="outside of its folder"):
        folder.unpack_wheel(wheel, tmp_path / "site")
    assert not (tmp_path / "out.py").exists()


def test_a_wheel_is_unpacked_as_pip_would(tmp_path: Path) -> None:
    wheel = archive(
        tmp_path / "a-1-py3-none-any.whl",
        "a/__init__.py",
        "a-1.dist-info/METADATA",
        "a-1.data/purelib/b.py",
        "a-1.data/scripts/a",
    )
    site = tmp_path / "site"
    folder.unpack_wheel(wheel, site)
    files = {file.relative_to(site).as_posix() for file in site.rglob("*") if file.is_file()}
    assert files == {"a/__init__.py", "a-1.dist-info/METADATA", "b.py"}


def test_the_forwarding_dll_has_every_name_and_twice_the_same_bytes(tmp_path: Path) -> None:
    names = ["Py_Second", "Py_First", "_Py_Third", *(f"PyExc_{number}" for number in range(2000))]
    (tmp_path / "python313.dll").write_bytes(pe.forwarder("python313.dll", "other", names))
    forwarding.write_python3_dll(tmp_path)
    once = (tmp_path / "python3.dll").read_bytes()
    forwarding.write_python3_dll(tmp_path)
    assert (tmp_path / "python3.dll").read_bytes() == once
    # Windows searches the table as a sorted one.
    assert forwarding.exports(tmp_path / "python3.dll") == sorted(names)
    assert b"\0python313.Py_Second\0" in once


@pytest.mark.parametrize("content", [b"", b"MZ", b"MZ".ljust(200, b"\0"), b"PK" * 300])
def test_what_is_no_dll_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "python313.dll").write_bytes(content)
    with pytest.raises(SetupError, match=r"python313\.dll can't be read"):
        forwarding.write_python3_dll(tmp_path)


@pytest.mark.skipif(shutil.which("x86_64-w64-mingw32-gcc") is None, reason="needs mingw")
def test_names_are_read_and_written_as_other_tools_do(tmp_path: Path) -> None:
    """mingw's linker makes what we read, and its objdump reads what we make."""
    source = "int Py_First(void) { return 1; }\nint Py_Second = 2;\n"
    definition = "LIBRARY python313\nEXPORTS\n  Py_First\n  Py_Second DATA\n"
    forwarding.link(tmp_path / "python313.dll", source, definition)
    assert forwarding.exports(tmp_path / "python313.dll") == ["Py_First", "Py_Second"]
    forwarding.write_python3_dll(tmp_path)
    printed = forwarding.run("objdump", "-p", str(tmp_path / "python3.dll"))
    assert "Forwarder RVA -- python313.Py_First" in printed
    assert re.search(r"\[ *1\].* Py_Second$", printed, re.MULTILINE)
