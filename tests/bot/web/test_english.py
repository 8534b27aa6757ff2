"""Whoever has chosen English reads English on every page, for reporters and for staff."""

import re
from collections.abc import Iterable

import pytest
from fastapi.testclient import TestClient

from bot.web.app import create_app
from bot.web.rendering import LANGUAGE_COOKIE
from tests.lotskoping import INGER, MARIA, Lotskoping

# Not /monster: the names of the alert rules are the municipality's own, in its language.
# Whole words that stand on nearly every Swedish page and in no English one.
SWEDISH = re.compile(r"\b(?:och|inte|är|för|till|ärende|ärenden|larm|enhet|svar|ditt|eller)\b")
NOT_OURS = re.compile(
    r'<div class="own-words".*?</div>|<ul class="reasons">.*?</ul>|hreflang="sv".*?</a>|<[^>]*>',
    re.DOTALL,
)
FOR_ALL = ("/", "/rapportera", "/anonymt", "/mina-rapporter", "/logga-in", "/svar/nothing", "/nope")
FOR_STAFF = (
    "/att-gora", "/arenden", "/larm", "/uppgifter", "/siffror", "/moten",
    "/organisation", "/logg",
)  # fmt: skip


def swedish_in(client: TestClient, path: str, places: Iterable[str]) -> list[str]:
    """Return the Swedish words of a page, outside what people wrote and what places are called."""
    text = NOT_OURS.sub(" ", client.get(path).text)
    for name in places:
        text = text.replace(name, " ")
    return SWEDISH.findall(text.lower())


def places_of(lotskoping: Lotskoping) -> list[str]:
    with lotskoping.unit_of_work() as uow:
        areas = [area.name for area in uow.organisation.areas]
        return areas + [unit.name for unit in uow.organisation.units]


@pytest.fixture
def english(lotskoping: Lotskoping) -> TestClient:
    client = TestClient(create_app(lotskoping.services), follow_redirects=True)
    client.cookies.set(LANGUAGE_COOKIE, "en")
    return client


@pytest.mark.parametrize("path", FOR_ALL)
def test_what_a_reporter_sees_is_in_english(lotskoping: Lotskoping, english: TestClient, path: str):
    assert swedish_in(english, path, places_of(lotskoping)) == []


@pytest.mark.parametrize("person", [MARIA, INGER])
def test_what_staff_see_is_in_english(lotskoping: Lotskoping, english: TestClient, person: str):
    case = lotskoping.report(harm="hospital")
    english.post("/logga-in", data={"person_id": person})
    for path in (*FOR_STAFF, f"/arenden/{case.id}"):
        assert swedish_in(english, path, places_of(lotskoping)) == [], path
