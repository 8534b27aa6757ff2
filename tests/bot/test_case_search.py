"""Looking for words in cases: what is found, by whom, and that no word stands in an address."""

import re

import pytest
from fastapi.testclient import TestClient

from bot.web.app import create_app
from handlers import case_handling
from tests.bot.test_hidden_case import MARKER, browser
from tests.handlers.test_involved_manager import shielded
from tests.lotskoping import ERIK, INGER, MARIA, MONIKA, Lotskoping

BEARD = "Åke Örnskägg föll vid sängen. Larmmattan var inte påslagen."


def found(client: TestClient, words: str, **more: str) -> set[str]:
    page = client.post("/arenden", data={"ord": words, **more})
    assert page.status_code == 200
    assert page.url.query == b""
    return set(re.findall(r"AVV-2026-\d{5}(?=</a></h2>)", page.text))


@pytest.mark.parametrize(
    "words", ["örnskägg", "ÅKE", "LARMMATTAN påslagen", "matta", "o\u0308rnska\u0308gg"]
)
def test_a_word_of_the_report_is_found_in_small_and_capitals(lotskoping: Lotskoping, words: str):
    case = lotskoping.report(BEARD)
    lotskoping.report("Insulinet gavs för sent.")
    assert found(browser(lotskoping, MARIA), words) == {case.number}


@pytest.mark.parametrize("words", ["insulin", "Åke insulin", "%", "_", "l%n", "arnskägg", "'; --"])
def test_what_does_not_stand_there_is_not_found(lotskoping: Lotskoping, words: str):
    lotskoping.report(BEARD)
    assert found(browser(lotskoping, MARIA), words) == set()


def test_what_was_written_of_a_case_is_found_too(lotskoping: Lotskoping):
    case = lotskoping.report(BEARD)
    with lotskoping.unit_of_work() as uow:
        case_handling.write_feedback(lotskoping.desk(uow, case, MARIA), text="Mattan är bytt.")
        uow.commit()
    assert found(browser(lotskoping, MARIA), "bytt") == {case.number}


def test_only_who_may_read_a_case_finds_it(lotskoping: Lotskoping):
    case = lotskoping.report(BEARD)
    assert found(browser(lotskoping, ERIK), "örnskägg") == set()
    assert found(browser(lotskoping, INGER), "örnskägg") == {case.number}


def test_a_hidden_case_answers_its_manager_as_a_word_that_stands_nowhere(lotskoping: Lotskoping):
    hidden = shielded(lotskoping)
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, hidden, MONIKA)
        case_handling.write_feedback(desk, text=MARKER)
        uow.commit()
    maria = browser(lotskoping, MARIA)
    pages = [maria.post("/arenden", data={"ord": word}).text for word in (MARKER, "finnsinte")]
    assert pages[0].replace(MARKER, "finnsinte") == pages[1]
    assert found(browser(lotskoping, MONIKA), MARKER) == {hidden.number}


def test_without_words_the_choice_becomes_an_address_that_can_be_kept(lotskoping: Lotskoping):
    lotskoping.report(BEARD)
    client = browser(lotskoping, MARIA)
    page = client.post("/arenden", data={"ord": " ", "lage": "received", "alla": "true"})
    assert page.headers["location"] == "/arenden?alla=true&lage=received"


def test_words_in_an_address_are_not_looked_for(lotskoping: Lotskoping):
    case = lotskoping.report(BEARD)
    assert case.number in browser(lotskoping, MARIA).get("/arenden?ord=finnsinte").text


def test_who_is_not_logged_in_finds_nothing(lotskoping: Lotskoping):
    lotskoping.report(BEARD)
    answer = TestClient(create_app(lotskoping.services)).post("/arenden", data={"ord": "åke"})
    assert "AVV-" not in answer.text
