"""A browser without scripts: reads a page's forms and sends one, as a person presses a button."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from types import TracebackType
from typing import Self

from starlette.testclient import TestClient

from bot.app import Services
from bot.web.app import create_app


@dataclass(slots=True)
class Form:
    action: str
    hidden: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)  # label, name, value
    has_text: bool = False


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.text = ""
        self.links: dict[str, str] = {}
        self._link = ""
        self._form: Form | None = None
        self._button: tuple[str, str, str] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._link = given.get("href", "") if tag == "a" else ""
        if tag == "form":
            self._form = Form(action=given.get("action", ""))
            self.forms.append(self._form)
        if self._form is None:
            return
        if tag == "input" and given.get("type") == "hidden":
            self._form.hidden[given["name"]] = given.get("value", "")
        if (tag, given.get("name")) in (("textarea", "text"), ("input", "text")):
            self._form.has_text = True
        if tag == "button":
            self._button = ("", given.get("name", ""), given.get("value", ""))

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._link:
            self.links[data.strip().casefold()] = self._link
        if self._button is not None:
            label, name, value = self._button
            self._button = (label + data, name, value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        if tag == "button" and self._button is not None and self._form is not None:
            label, name, value = self._button
            self._form.buttons.append((" ".join(label.split()), name, value))
            self._button = None

    def buttons(self) -> Iterator[tuple[str, Form, dict[str, str]]]:
        for form in self.forms:
            for label, name, value in form.buttons:
                yield label, form, {name: value} if name else {}


class Browser:
    def __init__(self, services: Services, *, person_id: str = "") -> None:
        self._client = TestClient(create_app(services), base_url="http://127.0.0.1:8000")
        self._person_id = person_id
        self.page = Page("")

    def __enter__(self) -> Self:
        if self._person_id:
            self._client.post("/logga-in", data={"person_id": self._person_id})
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    @property
    def cookies(self) -> set[str]:
        return set(self._client.cookies)

    def open(self, address: str) -> Page:
        self.page = Page(self._client.get(address).text)
        return self.page

    def say(self, line: str) -> Page:
        """Press the button of that name; else write the line where words are taken."""
        first, _, rest = line.partition(" ")
        wanted = {line.casefold(), line.casefold().removesuffix(".")}
        if first.casefold() == "ändra":
            wanted.add(f"ändra {rest.casefold()}")
        for label, form, pressed in self.page.buttons():
            shown = label.casefold().partition(": ")[0]  # what comes after it is read aloud only
            if wanted & {label.casefold(), shown}:
                return self.send(form, pressed)
        if line.casefold() in self.page.links:
            return self.open(self.page.links[line.casefold()])
        return self.write(line)

    def write(self, line: str) -> Page:
        form = next((form for form in self.page.forms if form.has_text), None)
        form = form or next(form for form in self.page.forms if form.action == "/rapportera")
        return self.send(form, {"text": line, "choice": "", "command": ""})

    def upload(self, *files: tuple[str, bytes], message_id: str = "") -> Page:
        """Choose files in the field for them and send it; a message id sends a form once more."""
        form = next(form for form in self.page.forms if form.action == "/rapportera/fil")
        values = {**form.hidden, "message_id": message_id or form.hidden["message_id"]}
        sent = [("files", file) for file in files]
        answer = self._client.post(form.action, data=values, files=sent)
        assert answer.status_code == 200, answer.status_code
        self.page = Page(answer.text)
        return self.page

    def send(self, form: Form, values: dict[str, str]) -> Page:
        answer = self._client.post(form.action, data={**form.hidden, **values})
        assert answer.status_code == 200, answer.status_code
        self.page = Page(answer.text)
        return self.page
