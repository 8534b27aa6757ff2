"""Whoever was told of an alert or asked into a case acts while the office lasts that it was for."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from bot.schedule import sweep
from bot.web.app import create_app
from handlers import alert_chain, alerts, case_handling, shielding, team
from handlers.access import access_of, cases_for
from handlers.case_records import Profession
from handlers.domain.case import Case
from handlers.domain.deadline import local_date
from handlers.domain.people import Absence, Assignment, Role, Validity
from handlers.errors import NotAllowed, OfficeOver
from handlers.records import Alert
from handlers.standing_in import stand_in
from storage.organisation import replace_organisation
from tests.handlers.test_asked_in import opens, steps_of
from tests.handlers.test_investigation import do
from tests.lotskoping import AGNETA, DAVID, ERIK, INGER, MARIA, MONIKA, Lotskoping

SERIOUS = "Personen fick fel medicin, Waran dubbel dos."


def appoint(lotskoping: Lotskoping, person_id: str, role: Role, scope: str = "") -> None:
    valid = Validity(first_on=local_date(lotskoping.clock()))
    held = Assignment(person_id=person_id, role=role, scope=scope, deputy=True, valid=valid)
    with lotskoping.unit_of_work() as uow:
        uow.staff.add_assignment(held)
        uow.commit()


def leave(lotskoping: Lotskoping, person_id: str, *roles: Role) -> None:
    """Let today be the last day of these offices, of all if none is named, and a day go by."""
    today = local_date(lotskoping.clock())

    def ended(one: Assignment) -> Assignment:
        if one.person_id != person_id or (roles and one.role not in roles):
            return one
        return replace(one, valid=replace(one.valid, last_on=today))

    with lotskoping.unit_of_work() as uow:
        before = uow.organisation
        after = replace(before, assignments=tuple(ended(one) for one in before.assignments))
        replace_organisation(uow.connection, after)
        uow.commit()
    lotskoping.clock.advance(days=1)


def away_today(lotskoping: Lotskoping, *people: str) -> None:
    today = local_date(lotskoping.clock())
    with lotskoping.unit_of_work() as uow:
        for person_id in people:
            span = Validity(first_on=today, last_on=today)
            uow.staff.add_absence(Absence(person_id=person_id, valid=span))
        uow.commit()


def the_alert(lotskoping: Lotskoping, case: Case, role: Role = Role.MAS) -> Alert:
    with lotskoping.unit_of_work() as uow:
        [found] = [one for one in uow.alerts.of_case(case.id) if one.role == role]
    return found


def take(lotskoping: Lotskoping, case: Case, person_id: str, role: Role = Role.MAS) -> Alert:
    found = the_alert(lotskoping, case, role)
    with lotskoping.unit_of_work() as uow:
        taken = alerts.acknowledge(uow, found.id, person_id, lotskoping.clock())
        uow.commit()
    return taken


@pytest.fixture
def told_erik(lotskoping: Lotskoping) -> Case:
    """A case whose alert went to the deputy of a week, whose last day it was."""
    appoint(lotskoping, ERIK, Role.MAS)
    away_today(lotskoping, INGER, DAVID)
    case = lotskoping.report(SERIOUS, harm="hospital")
    assert the_alert(lotskoping, case).recipient_id == ERIK
    return case


def test_an_alert_is_not_taken_by_whose_time_as_deputy_is_over_and_goes_on(
    lotskoping: Lotskoping, told_erik: Case
):
    leave(lotskoping, ERIK, Role.MAS)
    with pytest.raises(OfficeOver):
        take(lotskoping, told_erik, ERIK)
    assert the_alert(lotskoping, told_erik).acknowledged_at is None
    assert "todo.alert" not in steps_of(lotskoping, ERIK)
    sweep(lotskoping.services)
    assert the_alert(lotskoping, told_erik).recipient_id == INGER


def test_the_deputy_takes_it_on_the_last_day_and_whoever_is_appointed_again_later(
    lotskoping: Lotskoping, told_erik: Case
):
    leave(lotskoping, ERIK, Role.MAS)
    lotskoping.clock.advance(days=9)
    appoint(lotskoping, ERIK, Role.MAS)
    assert take(lotskoping, told_erik, ERIK).acknowledged_by == ERIK


def test_who_holds_no_office_any_more_takes_nothing(lotskoping: Lotskoping):
    case = lotskoping.report(SERIOUS, harm="hospital")
    leave(lotskoping, INGER)
    with pytest.raises(OfficeOver):
        take(lotskoping, case, INGER)


def test_who_is_away_for_the_day_takes_what_she_was_told_of(lotskoping: Lotskoping):
    case = lotskoping.report(SERIOUS, harm="hospital")
    away_today(lotskoping, INGER)
    assert take(lotskoping, case, INGER).acknowledged_by == INGER


def test_the_area_manager_who_was_told_takes_it_while_she_is(lotskoping: Lotskoping):
    case = lotskoping.report(SERIOUS, harm="hospital")
    found = the_alert(lotskoping, case)
    with lotskoping.unit_of_work() as uow:
        uow.alerts.save(replace(found, told_ids=(*found.told_ids, AGNETA)))
        uow.commit()
    found = the_alert(lotskoping, case)
    with lotskoping.unit_of_work() as uow:
        assert alert_chain.may_see(uow, found, AGNETA, lotskoping.clock())
    leave(lotskoping, AGNETA)
    appoint(lotskoping, AGNETA, Role.REGISTRATOR)
    with pytest.raises(OfficeOver):
        take(lotskoping, case, AGNETA)


def test_while_the_chairs_of_mas_and_sas_are_empty_who_comes_first_today_takes_it_and_looks(
    lotskoping: Lotskoping,
):
    case = lotskoping.report(SERIOUS, harm="hospital")
    with lotskoping.unit_of_work() as uow:
        held = {one.person_id: one.role for one in uow.organisation.assignments}
        special = [who for who, role in held.items() if role in (Role.MAS, Role.SAS)]
    for person_id in special:
        leave(lotskoping, person_id, Role.MAS, Role.SAS)
    with pytest.raises(NotAllowed):
        take(lotskoping, case, MARIA)
    assert take(lotskoping, case, AGNETA).looked_at is not None


def test_an_alert_is_not_somebodys_who_was_never_told(lotskoping: Lotskoping):
    case = lotskoping.report(SERIOUS, harm="hospital")
    with pytest.raises(NotAllowed) as refusal:
        take(lotskoping, case, ERIK)
    assert not isinstance(refusal.value, OfficeOver)


@pytest.fixture
def browser(lotskoping: Lotskoping) -> Iterator[TestClient]:
    with TestClient(create_app(lotskoping.services), follow_redirects=False) as client:
        yield client


def test_the_pages_of_a_hidden_case_and_its_alert_are_shut_to_the_former_deputy(
    lotskoping: Lotskoping, told_erik: Case, browser: TestClient
):
    do(lotskoping, told_erik, shielding.shield, MONIKA)
    found = the_alert(lotskoping, told_erik)
    browser.post("/logga-in", data={"person_id": ERIK})
    assert browser.get(f"/arenden/{told_erik.id}").status_code == 200
    leave(lotskoping, ERIK, Role.MAS)
    browser.post("/logga-in", data={"person_id": ERIK})
    assert browser.get(f"/arenden/{told_erik.id}").status_code == 404
    assert browser.get(f"/larm/{found.id}").status_code == 404
    assert told_erik.number not in browser.get("/larm").text
    answer = browser.post(f"/larm/{found.id}/bekrafta")
    assert answer.status_code == 404
    assert "inte längre ditt" in answer.text
    assert the_alert(lotskoping, told_erik).acknowledged_at is None


@pytest.mark.parametrize("role", [Role.BOARD, Role.ADMINISTRATOR, Role.LOG_REVIEWER])
def test_who_only_counts_runs_or_reviews_opens_nothing_that_she_was_told_of(
    lotskoping: Lotskoping, role: Role
):
    case = lotskoping.report(SERIOUS, harm="hospital")
    leave(lotskoping, INGER)
    appoint(lotskoping, INGER, role)
    assert not opens(lotskoping, case, INGER)


def nurse_asked(lotskoping: Lotskoping) -> tuple[Case, str]:
    """Return a case and the nurse whom a rule asked into it."""
    case = lotskoping.report("Personen fick fel medicin vid frukosten.")
    with lotskoping.unit_of_work() as uow:
        [nurse] = [
            one.person_id
            for one in uow.work.team.where(case_id=case.id)
            if one.profession == Profession.NURSE
        ]
    return case, nurse


@pytest.mark.parametrize("role", [Role.BOARD, Role.REGISTRATOR, Role.PHYSIOTHERAPIST])
def test_an_invitation_ends_with_the_office_that_it_was_for(lotskoping: Lotskoping, role: Role):
    case, nurse = nurse_asked(lotskoping)
    assert opens(lotskoping, case, nurse)
    leave(lotskoping, nurse)
    appoint(lotskoping, nurse, role)
    assert not opens(lotskoping, case, nurse)
    with lotskoping.unit_of_work() as uow:
        access = access_of(uow, lotskoping.services.municipality, nurse, lotskoping.clock())
        assert cases_for(uow, access, open_only=True) == []


def test_an_invitation_by_name_holds_while_the_person_has_the_office_she_had(
    lotskoping: Lotskoping,
):
    case = lotskoping.report()
    do(lotskoping, case, lambda desk: team.invite(desk, person_id=ERIK), MARIA)
    leave(lotskoping, ERIK)
    appoint(lotskoping, ERIK, Role.UNIT_MANAGER, "solrosen")
    assert opens(lotskoping, case, ERIK)
    leave(lotskoping, ERIK)
    appoint(lotskoping, ERIK, Role.NURSE)
    assert not opens(lotskoping, case, ERIK)


def test_what_a_nurse_was_asked_to_do_falls_to_the_manager_when_she_has_another_office(
    lotskoping: Lotskoping,
):
    case, nurse = nurse_asked(lotskoping)
    do(lotskoping, case, case_handling.acknowledge, MARIA)
    due_on = local_date(lotskoping.clock()) + timedelta(days=3)

    def ask(desk: case_handling.Desk) -> Case:
        return team.add_task(desk, text="Läs journalen", owner_id=nurse, due_on=due_on)

    do(lotskoping, case, ask, MARIA)
    leave(lotskoping, nurse)
    appoint(lotskoping, nurse, Role.REGISTRATOR)
    assert "todo.task" in steps_of(lotskoping, MARIA)
    assert "todo.task" not in steps_of(lotskoping, nurse)


def test_the_work_of_a_nurse_who_only_sits_in_the_board_now_falls_to_her_deputy(
    lotskoping: Lotskoping,
):
    case, nurse = nurse_asked(lotskoping)
    leave(lotskoping, nurse)
    appoint(lotskoping, nurse, Role.BOARD)
    with lotskoping.unit_of_work() as uow:
        other = stand_in(uow.organisation, case, nurse, local_date(lotskoping.clock()))
    assert other is not None
    assert opens(lotskoping, case, other.id)
    assert "todo.comment" in steps_of(lotskoping, other.id)
