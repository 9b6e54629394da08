"""A virtual headset for Linux machines without a sound card: PulseAudio, private to one folder.

1. No desktop sound server, no user setting and no root right is touched: own socket, own ALSA
   configuration, found through the environment that `env` gives.
2. `norewinds=1` is what makes the sinks usable: without it PulseAudio repeats and skips blocks when
   a client writes far ahead.
3. stop() leaves no process and no file behind.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

import numpy as np

from audio.audioerror import AudioError
from config.base import Message, say

TOOLS = ("pulseaudio", "pactl", "paplay", "pacat")
START_SECONDS = 10.0
RATE = 48000
ROOM_SECONDS = 7
FEED_LATENCY = "--latency-msec=2000"
"""What a player keeps ready: on a busy computer it has to wait for its turn, and a gap would be heard."""
DEVICES = {
    "vheadset": ("headset_out", "headset_mic"),
    "vloop": ("headset_out", "loop_mic"),
    "vdead": ("headset_out", "dead_mic"),
    "vbluetooth": ("headset_out", "bluetooth_mic"),
    "vonesided": ("headset_out", "one_sided_mic"),
}
"""PCM name -> sink, source. vloop hears its own headphones, vdead hears nothing, vbluetooth has a
16 kHz path, vonesided is stereo and hears on its left side only."""
MIC = "module-remap-source source_name=headset_mic master=mic_feed.monitor channels=1 channel_map=mono"
MIC += " master_channel_map=mono remix=no"
MODULES = (
    "module-null-sink sink_name=headset_out rate=48000 channels=2 format=s16le norewinds=1",
    "module-null-sink sink_name=mic_feed rate=48000 channels=1 channel_map=mono format=s16le norewinds=1",
    MIC,
    "module-remap-source source_name=loop_mic master=headset_out.monitor",
    "module-null-source source_name=dead_mic rate=48000 channels=1",
    "module-null-sink sink_name=bluetooth_feed rate=16000 channels=1 channel_map=mono norewinds=1",
    "module-remap-source source_name=bluetooth_mic master=bluetooth_feed.monitor",
    "module-null-sink sink_name=left_feed rate=48000 channels=1 channel_map=front-left norewinds=1",
    "module-remap-source source_name=one_sided_mic master=left_feed.monitor channels=2 remix=no",
)


class CardError(AudioError):
    """The virtual card did not start."""


def why_not() -> Message | None:
    """Why there can't be a virtual card here; None when there can."""
    if sys.platform != "linux":
        return say("The virtual sound card needs Linux with PulseAudio.")
    missing = [tool for tool in TOOLS if shutil.which(tool) is None]
    if missing:
        return say("The virtual sound card needs the programs {names}.", names=Message.listed(missing))
    if not any(
        Path(folder).glob("*/alsa-lib/libasound_module_pcm_pulse.so") for folder in ("/usr/lib", "/usr/lib64")
    ):
        return say("The virtual sound card needs the package libasound2-plugins.")
    return None


