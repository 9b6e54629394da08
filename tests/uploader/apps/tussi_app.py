"""tussi as an application for uvicorn; its folder is in TUS_STORE."""

import os
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount
from tussi import FilesystemStorage, TUSApp

store = Path(os.environ["TUS_STORE"])
tus = TUSApp(storage=FilesystemStorage(store / "up"), completed_dir=store / "done")
app = Starlette(routes=[Mount("/files", tus)])
