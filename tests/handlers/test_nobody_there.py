"""Everybody who could take something is away: an administrator sees it until somebody is there."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient

from bot.schedule import sweep
from bot.web.app import create_app
from handlers import todo
from handlers.domain.people import FALLBACK, Absence, Validity
from handlers.nobody_there import nobody_there
from handlers.records import OutboxMessage, Purpose
from tests.handlers.test_reminders import about, at_local, change, live
from tests.lotskoping import AGNETA, BENGT, DAVID, INGER, JONAS, MARIA, MONIKA, Lotskoping

ROLF = "rolf-kvistmark"  # administrator
LEILA = "leila-sandemo"  # deputy SAS
CHAIN = (MARIA, JONAS, AGNETA, INGER, DAVID, MONIKA, LEILA)
FIRST, LAST = date(2026, 6, 1), date(2026, 6, 9)


@pytest.fixture
def empty(lotskoping: Lotskoping) -> Lotskoping:
    """Everybody of Björkgården's chain is away for nine days, with MAS, SAS and deputies."""
    with lotskoping.unit_of_work() as uow:
        for person_id in CHAIN:
            span = Validity(first_on=FIRST, last_on=LAST)
            uow.staff.add_absence(Absence(person_id=person_id, valid=span))
        uow.commit()
    return lotskoping


@pytest.fixture
def here(empty: Lotskoping) -> Iterator[TestClient]:
    at_home = ("127.0.0.1", 50000)
    app = create_app(empty.services)
    with TestClient(app, base_url="http://127.0.0.1:8000", client=at_home) as client:
        yield client


def sent(lotskoping: Lotskoping, person_id: str) -> list[OutboxMessage]:
    return [q.message for q in lotskoping.outbox() if q.message.person_id == person_id]


def row(lotskoping: Lotskoping, person_id: str) -> list[tuple[str, int, bool]]:
    with lotskoping.unit_of_work() as uow:
        municipality, now = lotskoping.services.municipality, lotskoping.clock()
        found = todo.todos_of(uow, municipality, person_id, now)
    return [(o.path, o.count, o.urgent) for o in found if o.step == "todo.nobody_there"]


def test_an_administrator_is_told_at_once_of_an_alert_that_reaches_nobody(empty: Lotskoping):
    case = empty.report(harm="death")
    told = sent(empty, ROLF)
    assert [message.subject for message in told] == ["Ett larm når ingen"]
    assert case.number not in told[0].text
    assert told[0].text.endswith("/organisation")
    alerts = [m for m in sent(empty, FALLBACK) if m.purpose == Purpose.ALERT]
    assert all(case.number in alert.text for alert in alerts)


def test_it_is_said_again_with_every_repeat_until_somebody_takes_it(empty: Lotskoping):
    case = empty.report(harm="death")
    for _ in range(2):
        empty.clock.advance(hours=4)
        sweep(empty.services)
    assert len([m for m in sent(empty, ROLF) if "larm" in m.subject]) == 3
    with empty.unit_of_work() as uow:
        assert {one.acknowledged_at for one in uow.alerts.of_case(case.id)} == {None}


def test_it_stands_with_the_administrator_and_with_nobody_else(empty: Lotskoping):
    empty.report(harm="death")
    empty.report()
    assert row(empty, ROLF) == [("/organisation", 4, True)]  # two alerts, two cases
    assert row(empty, MARIA) == []


def test_it_is_in_the_digest_of_every_working_day_until_somebody_is_there(empty: Lotskoping):
    empty.report()
    live(empty, 10)
    days = [m.dedupe_key.split("/")[1] for m in sent(empty, ROLF) if "Utse någon" in m.text]
    assert days == [f"2026-06-0{day}" for day in (2, 3, 4, 5, 8, 9)]


def test_health_counts_what_reaches_nobody(empty: Lotskoping, here: TestClient):
    assert here.get("/health/ready").json()["cases_with_nobody_there"] == 0
    empty.report(harm="death")
    found = here.get("/health/ready").json()
    assert (found["alerts_with_nobody_there"], found["cases_with_nobody_there"]) == (2, 1)
    assert found["status"] == "ok"  # more machines would not help


def test_the_day_that_somebody_is_back_alert_and_reminder_reach_her(empty: Lotskoping):
    case = empty.report(harm="death")
    live(empty, 8)
    assert {person for _, person in about(empty, case)} == {FALLBACK}
    assert not [m for m in sent(empty, INGER) if m.purpose == Purpose.ALERT]
    at_local(empty, LAST + timedelta(days=1))
    assert [m.case_id for m in sent(empty, INGER) if m.purpose == Purpose.ALERT] == [case.id]
    assert about(empty, case)[-1] == ("not_assessed", MARIA)
    assert row(empty, ROLF) == []


def test_what_only_mas_could_take_is_counted_though_sas_is_there(empty: Lotskoping):
    empty.report()
    with empty.unit_of_work() as uow:
        uow.staff.remove_absence(MONIKA, FIRST)
        uow.commit()
    with empty.unit_of_work() as uow:
        found = nobody_there(uow, empty.clock())
    assert found is not None
    assert (found.alerts, found.cases) == (0, 1)


def test_what_belongs_to_no_unit_is_counted_while_no_registrator_is_there(lotskoping: Lotskoping):
    case = lotskoping.report()
    change(lotskoping, case, unit_id="")
    with lotskoping.unit_of_work() as uow:
        assert nobody_there(uow, lotskoping.clock()) is None
        for person_id in (BENGT, "ulla-brittmark"):
            span = Validity(first_on=FIRST, last_on=LAST)
            uow.staff.add_absence(Absence(person_id=person_id, valid=span))
        uow.commit()
    with lotskoping.unit_of_work() as uow:
        found = nobody_there(uow, lotskoping.clock())
    assert found is not None
    assert found.cases == 1


def test_an_administrator_who_is_involved_cannot_even_count_it(empty: Lotskoping):
    case = empty.report()
    change(empty, case, manager_involved=True, manager_involved_ids=(MARIA, ROLF))
    assert row(empty, ROLF) == []
    live(empty, 2)
    assert [m for m in sent(empty, ROLF) if m.purpose == Purpose.DIGEST] == []


def test_nothing_is_said_while_somebody_is_there(lotskoping: Lotskoping):
    lotskoping.report(harm="death")
    live(lotskoping, 3)
    with lotskoping.unit_of_work() as uow:
        assert nobody_there(uow, lotskoping.clock()) is None
    assert sent(lotskoping, ROLF) == []
