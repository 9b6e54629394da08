"""Which device is meant, on the lists of real computers: Windows with one headset under four host APIs,
two equal headsets, another socket; ALSA with changing card numbers."""

from __future__ import annotations

import pytest

from audio.audioerror import AudioError
from audio.device.lookup import MME_NAME_LENGTH, Direction, find_device, label
from audio.protocol.messages import DeviceInfo

MICROPHONE = "麦克风 (USB Audio Device with a long name)"
SPEAKERS = "扬声器 (USB Audio Device with a long name)"
LAPTOP = "麦克风阵列 (Realtek(R) Audio)"
APIS = ("MME", "Windows DirectSound", "Windows WASAPI", "Windows WDM-KS")


def device(hostapi: str, name: str, inputs: int = 0, outputs: int = 0) -> DeviceInfo:
    if hostapi == "MME":
        name = name[:MME_NAME_LENGTH]
    return DeviceInfo(hostapi, name, inputs, outputs, 48000.0 if hostapi == "Windows WASAPI" else 44100.0)


def windows(*names: str) -> list[DeviceInfo]:
    """One entry for each name and host API, in PortAudio's order."""
    return [
        device(api, name, inputs=int(name.startswith("麦克风")), outputs=2 * int(name.startswith("扬声器")))
        for api in APIS
        for name in names
    ]


def found(devices: list[DeviceInfo], wanted: str, direction: Direction = "input") -> DeviceInfo:
    return devices[find_device(devices, wanted, direction)]


ORDINARY = windows(LAPTOP, MICROPHONE, SPEAKERS)


@pytest.mark.parametrize("wanted", [MICROPHONE, LAPTOP])
def test_wasapi_wins_over_the_other_host_apis(wanted: str) -> None:
    assert found(ORDINARY, wanted) == device("Windows WASAPI", wanted, inputs=1)


def test_playback_and_recording_are_told_apart() -> None:
    assert found(ORDINARY, SPEAKERS, "output") == device("Windows WASAPI", SPEAKERS, outputs=2)
    with pytest.raises(AudioError) as caught:
        find_device(ORDINARY, SPEAKERS, "input")
    assert caught.value.code == "no_device"


def test_a_name_that_mme_cut_finds_the_whole_device() -> None:
    cut = MICROPHONE[:MME_NAME_LENGTH]
    assert found(ORDINARY, cut).hostapi == "Windows WASAPI"
    only_mme = [one for one in ORDINARY if one.hostapi == "MME"]
    assert found(only_mme, cut).hostapi == "MME"


def test_a_name_with_its_host_api_is_taken_at_its_word() -> None:
    for api in APIS:
        wanted = label(device(api, MICROPHONE))
        assert label(found(ORDINARY, wanted)) == wanted


def test_without_wasapi_the_next_best_is_taken() -> None:
    devices = [one for one in ORDINARY if one.hostapi != "Windows WASAPI"]
    assert found(devices, MICROPHONE).hostapi == "Windows DirectSound"


def test_an_index_that_changed_does_not_matter() -> None:
    assert found(ORDINARY[::-1], MICROPHONE) == found(ORDINARY, MICROPHONE)


def test_another_usb_socket_is_the_same_headset() -> None:
    moved = windows(LAPTOP, MICROPHONE.replace("(", "(2- "), SPEAKERS.replace("(", "(2- "))
    assert found(moved, MICROPHONE).name == MICROPHONE.replace("(", "(2- ")
    assert found(ORDINARY, MICROPHONE.replace("(", "(3- ")).name == MICROPHONE
    assert found(moved, f"{SPEAKERS}, Windows WASAPI", "output").hostapi == "Windows WASAPI"


def test_the_very_name_wins_over_another_socket() -> None:
    both = windows(MICROPHONE.replace("(", "(2- "), MICROPHONE)
    assert found(both, MICROPHONE).name == MICROPHONE


def test_two_headsets_in_other_sockets_are_never_guessed() -> None:
    two = windows(MICROPHONE.replace("(", "(2- "), MICROPHONE.replace("(", "(3- "))
    with pytest.raises(AudioError, match="Two devices"):
        find_device(two, MICROPHONE, "input")


def test_two_of_one_name_are_never_guessed() -> None:
    with pytest.raises(AudioError, match="Two devices") as caught:
        find_device(windows(MICROPHONE, MICROPHONE), MICROPHONE, "input")
    assert caught.value.code == "no_device"


def test_two_that_mme_cuts_to_one_name_are_never_guessed() -> None:
    two = windows(MICROPHONE + " A", MICROPHONE + " B")
    with pytest.raises(AudioError, match="Two devices"):
        find_device(two, MICROPHONE[:MME_NAME_LENGTH], "input")
    assert found(two, MICROPHONE + " B").name == MICROPHONE + " B"


def test_alsa_counts_its_cards_anew() -> None:
    devices = [
        DeviceInfo("ALSA", "HDA Intel PCH: ALC257 Analog (hw:0,0)", 2, 2, 44100.0),
        DeviceInfo("ALSA", "USB Headset: Audio (hw:2,0)", 1, 2, 44100.0),
        DeviceInfo("ALSA", "default", 32, 32, 44100.0),
    ]
    assert found(devices, "USB Headset: Audio (hw:1,0)").name == "USB Headset: Audio (hw:2,0)"


def test_spaces_of_a_table_do_not_matter() -> None:
    devices = windows("麦克风  (USB  Audio) ")
    assert find_device(devices, "麦克风 (USB Audio)", "input") == 2


def test_what_is_missing_is_said_with_what_is_there() -> None:
    with pytest.raises(AudioError) as caught:
        find_device(ORDINARY, "耳机", "input")
    sentence = str(caught.value.what)
    assert "耳机" in sentence
    assert sentence.count(LAPTOP) == 1
    assert caught.value.todo is not None
    with pytest.raises(AudioError, match="-"):
        find_device([], "耳机", "input")
