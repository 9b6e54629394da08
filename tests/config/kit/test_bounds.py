"""Kits from other systems are read; what no kit needs is refused before it costs anything."""

from __future__ import annotations

import unicodedata
import zipfile
from pathlib import Path
from typing import Literal

import pytest

from config.kit.kitfile import check_kit, load_kit
from tests.config.kit.test_kit import MINIMAL, mistakes


def unflagged(path: Path, names: dict[str, bytes], text: str) -> Path:
    """A .zip whose names are these bytes, without the flag of UTF-8."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("kit.toml", text)
        for number, data in enumerate(names.values()):
            archive.writestr(chr(ord("p") + number) * len(data), b"RIFF")
    data = path.read_bytes()
    for number, name in enumerate(names.values()):
        data = data.replace(bytes([ord("p") + number]) * len(name), name)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("name", ["起音.wav", "歌曲一·伴奏.wav", "qǐyīn.wav", "起音 (最终版).wav"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-8 as macOS writes it"])
def test_names_of_every_system_are_read(tmp_path: Path, name: str, encoding: str) -> None:
    raw = (
        unicodedata.normalize("NFD", name).encode("utf-8")
        if encoding.endswith("it")
        else name.encode(encoding)
    )
    path = unflagged(tmp_path / "kit.zip", {name: raw}, MINIMAL + f'prompt = "{name}"\n')
    kit = load_kit(path, tmp_path / "cache")
    assert (kit.root / name).read_bytes() == b"RIFF"


def test_a_zip_with_backslashes_between_its_folders_is_read(tmp_path: Path) -> None:
    text = MINIMAL + 'prompt = "sound/a.wav"\n'
    path = tmp_path / "kit.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("kit/kit.toml", text)
        archive.writestr("kit/sound/a.wav", b"RIFF")
    path.write_bytes(
        path.read_bytes().replace(b"kit/sound/a", b"kit\\sound\\a").replace(b"kit/kit", b"kit\\kit")
    )
    assert (load_kit(path, tmp_path / "cache").root / "sound" / "a.wav").read_bytes() == b"RIFF"


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_ways_of_packing_that_need_gigabytes_are_refused(tmp_path: Path, method: int) -> None:
    path = tmp_path / "kit.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("kit.toml", MINIMAL)
    assert "Pack it again" in mistakes(path, tmp_path / "cache")[0]


def test_thousands_of_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "kit.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("kit.toml", MINIMAL)
        for number in range(2000):
            archive.writestr(f"{number}.wav", b"")
    assert "more than 2000 files" in mistakes(path, tmp_path / "cache")[0]
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("start", [b"Rar!\x1a\x07\x01\x00", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08"])
def test_an_archive_of_another_kind_is_called_so(tmp_path: Path, start: bytes) -> None:
    path = tmp_path / "kit.zip"
    path.write_bytes(start + b"x" * 500)
    assert "archive of another kind" in mistakes(path)[0]


@pytest.mark.parametrize("key", ["study_seconds", "ready_seconds", "max_seconds", "min_seconds", "attempts"])
@pytest.mark.parametrize(
    "value", ["1e300", "nan", "inf", "-inf", "-1", "601", "9" * 5000, "0x" + "f" * 4000, '"5"', "[]"]
)
def test_times_and_counts_have_their_bounds(tmp_path: Path, key: str, value: str) -> None:
    (tmp_path / "kit.toml").write_text(MINIMAL + f"{key} = {value}\n", encoding="utf-8")
    if value == '"5"' and not check_kit(tmp_path)[1]:
        return
    assert len(mistakes(tmp_path)) <= 2


@pytest.mark.parametrize("value", ["1e300", "nan", "inf", "-1e9", "9" * 5000])
@pytest.mark.parametrize(
    "key", ["floor_bad", "snr_bad", "flat_run", "zero_run", "lost", "dc", "leakage", "hum"]
)
def test_thresholds_have_their_bounds(tmp_path: Path, key: str, value: str) -> None:
    (tmp_path / "kit.toml").write_text(MINIMAL + f"[limits]\n{key} = {value}\n", encoding="utf-8")
    assert len(mistakes(tmp_path)) == 1


def test_a_sound_of_gigabytes_is_refused_by_its_size(tmp_path: Path) -> None:
    (tmp_path / "kit.toml").write_text(MINIMAL + 'prompt = "a.wav"\n', encoding="utf-8")
    with (tmp_path / "a.wav").open("wb") as file:
        file.truncate(3_000_000_000)
    assert "larger than 200 MB" in mistakes(tmp_path)[0]


@pytest.mark.parametrize("key", ["prompt", "accompaniment"])
def test_a_backslash_in_the_path_of_a_sound_is_explained(tmp_path: Path, key: str) -> None:
    (tmp_path / "kit.toml").write_text(MINIMAL + key + ' = "sound\\notes.wav"\n', encoding="utf-8")
    assert "Write / instead" in mistakes(tmp_path)[0]


def test_a_folder_that_came_from_a_mac_has_its_sounds(tmp_path: Path) -> None:
    name = "音/qǐyīn.wav"
    forms: tuple[Literal["NFC", "NFD"], ...] = ("NFC", "NFD")
    digests = set()
    for form in forms:
        folder = tmp_path / form
        sound = folder / unicodedata.normalize(form, name)
        sound.parent.mkdir(parents=True)
        sound.write_bytes(b"RIFF")
        (folder / "kit.toml").write_text(MINIMAL + f'prompt = "{name}"\n', encoding="utf-8")
        kit = load_kit(folder)
        assert kit.items[0].prompt is not None
        assert (kit.root / kit.items[0].prompt).read_bytes() == b"RIFF"
        digests.add(kit.digest)
    assert len(digests) == 1, "the same kit, whoever packed it"
