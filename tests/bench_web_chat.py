"""Fifty people report on the web page at once for a minute, each with a browser's cookies.

Every press goes over HTTP as the page sends it; the pages are read for the forms of the next.
"""

import time
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from tests.bench_minute import (
    PEOPLE,
    PICKED,
    SECONDS,
    STORY,
    UNIT,
    Minute,
    all_at_once,
    number_in,
    pause,
    serving,
)
from tests.bot.page_reader import Form, Page

BEGIN = "/rapportera?form=deviation"
WANTED = (*PICKED, UNIT[0], "Skicka rapporten")


def in_web(folder: Path, database_url: str) -> Minute:
    with serving("web", folder, database_url, "") as port:
        minute = Minute(time.monotonic() + SECONDS)
        people = [WebPerson(port, minute) for _ in range(PEOPLE)]
        all_at_once([partial(one.report) for one in people])
    return minute


@dataclass(slots=True)
class WebPerson:
    port: int
    minute: Minute
    cookies: dict[str, str] = field(default_factory=dict)

    def report(self) -> None:
        pause()
        while time.monotonic() < self.minute.ends_at:
            page = self._send("GET", BEGIN)
            while "Ditt ärendenummer" not in page.text:
                pause()
                page = self._answered(page)
            self.minute.receipts.append(number_in(page.text))

    def _answered(self, page: Page) -> Page:
        buttons = {label: (form, pressed) for label, form, pressed in page.buttons()}
        label = next((one for one in WANTED if one in buttons), "")
        writing = next((form for form in page.forms if form.has_text), None)
        if label:
            form, pressed = buttons[label]
            return self._press(form, pressed)
        if writing is not None:
            return self._press(writing, {"text": STORY})
        form, pressed = buttons["Vet inte"]
        return self._press(form, pressed)

    def _press(self, form: Form, pressed: dict[str, str]) -> Page:
        return self._send("POST", form.action, urlencode({**form.hidden, **pressed}))

    def _send(self, method: str, path: str, body: str = "") -> Page:
        headers = {"cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        if method == "POST":
            headers |= {
                "content-type": "application/x-www-form-urlencoded",
                "hx-request": "true",
            }
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        began = time.monotonic()
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        raw = answer.read().decode()
        seconds = time.monotonic() - began
        connection.close()
        for line in answer.headers.get_all("set-cookie", []):
            self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        onward = answer.headers.get("location", "")
        self.minute.acknowledged(200 if onward else answer.status, seconds)
        return self._send("GET", onward) if onward else Page(raw)
