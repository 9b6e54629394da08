"""Kits as folders and .zip files: usable as a whole, or refused with a sentence."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from config.base.errors import ConfigError
from config.disk.filenames import too_long
from config.kit.kitfile import check_kit, load_kit
from tests.config import hostile
from tests.config.conftest import Rewrite

MINIMAL = 'id = "k"\nversion = "1"\n[[items]]\nid = "song"\ntitle = "歌"\n'


def mistakes(path: Path, unpack_to: Path | None = None) -> list[str]:
    """What a person reads about a kit that can't be used."""
    kit, problems = check_kit(path, unpack_to)
    assert kit is None
    found = [str(problem.sentence()) for problem in problems]
    assert all(hostile.is_sentence(sentence) for sentence in found), found
    return found


def zipped(folder: Path, target: Path, below: str = "") -> Path:
    with zipfile.ZipFile(target, "w") as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, below + file.relative_to(folder).as_posix())
    return target


def test_sample_kit(samples: Path) -> None:
    kit = load_kit(samples / "kit")
    assert [(item.id, item.kind) for item in kit.items] == [
        ("warmup", "practice"),
        ("song1", "test"),
        ("song2", "test"),
    ]
    assert kit.root == samples / "kit"
    song = kit.items[1]
    assert (song.study_seconds, song.ready_seconds, song.max_seconds, song.min_seconds) == (24, 3, 60, 12)
    assert all(
        (kit.root / sound).is_file()
        for item in kit.items
        for sound in (item.prompt, item.accompaniment)
        if sound
    )


def test_defaults_are_those_of_the_exams(tmp_path: Path) -> None:
    (tmp_path / "kit.toml").write_text(MINIMAL, encoding="utf-8")
    item = load_kit(tmp_path).items[0]
    assert item.kind == "test"
    assert (item.study_seconds, item.ready_seconds, item.max_seconds, item.min_seconds) == (24, 3, 60, 25)
    assert item.attempts == 1


@pytest.mark.parametrize("below", ["", "测试包/", "a/b/"])
def test_zip_is_the_same_kit_as_its_folder(samples: Path, tmp_path: Path, below: str) -> None:
    archive = zipped(samples / "kit", tmp_path / "kit.zip", below)
    kit = load_kit(archive, tmp_path / "cache")
    assert kit.root.is_relative_to(tmp_path / "cache")
    assert kit.digest == load_kit(samples / "kit").digest
    assert load_kit(archive, tmp_path / "cache") == kit


def test_zip_of_chinese_windows(tmp_path: Path) -> None:
    """Windows packs names in GBK and does not say so; zipfile itself would take them for cp437."""
    text = MINIMAL + 'prompt = "起音.wav"\n'
    name = "起音.wav".encode("gbk")
    path = tmp_path / "kit.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("kit.toml", text)
        archive.writestr("????.wav", b"RIFF")
    path.write_bytes(path.read_bytes().replace(b"????.wav", name))
    kit = load_kit(path, tmp_path / "cache")
    assert (kit.root / "起音.wav").read_bytes() == b"RIFF"


