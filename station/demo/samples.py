"""Makes the sounds of the sample kit and the phrase of the headset check, always the same bytes.

`python -m station.demo.samples` writes them into config/samples; a test proves that what is
committed is what this makes.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

import config
from config.kit import Note, parse_notation
from station.demo.synth import Signal, SynthVoice, at_peak, sing
from station.demo.wavwrite import write_wav

SAMPLERATE = 24000
C4 = 261.63
PEAK_DBFS = -12.0
BEAT = 0.5
REST = Note(None, 1)
SCALE = "1 2 3 4 5 6 7 1' 0 1 3 5 3 1 - 0"


def folder() -> Path:
    """config/samples of the installed package."""
    return Path(config.__file__).parent / "samples"


def sounds() -> Mapping[str, Signal]:
    """File name below the samples folder -> sound."""
    guide = SynthVoice(C4, breath=-60.0)
    low = SynthVoice(C4 / 2, breath=-60.0)
    start_c = sing(guide, (*parse_notation("1 3 5 3 1 -"), REST, *parse_notation("1 - -")), BEAT, SAMPLERATE)
    start_e = sing(guide, (*parse_notation("1 3 5 3 1 -"), REST, *parse_notation("3 - -")), BEAT, SAMPLERATE)
    scale = sing(guide, (*parse_notation(SCALE), *parse_notation("1 - -")), BEAT, SAMPLERATE)
    bass = sing(low, parse_notation("1 5, 1 5, 1 5, 1 5, 1 5, 1 5, 5, - 1 -" * 2), 0.6, SAMPLERATE)
    phrase = sing(guide, parse_notation("1 2 3 4 5 -"), 0.45, SAMPLERATE)
    return {
        "kit/start-c.wav": at_peak(start_c, PEAK_DBFS),
        "kit/start-e.wav": at_peak(start_e, PEAK_DBFS),
        "kit/scale-c.wav": at_peak(scale, PEAK_DBFS),
        "kit/song2-accompaniment.wav": at_peak(np.asarray(bass * 0.5, dtype=np.float32), -18.0),
        "phrase.wav": at_peak(phrase, PEAK_DBFS),
    }


def main(target: Path) -> None:
    for name, sound in sounds().items():
        write_wav(target / name, sound, SAMPLERATE)


if __name__ == "__main__":
    main(folder())