class VirtualCard:
    """A PulseAudio daemon of our own in `folder`, while the `with` block runs."""

    device = "vheadset"

    def __init__(self, folder: Path) -> None:
        # A UNIX socket's path may have 107 bytes: a deep folder gets a short name beside it.
        self._folder = folder.absolute()
        self._socket = self._folder / "native"
        self._daemon: subprocess.Popen[bytes] | None = None
        self._feeder: subprocess.Popen[bytes] | None = None
        self._room: Room | None = None

    @property
    def env(self) -> Mapping[str, str]:
        """What a process needs in order to see the card."""
        return {
            "ALSA_CONFIG_PATH": str(self._folder / "asound.conf"),
            "PULSE_SERVER": f"unix:{self._socket}",
            "PULSE_RUNTIME_PATH": str(self._folder / "run"),
        }

    @property
    def pid(self) -> int:
        assert self._daemon is not None
        return self._daemon.pid

    def __enter__(self) -> VirtualCard:
        try:
            self._start()
        except BaseException:
            # A signal, too: nobody else knows of the daemon yet.
            self.stop()
            raise
        return self

    def _start(self) -> None:
        self._write_configuration()
        # Not in the main thread, where a signal could come between the daemon's start and our knowing of it.
        with ThreadPoolExecutor(max_workers=1) as starter:
            starter.submit(self._spawn).result()
        assert self._daemon is not None
        deadline = time.monotonic() + START_SECONDS
        while "headset_mic" not in self.pactl("list", "short", "sources", check=False):
            if self._daemon.poll() is not None or time.monotonic() > deadline:
                raise CardError(say("The virtual sound card did not start."), code="no_device")
            time.sleep(0.05)

    def _spawn(self) -> None:
        with (self._folder / "pulse.log").open("ab") as log:
            self._daemon = subprocess.Popen(
                [
                    "pulseaudio", "-n", "-F", str(self._folder / "card.pa"), "--exit-idle-time=-1",
                    "--use-pid-file=no", "--daemonize=no", "--realtime=no", "--high-priority=no",
                    "--disable-shm=yes", "--log-level=warning", "--log-target=stderr",
                ],
                env={**self._clean_env(), **self.env},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )  # fmt: skip

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        self.hush()
        if self._room is not None:
            self._room.end()
            self._room = None
        if self._daemon is not None:
            self._daemon.terminate()
            try:
                self._daemon.wait(5)
            except subprocess.TimeoutExpired:
                self._daemon.kill()
                self._daemon.wait()
            self._daemon = None
        shutil.rmtree(self._folder, ignore_errors=True)

    def _clean_env(self) -> dict[str, str]:
        home = self._folder / "home"
        return {"PATH": os.environ.get("PATH", ""), "HOME": str(home), "LANG": "C.UTF-8"}

    def _write_configuration(self) -> None:
        for name in ("run", "home"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        (self._folder / "run").chmod(0o700)
        protocol = f"module-native-protocol-unix auth-anonymous=1 socket={self._socket}"
        lines = [f"load-module {module}" for module in (protocol, *MODULES)]
        lines += ["set-default-sink headset_out", "set-default-source headset_mic"]
        (self._folder / "card.pa").write_text("\n".join(lines) + "\n", encoding="utf-8")
        pcms = ["</usr/share/alsa/alsa.conf>"]
        for name, (sink, source) in DEVICES.items():
            halves = (
                f'{half}.pcm {{ type pulse server "unix:{self._socket}" device "{device}" }}'
                for half, device in (("playback", sink), ("capture", source))
            )
            pcms.append(
                f'pcm.{name} {{ type asym {" ".join(halves)} hint {{ show on description "{name}" }} }}'
            )
        (self._folder / "asound.conf").write_text("\n".join(pcms) + "\n", encoding="utf-8")

    def pactl(self, *arguments: str, check: bool = True) -> str:
        """Run one command against this card only. Raises CardError when `check` and it fails."""
        done = subprocess.run(
            ["pactl", *arguments],
            env={**self._clean_env(), **self.env},
            capture_output=True,
            check=False,
            timeout=20,
        )
        if check and done.returncode:
            raise CardError(
                say("The virtual sound card refused: {detail}", detail=done.stderr.decode("utf-8", "replace"))
            )
        return done.stdout.decode("utf-8", "replace")

    # --- what the microphone hears

    def feed(self, path: Path, sink: str = "mic_feed") -> None:
        """Let the microphone hear this WAV from now on; ends what it heard before."""
        self.hush()
        self._feeder = subprocess.Popen(
            ["paplay", f"--device={sink}", FEED_LATENCY, str(path)],
            env={**self._clean_env(), **self.env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def room(self, dbfs: float = -62.0, sink: str = "mic_feed") -> None:
        """Let the microphone hear a room all the time: an empty one is digital silence, which no room is."""
        self._room = Room(dbfs, sink, {**self._clean_env(), **self.env})

    def hush(self) -> None:
        """End what the microphone hears, but for the room."""
        if self._feeder is not None:
            self._feeder.terminate()
            self._feeder.wait()
            self._feeder = None

    def mute(self, muted: bool) -> None:
        self.pactl("set-source-mute", "headset_mic", str(int(muted)))

    def gain(self, decibels: float, sink: str = "mic_feed", source: str | None = None) -> None:
        """Level of what is fed, or of a microphone: +18 clips, -40 is too quiet."""
        # Not "+18dB": pactl adds what has a sign to the volume that is set. 65536 is 0 dB, on a cubic scale.
        kind = "sink" if source is None else "source"
        self.pactl(f"set-{kind}-volume", source or sink, str(round(65536 * 10 ** (decibels / 60))))

    # --- faults

    def unplug(self) -> None:
        """Take the microphone away; PulseAudio moves the stream to another one without a word."""
        for line in self.pactl("list", "short", "modules").splitlines():
            if "source_name=headset_mic" in line:
                self.pactl("unload-module", line.split("\t")[0])

    def replug(self) -> None:
        self.pactl("load-module", *MIC.split())

    def stall(self, stalled: bool) -> None:
        """The microphone stays in the list and delivers nothing."""
        self.pactl("suspend-source", "headset_mic", str(int(stalled)))

    def die(self) -> None:
        """Kill the sound server."""
        assert self._daemon is not None
        self._daemon.kill()
        self._daemon.wait()


class Room:
    """Noise into the virtual microphone, until end()."""

    def __init__(self, dbfs: float, sink: str, env: Mapping[str, str]) -> None:
        noise = np.random.default_rng(0).standard_normal(ROOM_SECONDS * RATE) * 10 ** (dbfs / 20)
        self._sound = np.clip(np.rint(noise * 32767), -32768, 32767).astype("<i2").tobytes()
        self._player = subprocess.Popen(
            [
                "pacat", "--playback", f"--device={sink}", "--raw", "--format=s16le", f"--rate={RATE}",
                "--channels=1", FEED_LATENCY,
            ],
            env=dict(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._thread = threading.Thread(target=self._run, name="room")
        self._thread.start()

    def _run(self) -> None:
        assert self._player.stdin is not None
        try:
            while True:
                self._player.stdin.write(self._sound)
        except (OSError, ValueError):
            return

    def end(self) -> None:
        self._player.terminate()
        self._player.wait()
        self._thread.join()
        if self._player.stdin is not None:
            try:
                self._player.stdin.close()
            except OSError:
                return
