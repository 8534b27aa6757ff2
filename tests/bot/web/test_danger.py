"""What MAS sees of a danger whose report is not sent."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from bot.web.app import create_app
from handlers.dialogue.state import Command
from handlers.domain.people import Role
from handlers.records import Alert
from tests.lotskoping import AGNETA, INGER, MARIA, Lotskoping


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


def test_the_place_once_known_lets_the_area_manager_be_told(lotskoping: Lotskoping):
    found = in_danger(lotskoping)
    lotskoping.say("En boende på Solrosen har tagit en kniv och hotar de andra.")
    with lotskoping.unit_of_work() as uow:
        [placed] = uow.alerts.unacknowledged()
        chain = uow.organisation.alert_chain(Role.MAS, placed.unit_id, lotskoping.clock().date())
    assert (placed.id, placed.unit_id) == (found.id, "solrosen")
    assert AGNETA in [person.id for person in chain]


def test_nobody_else_reads_what_is_not_sent(lotskoping: Lotskoping, client: TestClient):
    found = in_danger(lotskoping)
    lotskoping.say("En boende på Solrosen har tagit en kniv och hotar de andra.")
    client.post("/logga-in", data={"person_id": MARIA})
    assert client.get(f"/larm/{found.id}").status_code == 404


def test_reading_what_is_not_sent_stands_in_the_log(lotskoping: Lotskoping, client: TestClient):
    found = in_danger(lotskoping)
    lotskoping.say("En boende på Solrosen har tagit en kniv och hotar de andra.")
    client.post("/logga-in", data={"person_id": INGER})
    client.get(f"/larm/{found.id}")
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
    found = in_danger(lotskoping)
    lotskoping.say("En boende på Solrosen har tagit en kniv och hotar de andra.")
    client.post("/logga-in", data={"person_id": INGER})
    client.get(f"/larm/{found.id}")
    case = lotskoping.report()
    with lotskoping.unit_of_work() as uow:
        uow.cases.save(replace(case, manager_involved=True, manager_involved_ids=(INGER,)))
        uow.alerts.attach_draft(found.draft_id, case.id)
        uow.commit()
    assert "En fara just nu lästes" not in client.get("/logg").text
