"""Looking for words in cases: what is found, by whom, and that no word stands in an address."""

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient

from bot.web.app import create_app
from handlers import case_handling, dismissing, investigation, team, tracks
from handlers.case_records import AdviceRequest
from handlers.domain.case import Case, CauseArea
from handlers.domain.moves import Machine, MariaStep
from handlers.domain.risk import Likelihood, Severity
from handlers.records import AuditEvent
from storage.unit_of_work import SqlUnitOfWork
from tests.bot.test_hidden_case import MARKER, browser
from tests.handlers.test_involved_manager import shielded
from tests.handlers.test_shielding import shielded_by
from tests.lotskoping import ERIK, INGER, MARIA, MONIKA, Lotskoping

BEARD = "Åke Örnskägg föll vid sängen. Larmmattan var inte påslagen."


def searched(client: TestClient, words: str, **more: str) -> str:
    """Return the page of a search; its address says nothing of the words."""
    answer = client.post("/arenden", data={"ord": words, **more})
    assert answer.status_code == 303
    address = answer.headers["location"]
    if len(words) > 3:
        assert words.lower() not in unquote(address).lower()
    page = client.get(address)
    assert page.status_code == 200
    return page.text


def found(client: TestClient, words: str, **more: str) -> set[str]:
    page = searched(client, words, **more)
    return set(re.findall(r"AVV-2026-\d{5}(?=</a></h2>)", page))


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
    pages = [searched(maria, word) for word in (MARKER, "finnsinte")]
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


SAYS = "Zebrarandig"
LED_BY = {"maria": INGER, "sarah": MONIKA}


def reason_of_track(lotskoping: Lotskoping, uow: SqlUnitOfWork, case: Case, place: str) -> None:
    """Let whoever leads a side track write why nothing was reported, or why it should not be."""
    desk = lotskoping.desk(uow, case, LED_BY[place])
    machine = Machine(f"lex_{place}")
    tracks.start(desk, machine, reason="Vi tittar")
    if place == "maria":
        tracks.take_step(desk, machine, MariaStep.NOT_REPORTED, reason=f"{SAYS} på Åsgården")
    else:
        tracks.take_back(desk, machine, reason=f"{SAYS} på Åsgården")


def written_of(lotskoping: Lotskoping, case: Case, place: str) -> None:
    """Let somebody write a word in one place of a case."""
    other = lotskoping.services.municipality.new_id()
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, case, MARIA)
        if place == "comment":
            team.comment(desk, text=f"{SAYS} matta på Åsgården.")
        elif place == "task":
            due_on = case.received_on + timedelta(days=3)
            team.add_task(desk, text=f"Köp {SAYS} matta", owner_id=MARIA, due_on=due_on)
        elif place == "why":
            changed = case_handling.add_cause(
                desk, area=CauseArea.COMPETENCE, text="Stressad personal"
            )
            whys = ["För få på natten", f'En {SAYS} "rutin" på Åsgården']
            investigation.answer_whys(desk, cause_id=changed.causes[0].id, whys=whys)
        elif place == "dismissal":
            case_handling.acknowledge(desk)
            dismissing.propose_dismissal(desk, code="withdrawn", reason=f"{SAYS} på Åsgården")
        elif place == "rationale":
            case_handling.assess_risk(
                desk, severity=Severity.MINOR, likelihood=Likelihood.RARE, rationale=SAYS
            )
        elif place in LED_BY:
            reason_of_track(lotskoping, uow, case, place)
        elif place == "pause":
            until_on = case.received_on + timedelta(days=3)
            case_handling.snooze(desk, until_on=until_on, reason=f"{SAYS} vecka")
        else:
            uow.work.advice.add(
                AdviceRequest(
                    id=other,
                    case_id=case.id,
                    asked_by=MARIA,
                    asked_at=lotskoping.clock(),
                    question=SAYS if place == "question" else "",
                    due_on=case.target_on,
                    told_ids=(INGER,),
                    told_at=lotskoping.clock(),
                    answer=SAYS if place == "advice" else "",
                )
            )
        uow.commit()


OF_CASE = ("comment", "task", "why", "dismissal", "rationale", "pause", "question", "advice")
PLACES = (*OF_CASE, *LED_BY)


@pytest.mark.parametrize("place", PLACES)
def test_comments_reasons_and_all_that_is_written_of_a_case_are_looked_in(
    lotskoping: Lotskoping, place: str
):
    case = lotskoping.report(BEARD)
    lotskoping.report("Insulinet gavs för sent.")
    written_of(lotskoping, case, place)
    assert found(browser(lotskoping, MARIA), SAYS.upper()) == {case.number}
    assert found(browser(lotskoping, ERIK), SAYS) == set()


@pytest.mark.parametrize("place", ["comment", "why", "dismissal", "maria"])
def test_a_word_with_a_ring_is_found_in_them_in_small_and_capitals(
    lotskoping: Lotskoping, place: str
):
    case = lotskoping.report(BEARD)
    written_of(lotskoping, case, place)
    assert found(browser(lotskoping, MARIA), "åsgården") == {case.number}
    assert found(browser(lotskoping, MARIA), "ÅSGÅRDEN zebra") == {case.number}
    assert found(browser(lotskoping, MARIA), "äsgården") == set()


