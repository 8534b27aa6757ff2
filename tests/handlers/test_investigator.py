"""The lex Sarah investigator stands free of the event; nobody stands in for one."""

from dataclasses import replace

import pytest

from bot.schedule import sweep
from handlers import case_handling, duplicates, tracks
from handlers.case_handling import Desk
from handlers.domain.case import Case
from handlers.domain.moves import Machine, SarahStep
from handlers.errors import UserFault
from handlers.permissions import Action as Right
from storage.organisation import replace_organisation
from tests.handlers.test_work_reminders import away, do, told, waiting
from tests.lotskoping import DAVID, ERIK, INGER, JONAS, MARIA, MONIKA, Lotskoping

FATIMA = "fatima-nordrud"  # manages Havsbrisen; Jonas is her deputy there
HASSAN = "hassan-bergavik"  # manages the night patrol
NURSE = "sofia-almgrund"
SARAH = Machine.LEX_SARAH


def step(lotskoping: Lotskoping, case: Case, to: SarahStep, **told: str) -> Case:
    lotskoping.clock.advance(minutes=1)
    return do(lotskoping, case, MONIKA, tracks.take_step, machine=SARAH, to=to, **told)


def ready(lotskoping: Lotskoping, case: Case) -> Case:
    """The lex Sarah track stands at the step before the investigation."""
    do(lotskoping, case, MONIKA, tracks.start, machine=SARAH, reason="Kan vara allvarligt")
    return step(lotskoping, case, SarahStep.MEASURES_TAKEN, reason="Skyddat")


def investigated_by(lotskoping: Lotskoping, case: Case, who: str) -> Case:
    return step(lotskoping, case, SarahStep.INVESTIGATING, reason="Utreds", investigator_id=who)


def named(lotskoping: Lotskoping, case: Case, who: str) -> Case:
    lotskoping.clock.advance(minutes=1)
    return do(
        lotskoping,
        case,
        MONIKA,
        tracks.name_investigator,
        investigator_id=who,
        reason="Den första är sjuk",
    )


def works_at(lotskoping: Lotskoping, person_id: str, unit_id: str) -> None:
    with lotskoping.unit_of_work() as uow:
        before = uow.organisation
        people = tuple(
            replace(one, unit_id=unit_id) if one.id == person_id else one for one in before.people
        )
        replace_organisation(uow.connection, replace(before, people=people))
        uow.commit()


def opens(lotskoping: Lotskoping, case: Case, who: str) -> bool:
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, case, who)
        found = uow.cases.find(case.id)
        assert found is not None
        return case_handling.may(desk, Right.OPEN, found)


def test_a_nurse_who_works_in_the_unit_does_not_investigate_it(lotskoping: Lotskoping):
    case = ready(lotskoping, lotskoping.report())
    works_at(lotskoping, NURSE, "bjorkgarden")
    with pytest.raises(UserFault, match="investigator_not_free"):
        investigated_by(lotskoping, case, NURSE)
    works_at(lotskoping, NURSE, "rehabteamet")
    investigated_by(lotskoping, case, NURSE)


def test_nobody_of_the_unit_where_it_happened_investigates_when_the_case_has_moved_on(
    lotskoping: Lotskoping,
):
    case = ready(lotskoping, lotskoping.report())
    do(lotskoping, case, MONIKA, case_handling.move_to_unit, unit_id="hemtjanst-norr")
    for who in (MARIA, JONAS, ERIK):
        with pytest.raises(UserFault, match="investigator_not_free"):
            investigated_by(lotskoping, case, who)
    investigated_by(lotskoping, case, "petra-skogvall")


def test_nobody_of_a_merged_reports_first_unit_investigates(lotskoping: Lotskoping):
    case, twin = lotskoping.report(), lotskoping.report(unit="hemtjanst-norr")
    do(lotskoping, twin, INGER, case_handling.move_to_unit, unit_id="bjorkgarden")
    do(lotskoping, twin, MARIA, duplicates.merge, into_id=case.id)
    ready(lotskoping, case)
    with pytest.raises(UserFault, match="investigator_not_free"):
        investigated_by(lotskoping, case, ERIK)


def test_who_managed_the_unit_on_the_day_of_the_report_does_not_investigate(
    lotskoping: Lotskoping,
):
    case = ready(lotskoping, lotskoping.report())
    lotskoping.clock.advance(days=10)
    yesterday = lotskoping.clock().date().replace(day=10)
    with lotskoping.unit_of_work() as uow:
        before = uow.organisation
        left = tuple(
            replace(one, valid=replace(one.valid, last_on=yesterday))
            if (one.person_id, one.scope) == (JONAS, "bjorkgarden")
            else one
            for one in before.assignments
        )
        replace_organisation(uow.connection, replace(before, assignments=left))
        uow.commit()
    lotskoping.clock.advance(days=30)
    with pytest.raises(UserFault, match="investigator_not_free"):
        investigated_by(lotskoping, case, JONAS)


def test_nobody_is_asked_to_investigate_who_is_away(lotskoping: Lotskoping):
    case = ready(lotskoping, lotskoping.report())
    away(lotskoping, ERIK)
    with pytest.raises(UserFault, match="investigator_away"):
        investigated_by(lotskoping, case, ERIK)