def test_digest_changes_with_what_pupils_see_and_hear_only(samples: Path) -> None:
    kit = samples / "kit"
    digests = {load_kit(kit).digest}
    with (kit / "start-e.wav").open("ab") as stream:
        stream.write(b"\0")
    digests.add(load_kit(kit).digest)
    text = (kit / "kit.toml").read_text(encoding="utf-8")
    (kit / "kit.toml").write_text(text + "\n", encoding="utf-8")
    digests.add(load_kit(kit).digest)
    (kit / "start-e.wav").rename(kit / "other.wav")
    (kit / "kit.toml").write_text(text.replace("start-e.wav", "other.wav"), encoding="utf-8")
    digests.add(load_kit(kit).digest)
    assert len(digests) == 4
    (kit / "data" / "takes").mkdir(parents=True)
    (kit / "data" / "takes" / "0107_song1_1.wav").write_bytes(b"RIFF")
    assert load_kit(kit).digest in digests


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            'prompt = "scale-c.wav"',
            'prompt = "none.wav"',
            "item “song1”: the prompt none.wav is not in the kit.",
        ),
        (
            'prompt = "scale-c.wav"',
            'prompt = "../secret.wav"',
            f"the prompt {Path('../secret.wav')} is not in the kit.",
        ),
        (
            'prompt = "scale-c.wav"',
            r'prompt = "a\u0000.wav"',
            "“items.song1.prompt” is not the name of a file",
        ),
        ('prompt = "scale-c.wav"', 'prompt = "kit.toml"', "kit.toml is not a WAV, FLAC, OGG or MP3 file."),
        (
            'accompaniment = "song2-accompaniment.wav"',
            'accompaniment = "."',
            "item “song2”: the accompaniment . is not in the kit.",
        ),
        ("min_seconds = 6", "min_seconds = 16", "item “warmup”: min_seconds is more than max_seconds."),
        ('id = "song2"', 'id = "song1"', "two items have the id “song1”."),
        ('id = "song2"', 'id = "Song1"', "two items have the id “song1”."),
        ('id = "song2"', 'id = "song_2"', "“items.2.id” may only have letters a-z"),
        ('id = "song2"', "", "“items.2.id” is missing."),
        ("attempts = 3", "attempts = 0", "“items.0.attempts” must be at least 1."),
        ("attempts = 3", "attempts = 10", "“items.0.attempts” must be at most 9."),
        ("max_seconds = 15", "max_seconds = 0", "“items.0.max_seconds” must be at least 1."),
        ("study_seconds = 5", "study_seconds = -1", "“items.0.study_seconds” must be at least 0."),
        ("study_seconds = 5", "study_seconds = inf", "“items.0.study_seconds”"),
        (
            "study_seconds = 5",
            "study_second = 5",
            "unknown key “items.0.study_second”; did you mean “items.study",
        ),
        ('kind = "practice"', 'kind = "exercise"', "“items.0.kind” must be one of: 'practice', 'test'."),
        ('version = "1.0"', "version = 1.0", "“version” must be text in quotation marks."),
        (
            'title = "演唱测试 示例"',
            "[limits]\nfloor_god = 1",
            "“limits.floor_god”; did you mean “limits.floor_good”?",
        ),
        ("[[items]]", "[items", "kit.toml has a typing error"),
    ],
)
def test_mistakes_are_named(in_kit: Rewrite, old: str, new: str, says: str) -> None:
    found = mistakes(in_kit(old, new).parent)
    assert any(says in sentence for sentence in found), found
    assert all(sentence.startswith(("kit.toml: ", "kit: ")) for sentence in found)


def test_all_mistakes_are_found_at_once(in_kit: Rewrite) -> None:
    in_kit('prompt = "scale-c.wav"', 'prompt = "none.wav"')
    in_kit("min_seconds = 6", "min_seconds = 16")
    kit = in_kit('id = "song2"', 'id = "warmup"').parent
    assert len(mistakes(kit)) == 3


def test_kit_of_exercises_only(tmp_path: Path) -> None:
    (tmp_path / "kit.toml").write_text(MINIMAL + 'kind = "practice"\n', encoding="utf-8")
    assert mistakes(tmp_path) == ["kit.toml: there is no item of kind “test”."]


def test_kit_without_items(tmp_path: Path) -> None:
    (tmp_path / "kit.toml").write_text('id = "k"\nversion = "1"\nitems = []\n', encoding="utf-8")
    assert mistakes(tmp_path) == ["kit.toml: there is no item of kind “test”."]


# --- archives that want to do harm


