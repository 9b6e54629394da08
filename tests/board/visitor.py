"""A person at a browser, and a station at its line: real HTTP."""

from __future__ import annotations

import re

import requests

from config.status.carriage import metadata_of
from config.status.record import Status
from uploader.tus.headers import encode_metadata

TIMEOUT = 60


class Visitor:
    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.csrf = ""

    def close(self) -> None:
        self.session.close()

    def get(self, path: str) -> requests.Response:
        return self.session.get(self.url + path, timeout=TIMEOUT, allow_redirects=False)

    def post(self, path: str, **fields: str) -> requests.Response:
        return self.session.post(
            self.url + path, data={"csrf": self.csrf, **fields}, timeout=TIMEOUT, allow_redirects=False
        )

    def log_in(self, name: str, password: str = "a long password") -> requests.Response:
        answer = self.post("/login", name=name, password=password)
        page = self.get("/").text
        found = re.search(r'name="csrf" value="([^"]+)"', page)
        self.csrf = found[1] if found else ""
        return answer

    def tell(self, status: Status, token: str | None, **headers: str) -> requests.Response:
        """As a station does it; over a line of its own."""
        sent = {
            "Tus-Resumable": "1.0.0",
            "Upload-Length": "0",
            "Upload-Metadata": encode_metadata(metadata_of(status)),
            **({"Authorization": f"Bearer {token}"} if token else {}),
            **headers,
        }
        return requests.post(self.url + "/files/", headers=sent, timeout=TIMEOUT, allow_redirects=False)
