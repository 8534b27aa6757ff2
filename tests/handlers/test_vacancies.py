"""An office that nobody is in stands with the administrator: since when, and what it leaves."""

from datetime import date, timedelta

from fastapi.testclient import TestClient

from bot.schedule import sweep
from bot.web.app import create_app
from handlers import duties, todo
from handlers.domain.deadline import local_date
from handlers.domain.people import FALLBACK, Absence, Assignment, Role, Validity
from handlers.vacancies import Vacancy, vacancies
from tests.lotskoping import INGER, MARIA, Lotskoping

ROLF = "rolf-kvistmark"  # administrator
REVIEW = "log_review"
LEFT_ON = date(2026, 5, 20)


def leave(lotskoping: Lotskoping, role: Role, last_on: date) -> list[Assignment]:
    """Let everybody who has an office leave it."""
    with lotskoping.unit_of_work() as uow:
        held = [one for one in uow.organisation.assignments if one.role == role]
        for one in held:
            uow.staff.end_assignment(one, Validity(first_on=one.valid.first_on, last_on=last_on))
        uow.commit()
    return held


def empty_review(lotskoping: Lotskoping) -> None:
    """Let nobody be there who reviews the log, nor MAS or SAS, who would do it instead."""
    for role in (Role.LOG_REVIEWER, Role.MAS, Role.SAS):
        leave(lotskoping, role, LEFT_ON)
    sweep(lotskoping.services)


def found(lotskoping: Lotskoping) -> list[Vacancy]:
    with lotskoping.unit_of_work() as uow:
        rules, now = lotskoping.services.municipality, lotskoping.clock()
        return list(vacancies(uow, rules, now, reader_id=ROLF))


def of_role(lotskoping: Lotskoping, role: Role) -> Vacancy:
    [one] = [one for one in found(lotskoping) if (one.role, one.scope) == (role, "")]
    return one


def test_a_duty_that_nobody_has_says_which_office_is_empty_and_since_when(
    lotskoping: Lotskoping,
) -> None:
    sweep(lotskoping.services)
    assert found(lotskoping) == []
    empty_review(lotskoping)
    lotskoping.clock.advance(days=31)
    sweep(lotskoping.services)
    reviewer = of_role(lotskoping, Role.LOG_REVIEWER)
    assert (reviewer.duty_ids, reviewer.since) == ((REVIEW,), LEFT_ON + timedelta(days=1))


def test_an_absence_counts_from_its_first_day(lotskoping: Lotskoping) -> None:
    empty_review(lotskoping)
    today = local_date(lotskoping.clock())
    first, last = today - timedelta(days=3), today + timedelta(days=9)
    with lotskoping.unit_of_work() as uow:
        always = Validity(first_on=date(2026, 1, 1), last_on=None)
        uow.staff.add_assignment(
            Assignment(
                person_id=MARIA, role=Role.LOG_REVIEWER, scope="", deputy=False, valid=always
            )
        )
        uow.staff.add_absence(
            Absence(person_id=MARIA, valid=Validity(first_on=first, last_on=last))
        )
        uow.commit()
    assert of_role(lotskoping, Role.LOG_REVIEWER).since == first


def test_alerts_that_reach_nobody_stand_with_the_office_that_they_are_for(
    lotskoping: Lotskoping,
) -> None:
    for role in (Role.MAS, Role.SAS, Role.AREA_MANAGER, Role.UNIT_MANAGER):
        leave(lotskoping, role, LEFT_ON)
    case = lotskoping.report(harm="death")
    assert of_role(lotskoping, Role.MAS).alerts == 1
    assert case.number not in str(found(lotskoping))


def test_the_administrator_sees_it_in_the_list_and_on_the_page_and_a_manager_does_not(
    lotskoping: Lotskoping,
) -> None:
    empty_review(lotskoping)
    with lotskoping.unit_of_work() as uow:
        rules, now = lotskoping.services.municipality, lotskoping.clock()
        steps = {person: list(todo.todos_of(uow, rules, person, now)) for person in (ROLF, MARIA)}
    [row] = [one for one in steps[ROLF] if one.step == "todo.vacancy"]
    assert (row.path, row.count) == ("/organisation#vakanser", len(found(lotskoping)))
    assert not any(one.step == "todo.vacancy" for one in steps[MARIA])
    base = "http://127.0.0.1:8000"
    with TestClient(create_app(lotskoping.services), base_url=base) as client:
        client.post("/logga-in", data={"person_id": ROLF})
        page = client.get("/organisation").text
        assert "Det saknas någon" in page
        assert "Loggranskare" in page
        assert "2026-05-21" in page
        client.post("/logga-in", data={"person_id": MARIA})
        assert "Det saknas någon" not in client.get("/organisation").text


def test_a_task_from_the_vacancy_goes_to_whoever_gets_the_office(lotskoping: Lotskoping) -> None:
    empty_review(lotskoping)
    with lotskoping.unit_of_work() as uow:
        rules, now = lotskoping.services.municipality, lotskoping.clock()
        assert duties.tasks_of(uow, FALLBACK, now, rules)
        new = Validity(first_on=local_date(now), last_on=None)
        for role in (Role.LOG_REVIEWER, Role.MAS, Role.SAS):
            uow.staff.add_assignment(
                Assignment(person_id=INGER, role=role, scope="", deputy=False, valid=new)
            )
        uow.commit()
    with lotskoping.unit_of_work() as uow:
        mine = duties.tasks_of(uow, INGER, now, rules)
        assert REVIEW in [one.rule.id for one in mine]
        assert REVIEW not in [one.rule.id for one in duties.tasks_of(uow, FALLBACK, now, rules)]
    assert not any(REVIEW in one.duty_ids for one in found(lotskoping))
