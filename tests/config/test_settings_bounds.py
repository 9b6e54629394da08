"""station.toml as Windows and editors make it, and numbers and texts that nobody needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.base.errors import ConfigError
from config.load import load_settings, server_token
from tests.config import hostile
from tests.config.conftest import Rewrite
from tests.config.test_settings import mistake


@pytest.mark.parametrize(
    "value",
    [
        r'"C:\Users\teacher\data"',
        r'"D:\names"',
        r'"D:\temp\x"',
        r'"D:\record"',
        r'"\\server\share"',
        r'"D:\x20"',
        r'"E:\u6570\u636e"',
        r'"..\data"',
    ],
)
@pytest.mark.parametrize("key", ["dir", "roster", "kit", "ca_file"])
def test_a_backslash_in_double_quotation_marks_is_explained(
    in_settings: Rewrite, key: str, value: str
) -> None:
    lines = {"dir": ('dir = "data"', ""), "roster": ('roster = "roster.csv"', ""), "kit": ('kit = "kit"', "")}
    old, _ = lines.get(key, ("[server]", ""))
    new = f"{key} = {value}" if key in lines else f"[server]\nca_file = {value}"
    text = mistake(in_settings(old, new))
    assert "Write / instead of it" in text
    assert "single ones" in text


@pytest.mark.parametrize("value", [r"'D:\names'", '"D:/names"', r'"D:\\names"', '"数据"'])
def test_paths_of_windows_in_other_words_are_taken(in_settings: Rewrite, value: str) -> None:
    assert load_settings(in_settings('dir = "data"', f"dir = {value}")).data.dir.name.endswith(
        ("names", "数据")
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("samplerate = 48000", "samplerate = " + "9" * 5000),
        ("samplerate = 48000", "samplerate = 1e300"),
        ("samplerate = 48000", "samplerate = nan"),
        ("samplerate = 48000", "samplerate = 0x" + "f" * 5000),
        ("samplerate = 48000", "samplerate = -" + "9" * 4000),
        ("bits = 16", "bits = " + "1" * 5000),
        ("bits = 16", "bits = 16.5"),
        ("bits = 16", 'bits = "' + "9" * 5000 + '"'),
        ("[data]", "[delivery]\nretention_days = 9999999999999\n[data]"),
        ("[data]", "[delivery]\nretention_days = 1e12\n[data]"),
        ("[data]", f'[delivery]\nlimit = "{"9" * 400}M"\n[data]'),
        ("[data]", f'[delivery]\nlimit = "{"13:30,9k " * 400}"\n[data]'),
        ('school = "示例小学"', f'school = "{"长" * 5000}"'),
        ("http://127.0.0.1:1080/files/", "http://a/" + "x" * 9000),
    ],
)
def test_every_number_and_text_has_its_bounds(in_settings: Rewrite, old: str, new: str) -> None:
    assert hostile.is_sentence(mistake(in_settings(old, new)))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "gb18030", "big5"])
def test_other_encodings_are_told_apart_from_typing_errors(samples: Path, encoding: str) -> None:
    path = samples / "station.toml"
    path.write_bytes('[station]\nid = "a"\nschool = "小學"\n'.encode(encoding))
    assert "Save it as UTF-8" in mistake(path)


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_line_ends_of_every_system_are_welcome(samples: Path, end: str) -> None:
    path = samples / "station.toml"
    path.write_bytes(path.read_text(encoding="utf-8").replace("\n", end).encode("utf-8-sig"))
    assert load_settings(path).station.id == "demo-station-A"


@pytest.mark.parametrize(
    "token", ["gehe\nim", "ge heim", "geheim\r\nX-Evil: 1", "geheím", "令牌", "x" * 9000]
)
def test_a_token_that_is_more_than_one_word_is_refused_and_not_repeated(
    in_settings: Rewrite, token: str
) -> None:
    settings = load_settings(in_settings('# token_env = "STATION_TOKEN"', 'token_env = "SECRET"'))
    with pytest.raises(ConfigError, match="has blanks, line ends or strange signs") as caught:
        server_token(settings, {"SECRET": token})
    assert token[:4] not in str(caught.value.what)


def test_the_token_itself_in_the_place_of_its_name_is_not_repeated(in_settings: Rewrite) -> None:
    text = mistake(in_settings('# token_env = "STATION_TOKEN"', 'token_env = "eyJhbGciOi.J9-x"'))
    assert "never the token itself" in text
    assert "eyJ" not in text
