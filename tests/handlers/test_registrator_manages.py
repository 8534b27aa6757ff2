"""A manager who keeps the register too, and what is grave at a unit of her own."""

import pytest

from handlers.access import access_of, allowed
from handlers.domain.case import Case
from handlers.domain.people import Role
from handlers.errors import NotAllowed
from handlers.permissions import Action
from handlers.reporting import receiver_of
from tests.handlers.test_held_case import complained, released_by
from tests.handlers.test_two_chairs import give, leave
from tests.lotskoping import AGNETA, BENGT, ERIK, MARIA, MONIKA, Lotskoping

ABOUT_THE_CHIEF = "Chefen slog min mamma i ansiktet."
STOLEN = "Personalen stal pengar från min mamma."


def first_in_line(lotskoping: Lotskoping, case: Case) -> str:
    with lotskoping.unit_of_work() as uow:
        stored = uow.cases.find(case.id)
        assert stored is not None
        return receiver_of(uow, stored, lotskoping.clock()).id


def may_see_who_said_it(lotskoping: Lotskoping, case: Case, person: str) -> bool:
    with lotskoping.unit_of_work() as uow:
        stored = uow.cases.find(case.id)
        assert stored is not None
        now = lotskoping.clock()
        access = access_of(uow, lotskoping.services.municipality, person, now)
        return allowed(uow, access, Action.SEE_REPORTER, stored, now)


def test_an_area_manager_who_is_registrator_lets_nothing_held_loose_in_her_own_area(
    lotskoping: Lotskoping,
):
    give(lotskoping, AGNETA, Role.REGISTRATOR)
    case = complained(lotskoping, ABOUT_THE_CHIEF)
    assert case.is_held
    with pytest.raises(NotAllowed):
        released_by(lotskoping, case, AGNETA)
    assert first_in_line(lotskoping, case) != AGNETA
    assert not released_by(lotskoping, case, BENGT).is_held


def test_she_lets_loose_what_is_held_in_anybody_elses(lotskoping: Lotskoping):
    give(lotskoping, AGNETA, Role.REGISTRATOR)
    case = complained(lotskoping, ABOUT_THE_CHIEF, unit="hemtjanst-norr")
    assert not released_by(lotskoping, case, AGNETA).is_held


def test_a_unit_manager_who_is_registrator_sees_no_sender_of_what_may_be_misconduct_at_her_unit(
    lotskoping: Lotskoping,
):
    for person in (MARIA, ERIK):
        give(lotskoping, person, Role.REGISTRATOR)
    case = complained(lotskoping, STOLEN)
    assert not may_see_who_said_it(lotskoping, case, MARIA)
    assert may_see_who_said_it(lotskoping, case, ERIK)


def test_a_register_without_anybody_free_of_the_unit_leaves_the_case_to_sas(
    lotskoping: Lotskoping,
):
    give(lotskoping, AGNETA, Role.REGISTRATOR)
    leave(lotskoping, BENGT)
    case = complained(lotskoping, ABOUT_THE_CHIEF)
    assert first_in_line(lotskoping, case) == MONIKA
