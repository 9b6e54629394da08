"""Who uses the microphone, from registries as Windows computers have them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from station.checks.computer.consent import MICROPHONE, OTHERS, listening, refused
from station.checks.computer.registry import Registry, key_exists

Values = Mapping[str, object]
ENDED: Values = {"LastUsedTimeStart": 133_500_000_000_000_000, "LastUsedTimeStop": 133_500_000_500_000_000}
NOW: Values = {"LastUsedTimeStart": 133_500_000_000_000_000, "LastUsedTimeStop": 0}
RECORDER = "Microsoft.WindowsSoundRecorder_8wekyb3d8bbwe"
MEETING = "C:#Program Files#腾讯会议#wemeetapp.exe"
PYTHON = "C:#Users#teacher#AppData#Local#Programs#Python#Python313#python.exe"
OWN = PYTHON.replace("#", "\\")


class FakeRegistry:
    """Keys of store apps and of other programs; a PermissionError among the values is raised."""

    def __init__(
        self, store: Mapping[str, object], others: Mapping[str, object] | None, **values: str
    ) -> None:
        self._keys: dict[str, object] = {
            MICROPHONE: values,
            **{rf"{MICROPHONE}\{n}": v for n, v in store.items()},
        }
        self._below = {MICROPHONE: list(store)}
        if others is not None:
            folder = rf"{MICROPHONE}\{OTHERS}"
            self._below[MICROPHONE].append(OTHERS)
            self._below[folder] = list(others)
            self._keys |= {folder: values, **{rf"{folder}\{n}": v for n, v in others.items()}}

    def subkeys(self, path: str) -> list[str]:
        if path not in self._below:
            raise FileNotFoundError(2, "missing", path)
        return self._below[path]

    def value(self, path: str, name: str) -> object:
        values = self._keys.get(path)
        if isinstance(values, OSError):
            raise values
        if not isinstance(values, Mapping) or name not in values:
            raise FileNotFoundError(2, "missing", name)
        return values[name]


class ClosedRegistry:
    def subkeys(self, path: str) -> list[str]:
        raise PermissionError(13, "Access is denied", path)

    def value(self, path: str, name: str) -> object:
        raise PermissionError(13, "Access is denied", path)


class EmptyRegistry(FakeRegistry):
    def __init__(self) -> None:
        self._keys, self._below = {}, {}


def users(*registries: Registry) -> list[str] | None:
    return listening(registries, {OWN})


def test_a_program_that_never_listened_does_not_hide_the_one_that_does() -> None:
    assert users(FakeRegistry({}, {"C:#never.exe": {}, MEETING: NOW})) == ["wemeetapp.exe"]


def test_a_store_app_that_listens_is_named() -> None:
    assert users(FakeRegistry({RECORDER: NOW}, {})) == ["Microsoft.WindowsSoundRecorder"]
    assert users(FakeRegistry({RECORDER: NOW}, None)) == ["Microsoft.WindowsSoundRecorder"]


def test_a_key_that_is_closed_to_us_does_not_hide_the_others() -> None:
    closed = PermissionError(13, "Access is denied")
    assert users(
        FakeRegistry({"Some.App_x": closed, RECORDER: NOW}, {"C:#odd.exe": closed, MEETING: NOW})
    ) == [
        "Microsoft.WindowsSoundRecorder",
        "wemeetapp.exe",
    ]


@pytest.mark.parametrize("zero", [0, b"\0" * 8, "0"])
def test_numbers_of_any_type_are_understood(zero: object) -> None:
    assert users(FakeRegistry({}, {MEETING: {**NOW, "LastUsedTimeStop": zero}})) == ["wemeetapp.exe"]


@pytest.mark.parametrize("odd", [["0"], None, "", b"", "x" * 5000, 3.0])
def test_values_that_are_no_numbers_name_nobody_and_hide_nobody(odd: object) -> None:
    registry = FakeRegistry({RECORDER: NOW}, {MEETING: {**NOW, "LastUsedTimeStop": odd}})
    assert users(registry) == ["Microsoft.WindowsSoundRecorder"]


def test_who_has_stopped_or_was_only_allowed_is_not_named() -> None:
    allowed = {"Value": "Allow", "LastUsedTimeStart": 0, "LastUsedTimeStop": 0}
    assert users(FakeRegistry({RECORDER: ENDED}, {MEETING: allowed})) == []


def test_the_station_itself_is_not_named_and_another_python_is() -> None:
    store = "PythonSoftwareFoundation.Python.3.13_qbz5n2kfra8p0"
    other = "D:#tools#python.exe"
    assert users(FakeRegistry({store: NOW}, {PYTHON: NOW, other: NOW})) == ["python.exe"]


def test_programs_of_the_whole_computer_are_named_once() -> None:
    assert users(FakeRegistry({}, {MEETING: NOW}), FakeRegistry({}, {MEETING: NOW})) == ["wemeetapp.exe"]


def test_one_hive_that_is_closed_does_not_hide_the_other() -> None:
    assert users(ClosedRegistry(), FakeRegistry({}, {MEETING: NOW})) == ["wemeetapp.exe"]


def test_a_windows_that_notes_nothing_is_told_from_one_that_does_not_let_us_look() -> None:
    assert users(EmptyRegistry()) is None
    with pytest.raises(PermissionError):
        users(ClosedRegistry(), EmptyRegistry())


@pytest.mark.parametrize(
    ("machine", "user", "off"),
    [
        (FakeRegistry({}, {}, Value="Allow"), FakeRegistry({}, {}, Value="Allow"), False),
        (FakeRegistry({}, {}, Value="Deny"), FakeRegistry({}, {}, Value="Allow"), True),
        (FakeRegistry({}, {}, Value="Allow"), FakeRegistry({}, {}, Value="Deny"), True),
        (EmptyRegistry(), EmptyRegistry(), False),
        (ClosedRegistry(), FakeRegistry({}, {}), False),
    ],
)
def test_a_microphone_that_is_switched_off_in_the_privacy_settings(
    machine: Registry, user: Registry, off: bool
) -> None:
    assert refused(machine, user) is off


def test_a_pending_restart_that_we_may_not_look_for_is_not_taken_for_none() -> None:
    assert key_exists(FakeRegistry({}, {}), MICROPHONE)
    assert not key_exists(EmptyRegistry(), MICROPHONE)
    with pytest.raises(PermissionError):
        key_exists(ClosedRegistry(), MICROPHONE)
