"""station.toml and the environment: every mistake is one sentence with file and key."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest

from config.base.errors import ConfigError
from config.load import load_settings, server_token
from tests.config import hostile
from tests.config.conftest import Rewrite


def mistake(path: Path) -> str:
    """What a person reads."""
    with pytest.raises(ConfigError) as caught:
        load_settings(path)
    assert hostile.is_sentence(str(caught.value))
    return str(caught.value)


def test_samples_load_with_absolute_paths(samples: Path) -> None:
    settings = load_settings(samples / "station.toml")
    assert settings.session.roster == samples / "roster.csv"
    assert settings.session.kit == samples / "kit"
    assert settings.data.dir == samples / "data"
    assert settings.audio.samplerate == 48000
    assert settings.server.ca_file is None


def test_paths_are_relative_to_the_file_not_to_the_working_folder(
    samples: Path, in_settings: Rewrite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    absolute = tmp_path / "elsewhere.csv"
    in_settings('roster = "roster.csv"', f'roster = "{absolute.as_posix()}"')
    monkeypatch.chdir(tmp_path)
    settings = load_settings(Path("示例/station.toml"))
    assert settings.session.roster == absolute
    assert settings.session.kit == samples / "kit"


def test_environment_wins_over_the_file(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATION_SERVER__URL", "https://centre.example/files/")
    monkeypatch.setenv("STATION_AUDIO__BITS", "24")
    monkeypatch.setenv("STATION_AUDIO__SAMPLERATE", "44100")
    monkeypatch.setenv("STATION_TOKEN", "not a setting")
    settings = load_settings(samples / "station.toml")
    assert settings.server.url == "https://centre.example/files/"
    assert (settings.audio.bits, settings.audio.samplerate) == (24, 44100)


def test_broken_variable_is_named(samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATION_SERVER", "http://not.json")
    assert "STATION_SERVER " in mistake(samples / "station.toml")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[audio]\n", '[audio]\ninptu = "x"\n', "station.toml: unknown key “audio.inptu”.*“audio.input”"),
        ('input = "builtin"', 'inptu = "x"', "station.toml: unknown key “audio.inptu”.*“audio.input”"),
        ("[server]", "[servre]", "station.toml: unknown key “servre”.*“server”"),
        ("[station]", "colour = 1\n[station]", "station.toml: unknown key “colour”.$"),
        ('id = "demo-station-A"', "", "station.toml: “station.id” is missing"),
        ('id = "demo-station-A"', 'id = "教室"', "station.toml: “station.id” may only have letters"),
        (
            'language = "zh_CN"',
            'language = "fr"',
            "station.toml: “station.language” must be one of: 'zh_CN', 'en'",
        ),
        ("samplerate = 48000", "samplerate = 100", "“audio.samplerate” must be at least 8000"),
        ("samplerate = 48000", "samplerate = 999999", "“audio.samplerate” must be at most 192000"),
        ("samplerate = 48000", 'samplerate = "high"', "“audio.samplerate” must be a number"),
        ("bits = 16", "bits = 12", "“audio.bits” must be one of: 16, 24"),
        ('school = "示例小学"', "school = 7", "“station.school” must be text in quotation marks"),
        ('roster = "roster.csv"', "roster = 7", "“session.roster” must be text in quotation marks"),
        ('roster = "roster.csv"', r'roster = "a\u0000b"', "“session.roster” is not the name of a file"),
        (
            'kit = "kit"',
            'kit = "kit"\nstarts = "at noon"',
            "“session.starts” must be a date and time, such as",
        ),
        (
            'kit = "kit"',
            'kit = "kit"\nstarts = "2026-11-25T13:30:00"\nends = "2026-11-25T13:00:00"',
            "“session.ends” must be later than “session.starts”",
        ),
        (
            'kit = "kit"',
            'kit = "kit"\nopens = "2026-11-25T13:31:00"\nstarts = "2026-11-25T13:30:00"',
            "“session.opens” must not be later than “session.starts”",
        ),
        (
            'kit = "kit"',
            'kit = "kit"\nopens = "2026-11-25T16:31:00"\nends = "2026-11-25T16:30:00"',
            "“session.opens” must not be later than “session.starts”",
        ),
        ('kit = "kit"', 'kit = "kit"\ncustody = "three"', "“session.custody” must be one of: 'one', 'two'"),
        ('kit = "kit"', 'kit = "kit"\ncheckin = true', "“session.checkin” must be"),
        ('kit = "kit"', 'kit = "kit"\nlock_minutes = 241', "“session.lock_minutes” must be at most 240"),
        ("[data]\n", "data = 5\n[data2]\n", "“delivery.data”|“data2”"),
        ("http://127.0.0.1:1080/files/", "127.0.0.1:1080", "“server.url” must be an address"),
        ("http://127.0.0.1:1080/files/", "ftp://centre.example", "“server.url” must be an address"),
        ("http://127.0.0.1:1080/files/", "http://[bad", "“server.url” must be an address"),
        ("http://127.0.0.1:1080/files/", "http://:80/", "“server.url” must be an address"),
        ("http://127.0.0.1:1080/files/", "http://a:99999/", "“server.url” must be an address"),
        ("http://127.0.0.1:1080/files/", "http://me:pw@a/", "“server.url” must not hold a user name"),
        (
            "[server]",
            '[server]\nreceipt_url = "http://centre.example/receipts"',
            "“server.receipt_url” must contain “{upload_id}”",
        ),
        ("[station]", '[station]\nrelease = "0.2.0"', "“station.release” must be the 64 digits of a SHA-256"),
        ("bits = 16", "bits = ", "station.toml has a typing error in line"),
        ("bits = 16", "bits = 16\nbits = 16", "station.toml has a typing error in line"),
    ],
)
def test_mistakes_name_file_and_key(in_settings: Rewrite, old: str, new: str, says: str) -> None:
    text = mistake(in_settings(old, new))
    assert re.search(says, text), text
    assert "station.toml" in text or "is not the name" in text


def test_further_mistakes_are_counted(in_settings: Rewrite) -> None:
    in_settings("bits = 16", "bits = 12")
    path = in_settings("samplerate = 48000", "samplerate = 1")
    with pytest.raises(ConfigError) as caught:
        load_settings(path)
    assert str(caught.value.todo) == "There is one more problem in this file."


def test_settings_in_gbk_are_refused_with_advice(samples: Path) -> None:
    path = samples / "station.toml"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    assert "Save it as UTF-8" in mistake(path)


def test_byte_order_mark_is_welcome(samples: Path) -> None:
    path = samples / "station.toml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_settings(path).station.id == "demo-station-A"


@pytest.mark.parametrize("content", hostile.ALL)
def test_whatever_the_file_is_the_answer_is_a_sentence(tmp_path: Path, content: str) -> None:
    mistake(hostile.make(tmp_path / "station.toml", content))


# --- the token


def test_token_comes_from_the_variable_that_the_file_names(in_settings: Rewrite) -> None:
    settings = load_settings(in_settings('# token_env = "STATION_TOKEN"', 'token_env = "SECRET"'))
    assert server_token(settings, {"SECRET": " geheim \n"}) == "geheim"
    for environ in ({}, {"SECRET": "  "}):
        with pytest.raises(ConfigError, match="SECRET with the server's token is not set"):
            server_token(settings, environ)


def test_without_token_env_there_is_no_token(samples: Path) -> None:
    settings = load_settings(samples / "station.toml")
    assert server_token(settings, {"STATION_TOKEN": "geheim"}) is None


def test_token_in_the_file_is_refused_and_not_repeated(
    in_settings: Rewrite, caplog: pytest.LogCaptureFixture
) -> None:
    path = in_settings('# token_env = "STATION_TOKEN"', 'token = "geheim"')
    with pytest.raises(ConfigError, match=r"unknown key “server\.token”") as caught:
        load_settings(path)
    logging.getLogger("station").error("no settings", exc_info=caught.value)
    assert "no settings" in caplog.text
    assert "geheim" not in caplog.text


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("STATION_DELIVERY__LIMIT", "fast", "“delivery.limit” can't be understood."),
        ("STATION_DELIVERY__LIMIT", "25:00,1k", "“delivery.limit” can't be understood."),
        ("STATION_SESSION__ID", "con", "“session.id” is not a name"),
        ("STATION_SESSION__ID", "monday.", "“session.id” is not a name"),
        ("STATION_STATION__ID", "com1", "“station.id” is not a name"),
        ("STATION_STATION__ID", "room1.", "“station.id” is not a name"),
        ("STATION_SESSION__STARTS", "1960-01-01T13:30:00", "“session.starts” must be a day between"),
        ("STATION_SESSION__ENDS", "9999-12-31T23:59:59", "“session.ends” must be a day between"),
        ("STATION_SERVER__URL", "http://a b/", "“server.url” must be an address"),
    ],
)
def test_values_that_only_look_right(
    samples: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, says: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert says in mistake(samples / "station.toml")