def test_nobody_stands_in_for_an_investigator_who_is_away(lotskoping: Lotskoping):
    case = ready(lotskoping, lotskoping.report(unit="hemtjanst-norr"))
    investigated_by(lotskoping, case, FATIMA)
    assert "todo.investigate" in waiting(lotskoping, FATIMA)
    assert opens(lotskoping, case, FATIMA)
    away(lotskoping, FATIMA)
    assert "todo.name_investigator" in waiting(lotskoping, MONIKA)
    for who in (JONAS, MARIA, ERIK, DAVID):
        assert not {"todo.investigate", "todo.comment"} & set(waiting(lotskoping, who)), who
    assert not opens(lotskoping, case, JONAS)


def test_sas_is_told_at_once_that_nobody_investigates(lotskoping: Lotskoping):
    case = ready(lotskoping, lotskoping.report(unit="hemtjanst-norr"))
    investigated_by(lotskoping, case, FATIMA)
    away(lotskoping, FATIMA)
    lotskoping.clock.advance(days=1)
    sweep(lotskoping.services)
    assert [who for who, _ in told(lotskoping, "#spar")] == [MONIKA]


def test_sas_names_another_and_the_clock_goes_on(lotskoping: Lotskoping):
    case = ready(lotskoping, lotskoping.report(unit="hemtjanst-norr"))
    investigated_by(lotskoping, case, FATIMA)
    with lotskoping.unit_of_work() as uow:
        [before] = uow.work.tracks.where(case_id=case.id)
    away(lotskoping, FATIMA)
    lotskoping.clock.advance(days=5)
    named(lotskoping, case, "petra-skogvall")
    with lotskoping.unit_of_work() as uow:
        [after] = uow.work.tracks.where(case_id=case.id)
        assert "investigator_named" in [one.kind for one in uow.cases.events(case.id)]
    assert (after.investigator_id, after.due_on) == ("petra-skogvall", before.due_on)
    assert "todo.investigate" in waiting(lotskoping, "petra-skogvall")
    assert "todo.name_investigator" not in waiting(lotskoping, MONIKA)
    assert not opens(lotskoping, case, FATIMA)


def test_an_investigator_in_whose_unit_the_case_comes_to_stand_is_replaced(
    lotskoping: Lotskoping,
):
    case = ready(lotskoping, lotskoping.report())
    investigated_by(lotskoping, case, ERIK)
    do(lotskoping, case, MONIKA, case_handling.move_to_unit, unit_id="hemtjanst-norr")
    assert "todo.name_investigator" in waiting(lotskoping, MONIKA)
    assert "todo.investigate" not in waiting(lotskoping, ERIK)


def test_a_stand_in_who_manages_the_very_unit_has_nothing_to_investigate(lotskoping: Lotskoping):
    case = ready(lotskoping, lotskoping.report(unit="solrosen"))
    investigated_by(lotskoping, case, FATIMA)
    away(lotskoping, FATIMA)
    assert "todo.investigate" not in waiting(lotskoping, JONAS)
    assert "todo.name_investigator" in waiting(lotskoping, MONIKA)


@pytest.mark.parametrize("who", [MARIA, ERIK])
def test_only_who_leads_the_track_names_another(lotskoping: Lotskoping, who: str):
    case = ready(lotskoping, lotskoping.report())
    investigated_by(lotskoping, case, ERIK)
    with lotskoping.unit_of_work() as uow:
        desk: Desk = lotskoping.desk(uow, case, who)
        with pytest.raises(UserFault, match="no_right"):
            tracks.name_investigator(desk, investigator_id=HASSAN, reason="Jag vill")


def test_taking_back_and_starting_again_gives_no_new_time(lotskoping: Lotskoping):
    case = ready(lotskoping, lotskoping.report())
    investigated_by(lotskoping, case, ERIK)
    with lotskoping.unit_of_work() as uow:
        [before] = uow.work.tracks.where(case_id=case.id)
    lotskoping.clock.advance(days=12)
    do(lotskoping, case, MONIKA, tracks.take_back, machine=SARAH, reason="Fel knapp")
    investigated_by(lotskoping, case, ERIK)
    with lotskoping.unit_of_work() as uow:
        [again] = uow.work.tracks.where(case_id=case.id)
    assert again.due_on == before.due_on


def test_a_track_that_is_begun_again_keeps_its_first_clock(lotskoping: Lotskoping):
    case = lotskoping.report()
    do(lotskoping, case, MONIKA, tracks.start, machine=SARAH, reason="Kan vara allvarligt")
    with lotskoping.unit_of_work() as uow:
        [before] = uow.work.tracks.where(case_id=case.id)
    for _ in range(2):
        lotskoping.clock.advance(days=3)
        do(lotskoping, case, MONIKA, tracks.take_back, machine=SARAH, reason="Fel knapp")
        lotskoping.clock.advance(minutes=1)
        do(lotskoping, case, MONIKA, tracks.start, machine=SARAH, reason="Jo")
    with lotskoping.unit_of_work() as uow:
        [again] = uow.work.tracks.where(case_id=case.id)
    assert again.due_on == before.due_on


def test_a_track_that_is_begun_late_is_late_from_the_day_of_the_alert(lotskoping: Lotskoping):
    case = lotskoping.report("Personalen låste in den boende i rummet och slog henne.")
    lotskoping.clock.advance(days=20)
    do(lotskoping, case, MONIKA, tracks.start, machine=SARAH, reason="Kan vara allvarligt")
    with lotskoping.unit_of_work() as uow:
        [track] = uow.work.tracks.where(case_id=case.id)
    assert track.due_on is not None
    assert (track.due_on - case.received_on).days == 1
