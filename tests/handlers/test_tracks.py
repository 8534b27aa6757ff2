"""Lex Maria and lex Sarah: own steps, own persons, own clocks, beside the case."""

from dataclasses import replace
from datetime import date

import pytest

from handlers import shielding, tracks
from handlers.case_records import Track
from handlers.domain.case import Case
from handlers.domain.moves import Machine, MariaStep, SarahStep, State
from handlers.domain.people import Absence, Validity
from handlers.errors import IllegalTransition, UserFault
from storage.organisation import replace_organisation
from tests.lotskoping import BENGT, DAVID, ERIK, INGER, MARIA, MONIKA, Lotskoping

MARIA_TRACK, SARAH_TRACK = Machine.LEX_MARIA, Machine.LEX_SARAH


def start(lotskoping: Lotskoping, case: Case, machine: Machine, person: str) -> Track:
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, case, person)
        tracks.start(desk, machine, reason="Kan vara allvarligt")
        found = tracks.find_track(desk, machine)
        uow.commit()
    assert found is not None
    return found


def take(
    lotskoping: Lotskoping,
    case: Case,
    machine: Machine,
    to: State,
    person: str,
    investigator: str = "",
) -> Track:
    lotskoping.clock.advance(minutes=1)
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, case, person)
        tracks.take_step(desk, machine, to, reason="Nästa steg", investigator_id=investigator)
        found = tracks.find_track(desk, machine)
        uow.commit()
    assert found is not None
    return found


def test_mas_takes_lex_maria_through_all_its_steps(lotskoping: Lotskoping):
    case = lotskoping.report()
    start(lotskoping, case, MARIA_TRACK, INGER)
    for step in (
        MariaStep.ANALYSING,
        MariaStep.REPORTED,
        MariaStep.INVESTIGATION_SENT,
        MariaStep.ANSWERED,
    ):
        assert take(lotskoping, case, MARIA_TRACK, step, INGER).ended_at is None
    assert take(lotskoping, case, MARIA_TRACK, MariaStep.DONE, INGER).ended_at is not None
    with lotskoping.unit_of_work() as uow:
        steps = uow.work.track_steps.where(case_id=case.id)
    assert (steps[0].step, steps[0].taken_by) == ("assessing", INGER)
    assert len(steps) == 6


def ended_notices(lotskoping: Lotskoping) -> list[tuple[str, str]]:
    return [
        (q.message.person_id, q.message.text)
        for q in lotskoping.outbox()
        if q.message.subject.startswith("Gå vidare med ärende")
    ]


def test_whoever_has_the_case_is_told_once_when_a_track_has_ended(lotskoping: Lotskoping):
    case = lotskoping.report()
    start(lotskoping, case, MARIA_TRACK, INGER)
    take(lotskoping, case, MARIA_TRACK, MariaStep.ANALYSING, INGER)
    assert ended_notices(lotskoping) == []
    take(lotskoping, case, MARIA_TRACK, MariaStep.NOT_REPORTED, INGER)
    [(person, text)] = ended_notices(lotskoping)
    assert person == MARIA
    assert case.number in text
    assert "lex" not in text.casefold()


def test_the_manager_whom_a_case_is_hidden_from_is_not_told_that_its_track_has_ended(
    lotskoping: Lotskoping,
):
    case = lotskoping.report()
    start(lotskoping, case, MARIA_TRACK, INGER)
    with lotskoping.unit_of_work() as uow:
        shielding.shield(lotskoping.desk(uow, case, INGER))
        uow.commit()
    take(lotskoping, case, MARIA_TRACK, MariaStep.NOT_REPORTED, INGER)
    assert MARIA not in [person for person, _ in ended_notices(lotskoping)]


def test_the_first_step_has_two_working_days(lotskoping: Lotskoping):
    case = lotskoping.report()
    # 1 June 2026 is a Monday.
    assert start(lotskoping, case, MARIA_TRACK, INGER).due_on == date(2026, 6, 3)


def test_the_case_goes_on_beside_its_track(lotskoping: Lotskoping):
    case = lotskoping.report()
    start(lotskoping, case, MARIA_TRACK, INGER)
    after = lotskoping.case(case.id)
    assert (after.status, after.target_on) == (case.status, case.target_on)


@pytest.mark.parametrize(
    ("machine", "person"), [(MARIA_TRACK, MARIA), (MARIA_TRACK, MONIKA), (SARAH_TRACK, INGER)]
)
def test_a_track_is_led_by_its_own_role_only(lotskoping: Lotskoping, machine: Machine, person: str):
    case = lotskoping.report()
    with pytest.raises(UserFault, match="no_right"):
        start(lotskoping, case, machine, person)


def test_sas_stands_in_when_no_mas_is_there(lotskoping: Lotskoping):
    case = lotskoping.report()
    with lotskoping.unit_of_work() as uow:
        away = Validity(first_on=date(2026, 1, 1))
        absent = tuple(Absence(person_id=one, valid=away) for one in (INGER, DAVID))
        replace_organisation(uow.connection, replace(uow.organisation, absences=absent))
        uow.commit()
    assert start(lotskoping, case, MARIA_TRACK, MONIKA).lead_id == MONIKA


