"""What people write and where things lie. Imports none of ours.

base      words and errors for people
disk      the data folder: its names, files that are whole or not there, the database
access    who may use the data folder, and how much a reader may use
takes     names of a take's files, and the facts beside it
bandwidth  limits of the sending, by the clock
engines   a database that several programs share, by its address
settings  station.toml as models
load      file + environment -> Settings
roster    the expected pupils
kit       the test material
status    what a station says of itself, and how it travels
samples   settings, kit and roster to begin with
"""

from typing import TYPE_CHECKING

from config.base.faces import lazy

__all__ = [
    "UPLOAD_ID",
    "AudioSection",
    "DeliverySection",
    "ServerSection",
    "Settings",
    "await_server",
    "engine_at",
    "load_settings",
    "making_tables",
    "parse_limit",
    "read_model",
    "server_token",
]

if TYPE_CHECKING:
    from config.bandwidth import parse_limit
    from config.engines import await_server, engine_at, making_tables
    from config.load import load_settings, read_model, server_token
    from config.settings import UPLOAD_ID, AudioSection, DeliverySection, ServerSection, Settings
else:
    __getattr__ = lazy(
        __name__,
        {
            "bandwidth": ("parse_limit",),
            "engines": ("await_server", "engine_at", "making_tables"),
            "load": ("load_settings", "read_model", "server_token"),
            "settings": ("AudioSection", "DeliverySection", "ServerSection", "Settings", "UPLOAD_ID"),
        },
    )
