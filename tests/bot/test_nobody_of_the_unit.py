"""With everybody of a unit's chain away its work stands with somebody who can do it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from fastapi.testclient import TestClient

from bot.schedule import sweep
from bot.web.app import create_app
from handlers import case_handling, duties, todo
from handlers.domain.case import Case, CaseStatus
from handlers.domain.deadline import local_date
from handlers.domain.people import Absence, Validity
from handlers.duty_rules import Scope
from tests.handlers.test_investigation import do
from tests.lotskoping import AGNETA, DAVID, INGER, JONAS, MARIA, MONIKA, Lotskoping

REVIEWER = "stina-bergvall"


@pytest.fixture
def client(lotskoping: Lotskoping) -> Iterator[TestClient]:
    with TestClient(create_app(lotskoping.services), base_url="http://127.0.0.1:8000") as opened:
        yield opened


def away(lotskoping: Lotskoping, *people: str) -> None:
    span = Validity(first_on=date(2026, 6, 1), last_on=date(2026, 12, 1))
    with lotskoping.unit_of_work() as uow:
        for person_id in people:
            uow.staff.add_absence(Absence(person_id=person_id, valid=span))
        uow.commit()


def waits_for(lotskoping: Lotskoping, person: str, case: Case) -> list[str]:
    with lotskoping.unit_of_work() as uow:
        municipality, now = lotskoping.services.municipality, lotskoping.clock()
        found = todo.todos_of(uow, municipality, person, now)
    return [one.step for one in found if one.number == case.number]


def reminded(lotskoping: Lotskoping, case: Case) -> set[str]:
    with lotskoping.unit_of_work() as uow:
        events = uow.cases.events(case.id)
    return {event.values["to"] for event in events if event.kind == "reminded"}


def test_a_case_that_nobody_of_the_unit_can_take_stands_with_mas(lotskoping: Lotskoping):
    away(lotskoping, MARIA, JONAS, AGNETA)
    case = lotskoping.report()
    assert waits_for(lotskoping, INGER, case) == ["duty.acknowledge"]
    told = {q.message.person_id for q in lotskoping.outbox() if case.number in q.message.text}
    assert INGER in told
    do(lotskoping, case, case_handling.acknowledge, INGER)
    assert lotskoping.case(case.id).status == CaseStatus.ACKNOWLEDGED


def test_and_so_do_its_reminders_before_and_after_its_day(lotskoping: Lotskoping):
    away(lotskoping, MARIA, JONAS, AGNETA)
    case = lotskoping.report()
    for _ in range(40):
        lotskoping.clock.advance(days=1)
        sweep(lotskoping.services)
    assert reminded(lotskoping, case) == {INGER}


def test_what_is_of_social_services_only_stands_with_sas(lotskoping: Lotskoping):
    away(lotskoping, MARIA, JONAS, AGNETA)
    case = lotskoping.report()
    do(lotskoping, case, lambda d: d.uow.cases.save(_social(lotskoping, case)), INGER)
    assert waits_for(lotskoping, MONIKA, case) == ["duty.acknowledge"]
    assert waits_for(lotskoping, INGER, case) == []


def _social(lotskoping: Lotskoping, case: Case) -> Case:
    return replace(case, legal_areas=("SoL",))


def test_the_log_is_reviewed_by_sas_when_reviewer_and_mas_are_away(
    lotskoping: Lotskoping, client: TestClient
):
    client.post("/logga-in", data={"person_id": MONIKA})
    assert client.get("/logg").status_code == 404  # not hers while they are here
    away(lotskoping, REVIEWER, INGER, DAVID)
    sweep(lotskoping.services)
    with lotskoping.unit_of_work() as uow:
        [task] = [one for one in uow.duties.where() if one.duty_id == "log_review"]
    assert task.owner_id == MONIKA
    for path in ("/logg", f"/uppgifter/{task.id}", f"/uppgifter/{task.id}/underlag"):
        assert client.get(path).status_code == 200


def test_whoever_owns_a_duty_may_open_the_page_that_it_is_done_on(
    lotskoping: Lotskoping, client: TestClient
):
    """Whoever is away, nobody is asked for what they get no page for."""
    for people in ((), (REVIEWER,), (INGER, DAVID)):
        away(lotskoping, *people)
        lotskoping.clock.advance(days=31)
        sweep(lotskoping.services)
        for person_id, path in pages_to_do(lotskoping):
            client.post("/logga-in", data={"person_id": person_id})
            assert client.get(path).status_code == 200, path


def pages_to_do(lotskoping: Lotskoping) -> list[tuple[str, str]]:
    """Return owner and page of every open task of the whole municipality."""
    today, rules = local_date(lotskoping.clock()), lotskoping.services.municipality.duty_rules
    by_id = {rule.id: rule for rule in rules if rule.scope == Scope.MUNICIPALITY}
    with lotskoping.unit_of_work() as uow:
        return [
            (
                duties.current_owner(uow.organisation, by_id[task.duty_id], task, today).id,
                by_id[task.duty_id].link.partition("?")[0].format(id=task.id),
            )
            for task in uow.duties.where()
            if task.duty_id in by_id
        ]
