"""What a page's form sends is read by what answers it: no choice of a person is thrown away."""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import product
from pathlib import Path

from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from starlette.routing import BaseRoute

from bot.web import cases, casework
from bot.web.app import create_app
from bot.web.case_filter import filter_of
from handlers.domain.case import Case, CauseArea
from handlers.errors import NotAllowed, UserFault
from tests.lotskoping import MARIA, Lotskoping

TEMPLATES = Path(casework.__file__).parent / "templates"
DEEDS = {**casework.DEEDS, **cases._DEEDS}

_INCLUDE = re.compile(r'{%-? include "([^"]+)" -?%}')
_MACRO = re.compile(r"{%-? macro (\w+)\(.*?%}(.*?){%-? endmacro -?%}", re.DOTALL)
_CALLED = re.compile(r"{{-? (\w+)\(")
_DEED = re.compile(r'{% call deed_form\(case, "([^"]+)".*?%}(.*?){% endcall %}', re.DOTALL)
_FORM = re.compile(r'<form[^>]*method="post"[^>]*action="([^"]+)"[^>]*>(.*?)</form>', re.DOTALL)
_NAME = re.compile(r'\bname="((?:[^"{]|{{.*?}})+)"')
FILTER = TEMPLATES / "case" / "filter.html"

# What a template makes of its own variables, and what a person may choose where not all is allowed.
_SPREAD = {
    "{{ scale }}": ("severity", "likelihood"),
    "{{ name }}": tuple(f"why-{number}" for number in range(1, 6)),
    "law-{{ law }}": ("law-HSL",),
    "point-{{ point }}": ("point-event",),
}
_CHOICES = {
    "severity": ("2",),
    "likelihood": ("2",),
    "area": tuple(CauseArea),
    "helped": ("helped",),
    "track": ("lex_sarah", "lex_maria"),
    "to": ("measures_taken", "investigating"),
    "way": ("code_by_hand",),
    "party_kind": ("unit", "region"),
    "direction": ("in", "out"),
    "forum": ("workplace",),
    "profession": ("nurse",),
    "injury": ("risk",),
    "quality": ("good",),
    "number": ("AVV-2026-00001",),
    "until_on": ("2026-06-20",),
    "due_on": ("2026-06-20",),
}


class Key(str):
    """A field's name that says so when somebody looks what it begins with."""

    read: set[str]

    def startswith(self, prefix: str, *args: int) -> bool:  # type: ignore[override]
        found = super().startswith(prefix, *args)
        if found:
            self.read.add(str(self))
        return found

    def removeprefix(self, prefix: str) -> str:
        return str(self).removeprefix(prefix)


class Entered(Mapping[str, str]):
    """What a form has sent, and which of it was read."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = values
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> str:
        value = self._values[name]
        self.read.add(name)
        return value

    def __iter__(self) -> Iterator[str]:
        for name in self._values:
            key = Key(name)
            key.read = self.read
            yield key

    def __len__(self) -> int:
        return len(self._values)


def whole(path: Path) -> str:
    """Return a template with what it includes and the macros that it calls."""
    text = path.read_text(encoding="utf-8")
    text = _INCLUDE.sub(lambda found: whole(TEMPLATES / found[1]), text)
    macros = dict(_MACRO.findall(text))
    return _CALLED.sub(lambda found: macros.get(found[1], "") + found[0], text)


def names_in(form: str) -> set[str]:
    found = set(_NAME.findall(form)) - {"version"}
    return {one for name in found for one in _SPREAD.get(name, (name,))}


def fields_of_deeds() -> dict[str, set[str]]:
    """Return every deed that a page offers on a case, with the fields of its forms."""
    fields: dict[str, set[str]] = {}
    for path in sorted(TEMPLATES.rglob("*.html")):
        text = whole(path)
        found = _DEED.findall(text)
        found += [
            (action.rpartition("/")[2], form)
            for action, form in _FORM.findall(text)
            if action.startswith("/arenden/") and not action.endswith("{{ deed }}")
        ]
        for deed, form in found:
            fields.setdefault(deed, set()).update(names_in(form))
    return fields


def tries(names: set[str]) -> Iterator[dict[str, str]]:
    """Return the form as people fill it in, each way of each choice once."""
    usual = {name: _CHOICES.get(name, ("1",))[0] for name in names}
    yield usual
    for name in names & set(_CHOICES):
        for value in _CHOICES[name]:
            yield {**usual, name: value}


def with_every_choice(names: set[str]) -> Iterator[dict[str, str]]:
    """Return the form with everything that can be chosen of a kind, in every field in turn."""
    kinds = [one for one in vars(casework).values() if isinstance(one, type)]
    values = {str(value) for one in kinds if issubclass(one, StrEnum) for value in one}
    for usual, name, value in product(list(tries(names))[:1], names, values):
        yield {**usual, name: value}


def read_by(lotskoping: Lotskoping, case: Case, deed: str, values: dict[str, str]) -> set[str]:
    entered = Entered(values)
    with lotskoping.unit_of_work() as uow:
        try:
            DEEDS[deed](lotskoping.desk(uow, case, MARIA), entered)
        except (UserFault, NotAllowed):
            return entered.read  # the form was read before the case said no
    return entered.read


def test_every_field_of_a_form_is_read_by_its_deed(lotskoping: Lotskoping):
    case = lotskoping.report()
    thrown_away = {}
    for deed, names in fields_of_deeds().items():
        read = set().union(*(read_by(lotskoping, case, deed, one) for one in tries(names)))
        if names - read:  # perhaps because a choice was none, and the deed read no further
            chosen = with_every_choice(names)
            read |= set().union(*(read_by(lotskoping, case, deed, one) for one in chosen))
        if names - read:
            thrown_away[deed] = names - read
    assert thrown_away == {}


def test_every_deed_of_a_case_has_its_form_on_a_page():
    assert set(fields_of_deeds()) == set(DEEDS)


def addresses(routes: list[BaseRoute]) -> Iterator[APIRoute]:
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        else:
            yield from addresses(list(getattr(route, "routes", None) or ()))
            original = getattr(route, "original_router", None)
            yield from addresses(list(original.routes) if original else [])


def taken_at(lotskoping: Lotskoping, path: str) -> set[str]:
    """Return the fields that an address takes from a form."""
    client = TestClient(create_app(lotskoping.services))
    app = client.app
    found = [
        route
        for route in addresses(app.routes)  # type: ignore[attr-defined]
        if "POST" in (route.methods or ()) and route.path_regex.fullmatch(path)
    ]
    assert found, path
    return {field.alias for route in found for field in route.dependant.body_params}


def test_every_field_of_the_other_forms_is_one_that_its_address_takes(lotskoping: Lotskoping):
    forms = [
        (re.sub(r"{{.*?}}", "x", action), names_in(form))
        for path in sorted(TEMPLATES.rglob("*.html"))
        for action, form in _FORM.findall(whole(path))
        if not action.startswith(("/arenden", "{{"))
    ]
    assert len(forms) > 20
    for action, names in forms:
        assert {name for name in names if "{{" not in name} <= taken_at(lotskoping, action), action


def test_every_field_of_the_filter_chooses_among_the_cases():
    chosen = {"fran": "2026-01-01", "till": "2026-01-01", "lage": "received", "ord": "golv"}
    [form] = [form for action, form in _FORM.findall(whole(FILTER)) if action == "/arenden"]
    for name in names_in(form) - {"alla"}:
        value = chosen.get(name, "1")
        assert filter_of({name: value}, words=value if name == "ord" else "").is_used, name
