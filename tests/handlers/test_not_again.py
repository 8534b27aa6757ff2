"""Whom a person has taken out of a case no rule asks in again, until something is new."""

from datetime import timedelta
from functools import partial

import pytest

from handlers import shielding, team
from handlers.case_handling import change_category
from handlers.desk import Desk
from handlers.domain.case import Case
from handlers.domain.people import Absence, Role, Validity
from handlers.domain.report import UNKNOWN, Answer
from handlers.filling import fill
from handlers.moving import move_to_unit
from tests.bot.test_staff_and_tasks import appoint
from tests.bot.web.test_casework import Browser
from tests.handlers.test_reminders import change
from tests.handlers.test_taking_out import taken_out
from tests.handlers.test_teamwork import (
    FALL,
    NURSE,
    OCCUPATIONAL,
    OTHER,
    PHYSIO,
    do,
    invited,
    set_category,
)
from tests.lotskoping import INGER, MARIA, MONIKA, Lotskoping


@pytest.fixture
def fall(lotskoping: Lotskoping) -> Case:
    """Return a fall whose physiotherapist MAS has taken out, on its page."""
    case = set_category(lotskoping, lotskoping.report(FALL), "fall")
    assert invited(lotskoping, case) == {PHYSIO, OCCUPATIONAL}
    mas = Browser(lotskoping, INGER)
    mas.do(case, "ur-teamet", person_id=PHYSIO, reason="Hon känner den boende.")
    assert invited(lotskoping, case) == {OCCUPATIONAL}
    return lotskoping.case(case.id)


def test_a_category_that_comes_back_asks_nobody_in_again(lotskoping: Lotskoping, fall: Case):
    set_category(lotskoping, fall, "violence")
    set_category(lotskoping, fall, "fall")
    assert invited(lotskoping, fall) == {OCCUPATIONAL}


def test_a_case_that_is_shown_to_its_unit_again_asks_nobody_in_again(
    lotskoping: Lotskoping, fall: Case
):
    do(lotskoping, fall, shielding.shield, MONIKA)
    do(lotskoping, fall, partial(shielding.unshield, reason="Hon är inte med", sure=True), MONIKA)
    assert PHYSIO not in invited(lotskoping, fall)


def test_nor_a_colleague_of_the_same_profession(lotskoping: Lotskoping, fall: Case):
    today = lotskoping.clock().date()
    appoint(lotskoping, "nina-falk", Role.PHYSIOTHERAPIST)
    with lotskoping.unit_of_work() as uow:
        away = Validity(first_on=today, last_on=today + timedelta(days=9))
        uow.staff.add_absence(Absence(person_id=PHYSIO, valid=away))
        uow.commit()
    set_category(lotskoping, fall, "violence")
    set_category(lotskoping, fall, "fall")
    assert invited(lotskoping, fall) == {OCCUPATIONAL}


def test_another_category_asks_by_its_own_rule_whoever_was_taken_out_before(
    lotskoping: Lotskoping, fall: Case
):
    set_category(lotskoping, fall, "equipment")
    assert invited(lotskoping, fall) == {OCCUPATIONAL, PHYSIO}
    taken_out(lotskoping, fall, INGER, PHYSIO)
    set_category(lotskoping, fall, "fall")
    set_category(lotskoping, fall, "equipment")
    assert invited(lotskoping, fall) == {OCCUPATIONAL}
    set_category(lotskoping, fall, "medication")
    assert invited(lotskoping, fall) == {OCCUPATIONAL, NURSE}


def test_another_unit_asks_its_own_people_anew(lotskoping: Lotskoping, fall: Case):
    lotskoping.clock.advance(hours=1)
    do(lotskoping, fall, lambda desk: move_to_unit(desk, unit_id="solrosen"), INGER)
    for category in ("violence", "fall"):
        do(lotskoping, fall, partial(change_category, category=category), INGER)
    assert invited(lotskoping, fall) == {OCCUPATIONAL, PHYSIO}


@pytest.mark.parametrize("way", ["moved", "filled"])
def test_a_report_that_gets_its_unit_later_gets_its_team_then(lotskoping: Lotskoping, way: str):
    case = lotskoping.report(OTHER, unit=UNKNOWN)
    change(lotskoping, case, category="fall")
    assert (case.unit_id, invited(lotskoping, case)) == ("", set())

    def fill_in(desk: Desk) -> Case:
        stored = desk.uow.cases.find(case.id)
        assert stored is not None
        where = {"where": Answer(value="bjorkgarden")}
        return fill(desk.uow, stored, where, desk.now, desk.municipality)

    ways = {"moved": lambda desk: move_to_unit(desk, unit_id="bjorkgarden"), "filled": fill_in}
    do(lotskoping, case, ways[way], INGER)
    assert invited(lotskoping, case) == {OCCUPATIONAL, PHYSIO}


def test_a_person_may_ask_in_again_whom_somebody_has_taken_out(lotskoping: Lotskoping, fall: Case):
    do(lotskoping, fall, lambda desk: team.invite(desk, person_id=PHYSIO), MARIA)
    assert PHYSIO in invited(lotskoping, fall)


def test_who_was_never_taken_out_is_asked_as_before(lotskoping: Lotskoping):
    case = set_category(lotskoping, lotskoping.report(OTHER), "medication")
    assert invited(lotskoping, case) >= {NURSE}
    set_category(lotskoping, case, "fall")
    assert invited(lotskoping, case) == {NURSE, OCCUPATIONAL, PHYSIO}
