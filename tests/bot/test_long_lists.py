"""Long lists on the pages: so many rows at a time, and everything else within reach."""

import re
from dataclasses import replace

import pytest

from bot.web.paging import ROWS
from handlers.domain.case import Case
from tests.bot.test_hidden_case import browser
from tests.lotskoping import MARIA, Lotskoping

TOTAL = ROWS * 2 + 3


@pytest.fixture
def cases(lotskoping: Lotskoping) -> list[Case]:
    """A backlog, each case as the first one but for its id and number."""
    first = lotskoping.report("Tvätten kom fel.")
    more = [
        replace(first, id=f"backlog-{n}", number=f"AVV-2026-{n:05}") for n in range(2, TOTAL + 1)
    ]
    with lotskoping.unit_of_work() as uow:
        for case in more:
            uow.cases.add(case)
        uow.commit()
    return [first, *more]


def shown(page: str) -> list[str]:
    return re.findall(r"AVV-2026-\d{5}(?=</a></h2>|</span></a></h2>)", page)


def onward(page: str) -> list[str]:
    return re.findall(r'<a class="button second" rel="(?:prev|next)" href="([^"]+)"', page)


@pytest.mark.parametrize("path", ["/arenden", "/att-gora"])
def test_a_long_list_comes_page_by_page_and_every_row_stands_on_one(
    lotskoping: Lotskoping, cases: list[Case], path: str
):
    client = browser(lotskoping, MARIA)
    first = client.get(path).text
    assert f"Du ser 1 till {ROWS} av " in first
    assert onward(first) == ["?sida=2"]
    second, third = (client.get(f"{path}?sida={number}").text for number in (2, 3))
    assert onward(second) == ["?", "?sida=3"]
    assert onward(third) == ["?sida=2"]
    numbers = shown(first) + shown(second) + shown(third)
    assert sorted(numbers) == [case.number for case in cases]


@pytest.mark.parametrize("number", ["0", "-1", "x", "99", "²", "9" * 30])
def test_a_page_that_is_not_there_is_the_first_or_the_last(
    lotskoping: Lotskoping, cases: list[Case], number: str
):
    page = browser(lotskoping, MARIA).get(f"/arenden?sida={number}").text
    last = cases[2 * ROWS].number
    assert shown(page)[0] == (last if number == "99" else cases[0].number)


def test_the_other_pages_keep_what_was_chosen(lotskoping: Lotskoping, cases: list[Case]):
    client = browser(lotskoping, MARIA)
    page = client.get("/arenden?alla=true&lage=received").text
    assert onward(page) == ["?alla=true&amp;lage=received&amp;sida=2"]
    address = client.post("/arenden", data={"ord": "tvätten", "nummer": "AVV"}).headers["location"]
    assert onward(client.get(address).text) == []  # the copies have no report


def test_a_short_list_says_nothing_of_pages(lotskoping: Lotskoping):
    lotskoping.report()
    for path in ("/arenden", "/att-gora", "/larm"):
        assert "Du ser" not in browser(lotskoping, MARIA).get(path).text


def test_the_ways_on_stand_before_what_there_is_to_do(lotskoping: Lotskoping, cases: list[Case]):
    page = browser(lotskoping, MARIA).get("/att-gora").text
    assert page.index('href="/monster"') < page.index('<ol class="cards">')
