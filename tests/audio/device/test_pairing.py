"""Which headset is meant where nobody named one, on the lists of real computers."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

import pytest

from audio.audioerror import AudioError
from audio.device import portaudio
from audio.device.lookup import MME_NAME_LENGTH, find_device, label
from audio.device.pairing import headset_of
from audio.protocol.messages import DeviceInfo

APIS = ("MME", "Windows DirectSound", "Windows WASAPI", "Windows WDM-KS")
USB = ("麦克风 (2- USB Audio Device with a long name)", "扬声器 (2- USB Audio Device with a long name)")
LAPTOP = ("麦克风阵列 (Realtek(R) Audio)", "扬声器 (Realtek(R) Audio)")
MIX = ("立体声混音 (Realtek(R) Audio)", "")
SCREEN = ("", "DELL U2412M (NVIDIA High Definition Audio)")
WEBCAM = ("麦克风 (HD Webcam)", "")
Ends = tuple[str, str]


def windows(*hardware: Ends, default: Ends, apis: Sequence[str] = APIS) -> list[DeviceInfo]:
    """PortAudio's list: each direction by itself, under each host API; what follows the default is first."""
    listed = []
    for api in apis:
        if api == "MME":
            mapped = ("Microsoft 声音映射器 - Input", "Microsoft 声音映射器 - Output")
        elif api == "Windows DirectSound":
            mapped = ("主声音捕获驱动程序", "主声音驱动程序")
        else:
            mapped = ("", "")
        for way in (0, 1):
            for ends in (mapped, *hardware):
                if ends[way]:
                    name = ends[way][:MME_NAME_LENGTH] if api == "MME" else ends[way]
                    listed.append(
                        DeviceInfo(
                            api,
                            name,
                            1 - way,
                            2 * way,
                            48000.0,
                            *(ends[way] == default[way] and w == way for w in (0, 1)),
                        )
                    )
    return listed


def names(devices: Sequence[DeviceInfo]) -> tuple[str, str, str] | None:
    pair = headset_of(devices)
    if pair is None:
        return None
    assert pair.input.hostapi == pair.output.hostapi
    # What is proposed is found again by what is written into station.toml.
    assert devices[find_device(devices, label(pair.input), "input")] == pair.input
    assert devices[find_device(devices, label(pair.output), "output")] == pair.output
    return pair.input.hostapi, pair.input.name, pair.output.name


@pytest.mark.parametrize("api", APIS)
def test_a_microphone_and_headphones_that_are_listed_apart_are_a_headset(api: str) -> None:
    found = names(windows(USB, default=USB, apis=(api,)))
    assert found is not None
    assert found[0] == api
    assert all(name.startswith(known[:MME_NAME_LENGTH]) for name, known in zip(found[1:], USB, strict=True))


def test_wasapi_is_preferred() -> None:
    assert names(windows(USB, default=USB)) == ("Windows WASAPI", *USB)


def test_of_two_headsets_that_of_the_system_is_taken() -> None:
    assert names(windows(LAPTOP, USB, default=USB)) == ("Windows WASAPI", *USB)
    assert names(windows(LAPTOP, USB, default=LAPTOP)) == ("Windows WASAPI", *LAPTOP)


def test_the_sound_of_the_computer_itself_is_no_microphone() -> None:
    assert names(windows(MIX, LAPTOP, default=(MIX[0], LAPTOP[1]))) == ("Windows WASAPI", *LAPTOP)
    assert names(windows(MIX, ("", LAPTOP[1]), default=(MIX[0], LAPTOP[1]))) is None


def test_a_screen_is_no_headphones_where_there_are_some() -> None:
    assert names(windows(SCREEN, WEBCAM, ("", LAPTOP[1]), default=(WEBCAM[0], SCREEN[1]))) == (
        "Windows WASAPI",
        WEBCAM[0],
        LAPTOP[1],
    )
    assert names(windows(SCREEN, WEBCAM, default=(WEBCAM[0], SCREEN[1]))) is not None


