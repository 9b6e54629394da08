"""The district's board: what every station said last, what is missing, and who must act.

boardfile  board.toml as a model
expected   the list of the stations that should speak
store      tables on SQLite or PostgreSQL, and who may do what
judge      states, duties, balance: pure
web        pages, log-in, and the door for what stations say
serving    the web server around them
overview   the whole district as text
"""

from typing import TYPE_CHECKING

from config.base import lazy

__all__ = [
    "BoardSettings",
    "ExpectedStation",
    "ServedBoard",
    "Stores",
    "board_app",
    "judged_rows",
    "load_board",
    "open_board",
    "overview",
    "prefer_answers",
    "read_expected",
]

if TYPE_CHECKING:
    from board import overview
    from board.boardfile import BoardSettings, load_board
    from board.expected import ExpectedStation, read_expected
    from board.judge.district import judged_rows
    from board.serving import ServedBoard, prefer_answers
    from board.store.engine import open_board
    from board.web.application import Stores, board_app
else:
    __getattr__ = lazy(
        __name__,
        {
            "": ("overview",),
            "boardfile": ("BoardSettings", "load_board"),
            "expected": ("ExpectedStation", "read_expected"),
            "judge.district": ("judged_rows",),
            "serving": ("ServedBoard", "prefer_answers"),
            "store.engine": ("open_board",),
            "web.application": ("Stores", "board_app"),
        },
    )
