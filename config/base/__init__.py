"""Words and errors for people.

message      sentences, made anywhere and translated at the edge
codes        what is stored of them
errors       the root of the error tree
systemerror  what the system says, in our sentences
problems     what is wrong in a file that a person wrote
console      stdin, stdout and stderr
records      frozen dataclasses from JSON types, checked
faces        what a package offers, loaded when it is asked for
"""

from typing import TYPE_CHECKING

from config.base.faces import lazy

__all__ = [
    "AlreadyRunningError",
    "ConfigError",
    "DiskError",
    "Message",
    "Problem",
    "StationError",
    "is_console",
    "is_keyboard",
    "lazy",
    "more_than",
    "prepare_streams",
    "raise_first",
    "reason_of",
    "record",
    "say",
    "shown",
    "shown_again",
    "stored",
]

if TYPE_CHECKING:
    from config.base.codes import shown_again, stored
    from config.base.console import is_console, is_keyboard, prepare_streams
    from config.base.errors import AlreadyRunningError, ConfigError, DiskError, StationError
    from config.base.message import Message, say, shown
    from config.base.problems import Problem, more_than, raise_first
    from config.base.records import record
    from config.base.systemerror import reason_of
else:
    __getattr__ = lazy(
        __name__,
        {
            "codes": ("shown_again", "stored"),
            "console": ("is_console", "is_keyboard", "prepare_streams"),
            "errors": ("AlreadyRunningError", "ConfigError", "DiskError", "StationError"),
            "message": ("Message", "say", "shown"),
            "problems": ("Problem", "more_than", "raise_first"),
            "records": ("record",),
            "systemerror": ("reason_of",),
        },
    )