def test_both_ends_of_one_headset_are_taken_before_a_webcam_and_loudspeakers() -> None:
    assert names(windows(WEBCAM, ("", LAPTOP[1]), USB, default=(WEBCAM[0], LAPTOP[1]))) == (
        "Windows WASAPI",
        *USB,
    )


def test_two_equal_headsets_are_not_mixed() -> None:
    """Windows numbers the second."""
    other = tuple(name.replace("2- ", "3- ") for name in USB)
    assert names(windows(USB, (other[0], other[1]), default=(USB[0], other[1]))) in (
        ("Windows WASAPI", *USB),
        ("Windows WASAPI", *other),
    )


def test_no_headset_without_a_microphone_or_across_host_apis() -> None:
    assert names([]) is None
    assert names(windows(("", USB[1]), default=("", USB[1]))) is None
    microphone = DeviceInfo("MME", USB[0], 1, 0, 44100.0)
    assert names([microphone, DeviceInfo("Windows WASAPI", USB[1], 0, 2, 48000.0)]) is None
    only_mapped = windows(default=("", ""))
    assert only_mapped
    assert names(only_mapped) is None


def test_a_name_that_two_devices_have_is_not_proposed() -> None:
    listed = [
        DeviceInfo("Windows WASAPI", "Null Output", 0, 2, 48000.0),
        DeviceInfo("Windows WASAPI", "Null Output", 0, 2, 48000.0, default_output=True),
        DeviceInfo("Windows WASAPI", "PulseAudio", 0, 2, 48000.0),
        DeviceInfo("Windows WASAPI", "Monitor of Null Output", 2, 0, 48000.0),
        DeviceInfo("Windows WASAPI", "Null Output", 1, 0, 48000.0),
        DeviceInfo("Windows WASAPI", "PulseAudio", 1, 0, 48000.0, default_input=True),
    ]
    assert names(listed) == ("Windows WASAPI", "PulseAudio", "PulseAudio")


def test_alsa_lists_a_headset_once() -> None:
    listed = [
        DeviceInfo("ALSA", "HDA NVidia: HDMI 0 (hw:0,3)", 0, 8, 44100.0),
        DeviceInfo("ALSA", "default", 32, 32, 44100.0, True, True),
        DeviceInfo("ALSA", "USB Headset: Audio (hw:2,0)", 1, 2, 44100.0),
    ]
    assert names(listed) == ("ALSA", "USB Headset: Audio (hw:2,0)", "USB Headset: Audio (hw:2,0)")


def test_a_name_in_full_finds_what_only_mme_lists_today() -> None:
    listed = windows(USB, default=USB, apis=("MME",))
    assert listed[find_device(listed, USB[0], "input")].name == USB[0][:MME_NAME_LENGTH]
    assert listed[find_device(listed, f"{USB[1]}, Windows WASAPI", "output")].outputs == 2


def test_a_name_that_an_old_driver_cut_in_gbk_finds_the_whole_device() -> None:
    name = "麦克风 (外置声卡音频设备输入接口一号)"
    cut = name.encode("gbk")[:30].decode("gbk")
    assert len(cut) < MME_NAME_LENGTH
    listed = [DeviceInfo("Windows WASAPI", name, 1, 0, 48000.0)]
    assert find_device(listed, cut, "input") == 0
    with pytest.raises(AudioError):
        find_device(listed, cut[:-1], "input")


def test_a_driver_whose_name_is_no_text_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    apis = ({"name": "MME", "devices": [0, 1], "default_input_device": 1, "default_output_device": -1},)

    def query(index: int) -> dict[str, object]:
        if index == 0:
            raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")
        return {
            "hostapi": 0,
            "name": "麦克风",
            "max_input_channels": 1,
            "max_output_channels": 0,
            "default_samplerate": 48000.0,
        }

    monkeypatch.setattr(portaudio, "sd", SimpleNamespace(query_hostapis=lambda: apis, query_devices=query))
    listed = portaudio.list_devices()
    assert listed[1] == DeviceInfo("MME", "麦克风", 1, 0, 48000.0, default_input=True)
    assert (listed[0].inputs, listed[0].outputs) == (0, 0)
    assert find_device(listed, "麦克风", "input") == 1
