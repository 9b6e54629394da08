"""Where recordings and token may go. Pure."""

from __future__ import annotations

import pytest

from uploader.tus.address import (
    ForeignOriginError,
    both_slash_forms,
    is_loopback,
    is_ours,
    is_readable,
    upload_address,
)


@pytest.mark.parametrize(
    ("endpoint", "location", "found"),
    [
        ("https://h/files/", "https://h/files/1", "https://h/files/1"),
        ("https://h/files/", "/files/1", "https://h/files/1"),
        ("https://h/files/", "1", "https://h/files/1"),
        ("https://h/files/", "//h/files/1", "https://h/files/1"),
        ("https://h/files/", "http://h/files/1", "https://h/files/1"),
        ("https://h/files/", "http://tusd:1080/files/1", "https://h/files/1"),
        ("https://h:8443/files/", "https://h/files/1", "https://h:8443/files/1"),
        ("http://h/files/", "http://h:1080/files/1", "http://h/files/1"),
    ],
)
def test_location(endpoint: str, location: str, found: str) -> None:
    assert upload_address(endpoint, location) == found


@pytest.mark.parametrize("location", ["ftp://h/1", "javascript:1", "http:///1"])
def test_location_that_is_none(location: str) -> None:
    with pytest.raises(ValueError, match="not an http address"):
        upload_address("https://h/files/", location)


def test_slash_forms() -> None:
    assert both_slash_forms("http://h/files/") == ("http://h/files/", "http://h/files")
    assert both_slash_forms("http://h/files") == ("http://h/files", "http://h/files/")


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("http://127.0.0.1:1/", True),
        ("http://[::1]/", True),
        ("http://localhost/", True),
        ("http://h/", False),
    ],
)
def test_loopback(url: str, found: bool) -> None:
    assert is_loopback(url) is found


@pytest.mark.parametrize(
    ("endpoint", "location"),
    [
        ("https://h/files/", "https://store.h/files/1"),
        ("http://h/files/", "http://tusd:1080/files/1"),
        ("http://h/files/", "https://other/files/1"),
    ],
)
def test_another_host_gets_nothing_unless_the_settings_name_it(endpoint: str, location: str) -> None:
    with pytest.raises(ForeignOriginError) as found:
        upload_address(endpoint, location)
    assert found.value.own == endpoint + "1"
    named = location.removesuffix("/files/1")
    assert upload_address(endpoint, location, (named,)) == location


@pytest.mark.parametrize(
    ("url", "endpoint", "also", "ours"),
    [
        ("https://h/1", "https://h/files/", (), True),
        ("http://h/1", "https://h/files/", (), False),
        ("https://h:444/1", "https://h/files/", (), False),
        ("https://s/1", "https://h/files/", ("https://s",), True),
        ("http://s/1", "https://h/files/", ("http://s",), False),
        ("http://s/1", "http://h/files/", ("http://s",), True),
        ("file:///etc/passwd", "http://h/files/", (), False),
        ("http://[/1", "http://h/files/", (), False),
    ],
)
def test_recordings_and_token_never_go_down_to_http_nor_to_strangers(
    url: str, endpoint: str, also: tuple[str, ...], ours: bool
) -> None:
    assert is_ours(url, endpoint, also) is ours


@pytest.mark.parametrize(
    ("url", "readable"),
    [("http://centre/files/", True), ("https://centre/files/", False), ("http://127.0.0.1:1/", False)],
)
def test_plain_http_to_another_computer_can_be_read_on_the_way(url: str, readable: bool) -> None:
    assert is_readable(url) is readable
