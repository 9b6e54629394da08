"""What processes that try mutants answer, and where they leave things."""

from __future__ import annotations

from pathlib import Path

KILLED, TIMEOUT, SURVIVED = "killed", "timeout", "survived"
STARVED = "starved"
"""The machine was too busy to tell."""
ELSEWHERE = "elsewhere"
"""Only a new import shows the change."""
OWN_FILES = "STATION_MUTANTS_FILES"
"""Variable: the folder of temporary files that is this worker's own."""
SAID = Path("said.txt")
"""What pytest writes."""
BECOMES = " => "
"""In the names of mutants; Python has other arrows."""