@pytest.mark.parametrize(
    "name",
    ["../kit.toml", "a/../../b.wav", "/etc/kit.toml", "C:/kit.toml", "\\\\host\\kit.toml", "..\\b.wav"],
)
def test_unsafe_names_are_refused_before_anything_is_written(tmp_path: Path, name: str) -> None:
    path = tmp_path / "kit.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("kit.toml", MINIMAL)
        archive.writestr(zipfile.ZipInfo(name), b"x")
    assert "unsafe file name" in mistakes(path, tmp_path / "cache")[0]
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("name", ["NUL", "aux.wav", "con .txt", "a./b.wav", "end. ", "Icon\r", "a?.wav"])
def test_names_that_windows_can_not_have_are_left_in_the_archive(tmp_path: Path, name: str) -> None:
    path = tmp_path / "kit.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("kit.toml", MINIMAL)
        archive.writestr(zipfile.ZipInfo(name), b"x")
    kit = load_kit(path, tmp_path / "cache")
    assert [file.name for file in kit.root.rglob("*")] == ["kit.toml"]


def test_two_files_that_are_one_on_windows_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "kit.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("kit.toml", MINIMAL)
        archive.writestr("Song.wav", b"x")
        archive.writestr("song.wav", b"y")
    assert mistakes(path, tmp_path / "cache") == ["kit.zip: it has two files with the name song.wav."]
    assert not (tmp_path / "cache").exists()


def test_names_that_are_too_long_for_windows_are_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.kit.archive.too_long", lambda path: too_long(path, "win32"))
    path = tmp_path / "kit.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("kit.toml", MINIMAL)
        archive.writestr("歌" * 240 + ".wav", b"x")
    assert "too long" in mistakes(path, tmp_path / "cache")[0]


def test_archive_that_grows_too_large(samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zipped(samples / "kit", tmp_path / "kit.zip")
    monkeypatch.setattr("config.kit.archive.MAX_UNPACKED", 100_000)
    assert mistakes(path, tmp_path / "cache") == ["kit.zip: it is larger than 500 MB unpacked."]
    assert not (tmp_path / "cache").exists()


def set_flag(archive: bytes, flag: int) -> bytes:
    """With a bit of the general flags set in the first central entry: 1 says that it has a password."""
    at = archive.index(b"PK\x01\x02") + 8
    return archive[:at] + bytes([archive[at] | flag]) + archive[at + 1 :]


def test_damaged_archives(samples: Path, tmp_path: Path) -> None:
    good = zipped(samples / "kit", tmp_path / "kit.zip").read_bytes()
    middle = len(good) // 2
    damaged = {
        "cut": good[:middle],
        "flipped": good[:middle] + bytes([good[middle] ^ 0xFF]) + good[middle + 1 :],
        "password": set_flag(good, 1),
    }
    for name, data in damaged.items():
        path = tmp_path / f"{name}.zip"
        path.write_bytes(data)
        assert len(mistakes(path, tmp_path / name)) == 1


def test_archive_without_a_kit(tmp_path: Path) -> None:
    path = zipped(tmp_path, tmp_path.parent / f"{tmp_path.name}.zip")
    assert mistakes(path, tmp_path / "cache") == [f"{path.name}: there is no kit.toml in it."]


@pytest.mark.parametrize("content", hostile.ALL)
@pytest.mark.parametrize("place", ["kit.zip", "kit/kit.toml"])
def test_whatever_the_file_is_the_answer_is_a_sentence(tmp_path: Path, content: str, place: str) -> None:
    path = tmp_path / place
    path.parent.mkdir(exist_ok=True)
    hostile.make(path, content)
    kit = tmp_path / place.split("/")[0]
    assert mistakes(kit, tmp_path / "cache")
    with pytest.raises(ConfigError):
        load_kit(kit, tmp_path / "cache")


def test_missing_kit_says_where_it_is_set(samples: Path) -> None:
    shutil.rmtree(samples / "kit")
    assert mistakes(samples / "kit") == ["kit: the kit is not there. Check [session] kit in station.toml."]
