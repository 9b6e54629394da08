"""tuspyserver as an application for uvicorn; its folder is in TUS_STORE.

It waits 30 s for the lock of an upload whose old connection still lives, and answers nobody meanwhile;
here half a second, so that the tests need not.
"""

import os
from functools import partial
from unittest.mock import patch

import tuspyserver.request
from fastapi import FastAPI
from tuspyserver import create_tus_router
from tuspyserver.lock import acquire_upload_lock

quick = partial(acquire_upload_lock, timeout=0.5)
patch.object(tuspyserver.request, "acquire_upload_lock", quick).start()
app = FastAPI()
app.include_router(create_tus_router(prefix="files", files_dir=os.environ["TUS_STORE"]))
