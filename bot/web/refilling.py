"""A form that could not be saved is shown again as it was sent: every field of it, and in sight.

It is done to the finished page, so that it holds for every form that the page has or will have.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

HERE = "rutan"  # the id that the form gets, to be led to
Attributes = Iterable[tuple[str, str | None]]

# What differs between two showings of one form; everything else that is hidden says which it is.
_NEW_EACH_TIME = frozenset({"version", "code", "laws"})
_TICKED = frozenset({"checkbox", "radio"})


def refilled(page: str, action: str, entered: Mapping[str, str]) -> str | None:
    """Return the page with a form filled in as it was sent, and opened where it was folded.

    None: the page has no such form any more. The version of the form stays the new one.
    """
    reader = _Reader(page, action, entered)
    form = next((one for one in reader.forms if one.is_the_same(entered)), None)
    if form is None:
        return None
    for start, end, text in sorted(form.changes, reverse=True):
        page = page[:start] + text + page[end:]
    return page


Change = tuple[int, int, str]  # from, to, what stands there instead


@dataclass(slots=True)
class _Form:
    changes: list[Change] = field(default_factory=list)
    hidden: dict[str, str] = field(default_factory=dict)

    def is_the_same(self, entered: Mapping[str, str]) -> bool:
        return all(entered.get(name) == value for name, value in self.hidden.items())


@dataclass(slots=True)
class _Select:
    start: int  # where its options begin
    value: str
    options: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, page: str, action: str, entered: Mapping[str, str]) -> None:
        super().__init__()
        self._action, self._entered = action, entered
        self._lines = [0]
        for line in page.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self.forms: list[_Form] = []
        self._form: _Form | None = None
        self._select: _Select | None = None
        self._folded: list[Change] = []
        self._text_from = -1  # of the text area that is being read
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "details":
            self._folded.append(self._instead(tag, attrs, open=True))
        if tag == "form" and given.get("action") == self._action:
            self._form = _Form(changes=[*self._folded, self._instead(tag, attrs, id=HERE)])
            self.forms.append(self._form)
        if self._form is not None:
            self._read_field(self._form, tag, attrs, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "details":
            self._folded.pop()
        if self._form is None:
            return
        if tag == "form":
            self._form = None
        elif tag == "select" and self._select is not None:
            self._form.changes += _chosen_no_more(self._select)
            self._select = None
        elif tag == "textarea" and self._text_from >= 0:
            self._form.changes.append((self._text_from, self._at(), self._text))
            self._text_from = -1

    def _read_field(
        self, form: _Form, tag: str, attrs: Attributes, given: Mapping[str, str | None]
    ) -> None:
        name, value = given.get("name") or "", given.get("value") or ""
        sent = self._entered.get(name)
        if tag == "option" and self._select is not None:
            self._select.options.append(value)
            is_chosen = value == self._select.value
            form.changes.append(self._instead(tag, attrs, selected=is_chosen))
        elif tag == "input" and given.get("type") in _TICKED:
            form.changes.append(self._instead(tag, attrs, checked=sent == value))
        elif tag == "input" and given.get("type") == "hidden" and name not in _NEW_EACH_TIME:
            form.hidden[name] = value
        elif sent is None or name == "version":
            return
        elif tag == "input":
            form.changes.append(self._instead(tag, attrs, value=sent))
        elif tag == "select":
            self._select = _Select(start=self._end(), value=sent)
        elif tag == "textarea":
            self._text_from, self._text = self._end(), "\n" + escape(sent)

    def _at(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def _end(self) -> int:
        return self._at() + len(self.get_starttag_text() or "")

    def _instead(self, tag: str, attrs: Attributes, **now: str | bool) -> Change:
        """Return the tag with some of its attributes put otherwise; False takes one away."""
        kept: dict[str, str | bool | None] = {**dict(attrs), **now}
        words = [
            name if value is None or value is True else f'{name}="{escape(str(value))}"'
            for name, value in kept.items()
            if value is not False
        ]
        return self._at(), self._end(), f"<{' '.join((tag, *words))}>"


def _chosen_no_more(select: _Select) -> list[Change]:
    """Choose nothing where the choice is not offered any more: never another one instead."""
    if select.value in select.options or "" in select.options:
        return []
    return [(select.start, select.start, '<option value="" selected>–</option>')]
