"""What MAS sees of a danger whose report is not sent."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from bot.web.app import create_app
from handlers import alert_chain, alerts
from handlers.dialogue.state import Command
from handlers.domain.people import Role
from handlers.records import Alert
from tests.handlers.test_two_chairs import LEILA, give
from tests.lotskoping import AGNETA, DAVID, INGER, MARIA, MONIKA, Lotskoping


@pytest.fixture
def client(lotskoping: Lotskoping) -> Iterator[TestClient]:
    with TestClient(create_app(lotskoping.services), base_url="http://127.0.0.1:8000") as opened:
        yield opened


def in_danger(lotskoping: Lotskoping) -> Alert:
    lotskoping.say(command=Command.RESUME)
    lotskoping.say(choice="yes")
    with lotskoping.unit_of_work() as uow:
        [found] = uow.alerts.unacknowledged()
    return found


def test_mas_reads_where_and_what_before_the_report_is_sent(
    lotskoping: Lotskoping, client: TestClient
):
    found = in_danger(lotskoping)
    client.post("/logga-in", data={"person_id": INGER})
    assert "Ingen enhet än" in client.get(f"/larm/{found.id}").text
    lotskoping.say("En boende på Solrosen har tagit en kniv och hotar de andra.")
    page = client.get(f"/larm/{found.id}").text
    assert "Ingen enhet än" not in page
    assert "Solrosens demensboende" in page
    assert "En boende på Solrosen har tagit en kniv" in page


def everybody_told(lotskoping: Lotskoping) -> list[str]:
    """Return who is told, in order, when nobody answers."""
    told = []
    with lotskoping.unit_of_work() as uow:
        for _ in range(6):
            [found] = uow.alerts.unacknowledged()
            told.append(found.recipient_id)
            lotskoping.clock.advance(minutes=20)
            alerts.escalate_due(uow, lotskoping.clock(), lotskoping.services.municipality)
        uow.commit()
    return list(dict.fromkeys(told))


def test_a_danger_that_nobody_answers_is_not_for_the_manager_above_before_it_is_sent(
    lotskoping: Lotskoping, client: TestClient
):
    found = in_danger(lotskoping)
    lotskoping.say("Verksamhetschefen Agneta Holmlid slår en boende på Solrosen just nu.")
    with lotskoping.unit_of_work() as uow:
        [placed] = uow.alerts.unacknowledged()
    assert (placed.id, placed.unit_id) == (found.id, "solrosen")
    assert everybody_told(lotskoping) == [INGER, DAVID, MONIKA, LEILA, "fallback"]
    client.post("/logga-in", data={"person_id": AGNETA})
    assert client.get(f"/larm/{found.id}").status_code == 404
    assert client.post(f"/larm/{found.id}/bekrafta").status_code == 404
    with lotskoping.unit_of_work() as uow:
        [waiting] = uow.alerts.unacknowledged()
    assert waiting.id == found.id


def test_nor_for_a_manager_above_who_was_told_as_deputy_mas(
    lotskoping: Lotskoping, client: TestClient
):
    give(lotskoping, AGNETA, Role.MAS)
    found = in_danger(lotskoping)
    with lotskoping.unit_of_work() as uow:
        uow.alerts.save(replace(found, told_ids=(INGER, AGNETA)))
        uow.commit()
    lotskoping.say("En boende på Solrosen har tagit en kniv och hotar de andra.")
    client.post("/logga-in", data={"person_id": AGNETA})
    assert client.get(f"/larm/{found.id}").status_code == 404


@pytest.mark.parametrize(
    ("words", "reaches"),
    [
        ("En boende har tagit en kniv och hotar de andra.", True),
        ("Verksamhetschefen Agneta Holmlid slår en boende just nu.", False),
    ],
)
def test_once_it_is_sent_the_manager_above_is_the_last_before_the_address_on_call(
    lotskoping: Lotskoping, words: str, reaches: bool
):
    lotskoping.report(words, danger="yes", unit="solrosen")
    with lotskoping.unit_of_work() as uow:
        [found] = [one for one in uow.alerts.unacknowledged() if one.draft_id]
        chain = [one.id for one in alert_chain.chain_of(uow, found, lotskoping.clock())]
    assert found.case_id
    assert (AGNETA in chain) == reaches


def test_nobody_else_reads_what_is_not_sent(lotskoping: Lotskoping, client: TestClient):
    found = in_danger(lotskoping)
    lotskoping.say("En boende på Solrosen har tagit en kniv och hotar de andra.")
    client.post("/logga-in", data={"person_id": MARIA})
    assert client.get(f"/larm/{found.id}").status_code == 404


def read_by_mas(lotskoping: Lotskoping, client: TestClient) -> Alert:
    found = in_danger(lotskoping)
    lotskoping.say("En boende på Solrosen har tagit en kniv och hotar de andra.")
    client.post("/logga-in", data={"person_id": INGER})
    client.get(f"/larm/{found.id}")
    return found


def test_reading_what_is_not_sent_stands_in_the_log(lotskoping: Lotskoping, client: TestClient):
    found = read_by_mas(lotskoping, client)
    today = lotskoping.clock()
    with lotskoping.unit_of_work() as uow:
        lines = uow.audit.between(today - timedelta(days=1), today + timedelta(days=1))
    read = [(one.actor_id, one.values) for one in lines if one.kind == "danger_read"]
    assert read == [(INGER, {"alert": found.id})]
    page = client.get("/logg").text
    assert "En fara just nu lästes innan rapporten var skickad" in page
    assert "kniv" not in page


def test_the_log_shows_no_reader_of_a_danger_to_whoever_it_is_about(
    lotskoping: Lotskoping, client: TestClient
):
    found = read_by_mas(lotskoping, client)
    case = lotskoping.report()
    with lotskoping.unit_of_work() as uow:
        uow.cases.save(replace(case, manager_involved=True, manager_involved_ids=(INGER,)))
        uow.alerts.attach_draft(found.draft_id, case.id)
        uow.commit()
    assert "En fara just nu lästes" not in client.get("/logg").text
