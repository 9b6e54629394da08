"""Whether what is installed is the version that was given out, file by file."""

from __future__ import annotations

from config.base import Message, say
from station.checks.bench import Bench
from station.checks.check import Check, Finding, Group, fail, ok, skipped
from station.release import Differences, compare, installed
from station.words.i18n import tr_noop

NAMED = 3
"""As many files are named in the sentence; all are in the numbers."""
OTHER_ARCHIVE = say("Use the archive that the district gave out.")


def release(bench: Bench) -> Finding:
    return compared(bench.settings.station.release)


def compared(wanted: str | None) -> Finding:
    """Compare with the bundle's own list, and its release with `wanted`. Raises DiskError."""
    found = installed()
    if found is None:
        return _without_list(wanted)
    differences = compare(found)
    numbers = {
        "release": found.digest,
        "changed": list(differences.changed),
        "missing": list(differences.missing),
        "added": list(differences.added),
    }
    if differences:
        return fail(
            say(
                "Not as in this release: {names} ({count} in all).",
                count=differences.count,
                names=_named(differences),
            ),
            say("Unpack the archive of the station again, and allow its folder in the virus scanner."),
            **numbers,
        )
    if wanted is not None and wanted != found.digest:
        what = say(
            "This is release {found}…, but station.toml asks for {wanted}….",
            found=found.digest[:12],
            wanted=wanted[:12],
        )
        return fail(what, OTHER_ARCHIVE, wanted=wanted, **numbers)
    return ok(
        say(
            "All {count} files are those of release {release}….",
            count=len(found.files),
            release=found.digest[:12],
        ),
        files=len(found.files),
        **numbers,
    )


def _without_list(wanted: str | None) -> Finding:
    if wanted is None:
        return skipped(say("This station is not a bundle: it has no list of files to compare with."))
    return fail(
        say("station.toml asks for release {wanted}…, but this station is not a bundle.", wanted=wanted[:12]),
        OTHER_ARCHIVE,
        wanted=wanted,
    )


def _named(differences: Differences) -> Message:
    """The first files, changed ones first; + was added, - is missing."""
    names = [
        *differences.changed,
        *(f"-{name}" for name in differences.missing),
        *(f"+{name}" for name in differences.added),
    ]
    return Message.listed(names, NAMED)


CHECKS = (
    Check(
        "release",
        Group.MATERIAL,
        tr_noop("Files of the software"),
        tr_noop("A virus scanner, a bad stick or a helping hand may have changed a file of the program."),
        tr_noop("Every file is read and compared with the list that came with the bundle."),
        release,
        seconds=60,
        usual=2,
        morning=True,
    ),
)