@pytest.mark.parametrize("place", PLACES)
def test_what_is_written_of_a_hidden_case_answers_its_manager_as_a_word_that_is_nowhere(
    lotskoping: Lotskoping, place: str
):
    case = lotskoping.report(BEARD)
    written_of(lotskoping, case, place)
    shielded_by(lotskoping, case, MONIKA)
    maria = browser(lotskoping, MARIA)
    pages = [searched(maria, word) for word in (SAYS, "finnsinte")]
    assert pages[0].replace(SAYS, "finnsinte") == pages[1]
    assert found(browser(lotskoping, MONIKA), SAYS) == {case.number}


@pytest.mark.parametrize("sought", ["whys", "proposed_by", "code", MARIA, "null"])
def test_what_only_the_database_says_is_found_by_nobody(lotskoping: Lotskoping, sought: str):
    case = lotskoping.report(BEARD)
    for place in ("dismissal", "why"):
        written_of(lotskoping, case, place)
    assert found(browser(lotskoping, MARIA), sought) == set()


def searches(lotskoping: Lotskoping) -> list[AuditEvent]:
    now = lotskoping.clock()
    with lotskoping.unit_of_work() as uow:
        events = uow.audit.between(now - timedelta(days=1), now + timedelta(days=1))
    return [one for one in events if one.kind == "searched"]


def test_a_search_is_logged_with_who_when_and_how_many_and_never_with_the_words(
    lotskoping: Lotskoping,
):
    lotskoping.report(BEARD)
    found(browser(lotskoping, MARIA), "örnskägg")
    found(browser(lotskoping, ERIK), "örnskägg")
    lines = [(one.actor_id, one.at, dict(one.values)) for one in searches(lotskoping)]
    at = lotskoping.clock()
    assert lines == [(MARIA, at, {"hits": "1"}), (ERIK, at, {"hits": "0"})]
    with lotskoping.unit_of_work() as uow:
        assert uow.audit.broken_lines() == []


def test_a_list_that_is_only_narrowed_is_no_search(lotskoping: Lotskoping):
    lotskoping.report(BEARD)
    client = browser(lotskoping, MARIA)
    client.get("/arenden?nummer=AVV&alla=true")
    client.post("/arenden", data={"ord": " ", "nummer": "AVV"})
    assert searches(lotskoping) == []


def test_the_reviewer_reads_who_has_searched_and_how_many_cases_it_gave(lotskoping: Lotskoping):
    lotskoping.report(BEARD)
    found(browser(lotskoping, MARIA), "örnskägg")
    page = browser(lotskoping, INGER).get("/logg").text
    assert "Sökte efter ord bland ärendena. Träffar: 1" in page
    assert "Maria Lindqvall" in page
    assert "örnskägg" not in page


def test_why_a_case_was_not_reported_stands_on_its_page_for_whoever_may_open_it(
    lotskoping: Lotskoping,
):
    case = lotskoping.report(BEARD)
    written_of(lotskoping, case, "maria")
    assert SAYS in browser(lotskoping, INGER).get(f"/arenden/{case.id}").text
    assert SAYS in browser(lotskoping, MARIA).get(f"/arenden/{case.id}").text
    assert SAYS not in browser(lotskoping, ERIK).get(f"/arenden/{case.id}").text


def address_of(client: TestClient, words: str) -> str:
    return str(client.post("/arenden", data={"ord": words}).headers["location"])


def test_a_search_can_be_gone_back_to_and_is_where_the_case_leads_back(lotskoping: Lotskoping):
    case = lotskoping.report(BEARD)
    lotskoping.report("Insulinet gavs för sent.")
    client = browser(lotskoping, MARIA)
    address = address_of(client, "örnskägg")
    seen = client.get(address).text
    page = client.get(f"/arenden/{case.id}").text
    assert f'<a href="{address}">Till listan</a>' in page
    client.post(f"/arenden/{case.id}/kommentar", data={"version": case.version, "text": "Sett."})
    assert f'<a href="{address}">Till listan</a>' in client.get(f"/arenden/{case.id}").text
    assert client.get(address).text == seen


def test_a_case_leads_back_to_what_was_chosen_in_the_list(lotskoping: Lotskoping):
    case = lotskoping.report(BEARD)
    client = browser(lotskoping, MARIA)
    assert '<a href="/arenden">Till listan</a>' in client.get(f"/arenden/{case.id}").text
    client.get("/arenden?lage=received&enhet=%3Cb%3E&okant=ord")
    page = client.get(f"/arenden/{case.id}").text
    assert '<a href="/arenden?lage=received&amp;enhet=%3Cb%3E">Till listan</a>' in page


def test_the_words_open_for_who_searched_only_and_no_longer_than_a_login(lotskoping: Lotskoping):
    lotskoping.report(BEARD)
    address = address_of(browser(lotskoping, MARIA), "örnskägg")
    gone = "Orden som du sökte på finns inte kvar."
    assert gone not in browser(lotskoping, MARIA).get(address).text
    assert gone in browser(lotskoping, INGER).get(address).text
    assert gone in browser(lotskoping, MARIA).get("/arenden?sok=hittepå").text
    lotskoping.clock.advance(hours=13)
    late = browser(lotskoping, MARIA).get(address).text
    assert gone in late
    assert "rnsk" not in late


def test_a_search_that_is_gone_back_to_is_a_line_of_the_log_each_time(lotskoping: Lotskoping):
    lotskoping.report(BEARD)
    client = browser(lotskoping, MARIA)
    address = address_of(client, "örnskägg")
    for _ in range(2):
        client.get(address)
    client.get("/arenden?sok=hittepå")
    assert [one.values["hits"] for one in searches(lotskoping)] == ["1", "1"]