def test_a_case_has_each_track_once(lotskoping: Lotskoping):
    case = lotskoping.report()
    start(lotskoping, case, SARAH_TRACK, MONIKA)
    with pytest.raises(UserFault, match="track_exists"):
        start(lotskoping, case, SARAH_TRACK, MONIKA)


def test_a_step_that_the_table_does_not_have_is_refused(lotskoping: Lotskoping):
    case = lotskoping.report()
    start(lotskoping, case, SARAH_TRACK, MONIKA)
    with pytest.raises(IllegalTransition):
        take(lotskoping, case, SARAH_TRACK, SarahStep.DECIDED, MONIKA)


@pytest.mark.parametrize("investigator", ["", MARIA, "agneta-holmlid"])
def test_misconduct_is_not_investigated_by_the_units_own_managers(
    lotskoping: Lotskoping, investigator: str
):
    case = lotskoping.report()
    start(lotskoping, case, SARAH_TRACK, MONIKA)
    take(lotskoping, case, SARAH_TRACK, SarahStep.MEASURES_TAKEN, MONIKA)
    with pytest.raises(UserFault, match="investigator"):
        take(lotskoping, case, SARAH_TRACK, SarahStep.INVESTIGATING, MONIKA, investigator)


def test_an_independent_investigator_is_told_and_let_in(lotskoping: Lotskoping):
    case = lotskoping.report()
    start(lotskoping, case, SARAH_TRACK, MONIKA)
    take(lotskoping, case, SARAH_TRACK, SarahStep.MEASURES_TAKEN, MONIKA)
    track = take(lotskoping, case, SARAH_TRACK, SarahStep.INVESTIGATING, MONIKA, ERIK)
    assert track.investigator_id == ERIK
    assert ERIK in [q.message.person_id for q in lotskoping.outbox()]
    with lotskoping.unit_of_work() as uow:
        assert ERIK in [m.person_id for m in uow.work.team.where(case_id=case.id)]


def test_a_step_needs_a_word_of_why(lotskoping: Lotskoping):
    case = lotskoping.report()
    start(lotskoping, case, MARIA_TRACK, INGER)
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, case, INGER)
        with pytest.raises(UserFault, match="empty_text"):
            tracks.take_step(desk, MARIA_TRACK, MariaStep.REPORTED, reason=" ")


def take_back(lotskoping: Lotskoping, case: Case, machine: Machine, person: str) -> Track:
    lotskoping.clock.advance(minutes=1)
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, case, person)
        tracks.take_back(desk, machine, reason="Jag tryckte fel")
        found = tracks.find_track(desk, machine)
        uow.commit()
    assert found is not None
    return found


def test_a_wrong_tap_is_taken_back_step_by_step_and_the_history_keeps_both(
    lotskoping: Lotskoping,
):
    case = lotskoping.report()
    start(lotskoping, case, SARAH_TRACK, MONIKA)
    take(lotskoping, case, SARAH_TRACK, SarahStep.MEASURES_TAKEN, MONIKA)
    take(lotskoping, case, SARAH_TRACK, SarahStep.INVESTIGATING, MONIKA, ERIK)
    assert take_back(lotskoping, case, SARAH_TRACK, MONIKA).step == SarahStep.MEASURES_TAKEN
    assert take_back(lotskoping, case, SARAH_TRACK, MONIKA).step == SarahStep.RECEIVED
    again = take(lotskoping, case, SARAH_TRACK, SarahStep.MEASURES_TAKEN, MONIKA)
    assert (again.step, again.ended_at) == (SarahStep.MEASURES_TAKEN, None)
    with lotskoping.unit_of_work() as uow:
        assert len(uow.work.track_steps.where(case_id=case.id)) == 6
        assert "track_taken_back" in [event.kind for event in uow.cases.events(case.id)]


def test_a_track_that_should_not_have_begun_ends_and_can_begin_again(lotskoping: Lotskoping):
    case = lotskoping.report()
    start(lotskoping, case, SARAH_TRACK, MONIKA)
    assert take_back(lotskoping, case, SARAH_TRACK, MONIKA).ended_at is not None
    with pytest.raises(UserFault, match="no_track"):
        take_back(lotskoping, case, SARAH_TRACK, MONIKA)
    lotskoping.clock.advance(minutes=1)
    assert start(lotskoping, case, SARAH_TRACK, MONIKA).ended_at is None


def test_a_way_back_is_no_step_forward(lotskoping: Lotskoping):
    case = lotskoping.report()
    start(lotskoping, case, SARAH_TRACK, MONIKA)
    take(lotskoping, case, SARAH_TRACK, SarahStep.MEASURES_TAKEN, MONIKA)
    with pytest.raises(IllegalTransition):
        take(lotskoping, case, SARAH_TRACK, SarahStep.RECEIVED, MONIKA)


@pytest.mark.parametrize("investigator", ["fallback", BENGT])
def test_misconduct_is_investigated_by_a_person_who_works_in_care(
    lotskoping: Lotskoping, investigator: str
):
    case = lotskoping.report()
    start(lotskoping, case, SARAH_TRACK, MONIKA)
    take(lotskoping, case, SARAH_TRACK, SarahStep.MEASURES_TAKEN, MONIKA)
    with pytest.raises(UserFault, match="investigator_outside_care"):
        take(lotskoping, case, SARAH_TRACK, SarahStep.INVESTIGATING, MONIKA, investigator)
