"""Which Pythons the station runs on, and the sentence for all others.

1. OLDEST and NEWEST decide alone; pyproject.toml, the Makefile, make.bat, README.md, the lock and the proofs
   of its wheels say the same, which a test keeps true.
2. Older Pythons must be able to read this file, down to 2.7, or they would end with a traceback instead:
   types are in comments, and nothing is imported but the standard library.
"""

import gettext
import locale
import os
import platform
import sys
import sysconfig

OLDEST = (3, 11)
NEWEST = (3, 14)
"""Minor versions of CPython. Each was run with the locked packages: `make test-pythons`."""


def this():
    # type: () -> tuple[tuple[int, int], str, int, bool]
    """The Python that runs, as refusal() asks about it."""
    return (
        sys.version_info[:2],
        platform.python_implementation(),
        64 if sys.maxsize > 2**32 else 32,
        bool(sysconfig.get_config_var("Py_GIL_DISABLED")),
    )


def refusal(version, implementation, bits, free_threaded):
    # type: (tuple[int, int], str, int, bool) -> str
    """One sentence why the station does not run on such a Python; empty if it does.

    Of the locked packages, some have no wheel for a 32-bit Python on Windows; builds without the global lock
    and other implementations run other code than was tested.
    """
    number = dotted(version)
    if implementation != "CPython":
        found = "%s %s" % (implementation, number)  # noqa: UP031 - see the head of this file
    elif bits != 64:
        found = tr("a 32-bit Python {version}").format(version=number)
    elif free_threaded:
        found = tr("a free-threaded Python {version}").format(version=number)
    elif not OLDEST <= version <= NEWEST:
        found = "Python " + number
    else:
        return ""
    return tr(
        "The station runs on the 64-bit CPython {oldest} to {newest}, and this is {found}:"
        " install one of those and start the station with it."
    ).format(oldest=dotted(OLDEST), newest=dotted(NEWEST), found=found)


def dotted(version):
    # type: (tuple[int, int]) -> str
    return ".".join(str(part) for part in version)


def tr(text):
    # type: (str) -> str
    """`text` in the language of the computer; the settings and their language can't be read yet."""
    languages = None  # those of LC_ALL, LC_MESSAGES and LANG
    if os.name == "nt" and (locale.getlocale()[0] or "").lower().startswith(("zh", "chinese")):
        languages = ["zh_CN"]
    folder = os.path.join(os.path.dirname(__file__), "words", "locale")  # noqa: PTH118, PTH120
    return gettext.translation("station", folder, languages, fallback=True).gettext(text)


def refuse():
    # type: () -> None
    """Ends the program with one sentence and code 2 where it can't run on this Python."""
    why = refusal(*this())
    if why:
        # Not print: stderr alone shows what it can't encode instead of failing.
        sys.stderr.write(why + "\n")
        sys.exit(2)


def refuse_without(module):
    # type: (str) -> None
    """Ends the program likewise where a package is not installed; returns if the module is one of ours."""
    name = module.partition(".")[0]
    if name not in ("audio", "config", "station", "uploader"):
        sentence = tr(
            "The package {name} is not installed for this Python:"
            " `make demo` in the project's folder installs all, and then .venv has the command station."
        )
        sys.stderr.write(sentence.format(name=name) + "\n")
        sys.exit(2)


if __name__ == "__main__":
    refuse()
