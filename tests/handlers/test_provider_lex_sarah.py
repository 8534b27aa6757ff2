"""A private provider's own lex Sarah (SoL 27:4-6): it leads, the board is told, SAS sees it."""

from dataclasses import replace
from datetime import datetime
from functools import partial

import pytest

from handlers import case_handling, tracks
from handlers.alert_watch import queue_due_watches
from handlers.case_records import Track
from handlers.domain.case import Case
from handlers.domain.injury import MisconductDegree
from handlers.domain.moves import Machine, ProviderStep, State
from handlers.domain.people import Absence, Role, Validity
from handlers.errors import IllegalTransition, NotAllowed, UserFault
from handlers.independence import free_people
from handlers.investigation import classify
from handlers.permissions import Action
from handlers.records import Alert
from handlers.reminders import due_work
from handlers.track_leads import leader
from storage.organisation import replace_organisation
from tests.bot.test_figures import browser
from tests.handlers.test_providers import PER, PIA, a_case, listed
from tests.handlers.test_providers import rented as rented
from tests.handlers.test_teamwork import do
from tests.handlers.test_tracks import start, take
from tests.lotskoping import INGER, MARIA, MONIKA, Lotskoping

OURS, THEIRS = Machine.LEX_SARAH, Machine.LEX_SARAH_PROVIDER
STEPS = tuple(ProviderStep)


def misconduct(rented: Lotskoping) -> Case:
    return a_case(rented, "SoL", misconduct=True)


def away(rented: Lotskoping, *people: str) -> None:
    with rented.unit_of_work() as uow:
        gone = Validity(first_on=rented.clock().date())
        absent = tuple(Absence(person_id=one, valid=gone) for one in people)
        replace_organisation(uow.connection, replace(uow.organisation, absences=absent))
        uow.commit()


def to_sas(rented: Lotskoping, case: Case) -> list[Alert]:
    with rented.unit_of_work() as uow:
        return [one for one in uow.alerts.of_case(case.id) if one.role == Role.SAS]


def walk(rented: Lotskoping, case: Case, *steps: State) -> Track | None:
    found = None
    for step in steps:
        who = PER if step == ProviderStep.INVESTIGATING else ""
        found = take(rented, case, THEIRS, step, PER, who)
    return found


def test_the_providers_head_walks_it_and_the_board_is_told_before_anything_else(
    rented: Lotskoping,
):
    case = misconduct(rented)
    assert start(rented, case, THEIRS, PER).lead_id == PER
    with pytest.raises(IllegalTransition):
        take(rented, case, THEIRS, ProviderStep.MEASURES_TAKEN, PER)
    ended = walk(rented, case, *STEPS[1:])
    assert ended is not None
    assert ended.ended_at is not None


def test_sas_walks_no_step_of_it_and_the_provider_none_of_sas(rented: Lotskoping):
    theirs, ours = misconduct(rented), rented.report()
    for person in (MONIKA, PIA):
        with pytest.raises(UserFault, match="no_right"):
            start(rented, theirs, THEIRS, person)
    for person in (INGER, MARIA):
        with pytest.raises(NotAllowed):
            start(rented, theirs, THEIRS, person)
    with pytest.raises(UserFault, match="other_lex_sarah"):
        start(rented, theirs, OURS, MONIKA)
    with pytest.raises(UserFault, match="other_lex_sarah"):
        start(rented, ours, THEIRS, MONIKA)
    start(rented, theirs, THEIRS, PER)
    with pytest.raises(UserFault, match="no_right"):
        take(rented, theirs, THEIRS, ProviderStep.BOARD_INFORMED, MONIKA)


def test_sas_sees_the_case_and_its_steps_and_may_not_investigate_it(rented: Lotskoping):
    case = misconduct(rented)
    start(rented, case, THEIRS, PER)
    assert case.id in listed(rented, MONIKA) & listed(rented, MONIKA, Action.COUNT)
    page = browser(rented, MONIKA).get(f"/arenden/{case.id}").text
    assert "Lex Sarah hos utföraren" in page
    assert "Leds av Per Provider" in page
    assert 'name="to"' not in page
    with pytest.raises(UserFault, match="no_right"):
        do(rented, case, case_handling.acknowledge, MONIKA)
    assert 'name="to"' in browser(rented, PER).get(f"/arenden/{case.id}").text


def test_sas_is_alerted_of_one_that_begins_without_an_alert_and_then_sees_the_case(
    rented: Lotskoping,
):
    case = a_case(rented, "SoL")
    assert case.id not in listed(rented, MONIKA)
    start(rented, case, THEIRS, PER)
    [alert] = to_sas(rented, case)
    assert (alert.recipient_id, alert.rule_ids) == (MONIKA, ("A5",))
    assert case.id in listed(rented, MONIKA)
    rented.outbox()
    walk(rented, case, ProviderStep.BOARD_INFORMED)
    found = [one.message for one in rented.outbox() if "informerad" in one.message.text]
    assert {one.recipient for one in found} == {"monika-hedlunda@lotskoping.example"}


def test_what_may_be_misconduct_is_alerted_to_the_providers_head_and_to_sas(rented: Lotskoping):
    case = rented.report("En kollega slog honom i ansiktet och tog hans pengar.", unit="ekbacken")
    with rented.unit_of_work() as uow:
        told = {(one.role, one.recipient_id) for one in uow.alerts.of_case(case.id)}
    assert {(Role.SAS, MONIKA), (Role.AREA_MANAGER, PER)} <= told


def test_a_late_step_is_alerted_to_sas_once_and_the_provider_is_reminded_each_day(
    rented: Lotskoping,
):
    case = misconduct(rented)
    start(rented, case, THEIRS, PER)
    before = len(to_sas(rented, case))
    rented.clock.now = datetime(2026, 6, 4, 8, tzinfo=rented.clock().tzinfo)
    for _ in range(2):
        with rented.unit_of_work() as uow:
            queue_due_watches(uow, rented.clock(), rented.services.municipality)
            uow.commit()
    late = to_sas(rented, case)[before:]
    assert [one.reasons[0][:26] for one in late] == ["Utförarens lex Sarah är se"]
    with rented.unit_of_work() as uow:
        items = due_work(uow, rented.clock(), rented.services.municipality)
    assert [(one.kind, one.person.id) for one in items if one.case.id == case.id] == [
        ("lex_sarah_provider", PER)
    ]


def test_one_that_never_begins_is_late_too_and_sas_is_alerted_of_it_once(rented: Lotskoping):
    case = misconduct(rented)
    ours, plain = rented.report(), a_case(rented, "SoL")
    for day in (2, 3, 4):
        rented.clock.now = datetime(2026, 6, day, 8, tzinfo=rented.clock().tzinfo)
        with rented.unit_of_work() as uow:
            queue_due_watches(uow, rented.clock(), rented.services.municipality)
            uow.commit()
        reasons = [reason for one in to_sas(rented, case) for reason in one.reasons]
        told = [one for one in reasons if one.startswith("Utföraren har inte tagit emot")]
        assert len(told) == (day > 2)
    assert to_sas(rented, ours) == to_sas(rented, plain) == []


def test_the_investigator_is_of_the_provider_and_free_of_the_unit(rented: Lotskoping):
    case = misconduct(rented)
    with rented.unit_of_work() as uow:
        day = rented.clock().date()
        free = {one.id for one in free_people(uow, case, day, THEIRS)}
    assert free == {PER}
    start(rented, case, THEIRS, PER)
    walk(rented, case, ProviderStep.BOARD_INFORMED, ProviderStep.MEASURES_TAKEN)
    for person, fault in ((MARIA, "not_theirs"), (PIA, "not_free"), (MONIKA, "not_theirs")):
        with pytest.raises(UserFault, match=fault):
            take(rented, case, THEIRS, ProviderStep.INVESTIGATING, PER, person)
    found = walk(rented, case, ProviderStep.INVESTIGATING)
    assert found is not None
    assert found.investigator_id == PER


def test_while_nobody_of_the_provider_can_lead_sas_does(rented: Lotskoping):
    case = misconduct(rented)
    start(rented, case, THEIRS, PER)
    away(rented, PER)
    with rented.unit_of_work() as uow:
        day = rented.clock().date()
        assert leader(uow.organisation, case, THEIRS, PER, day).id == MONIKA
    take(rented, case, THEIRS, ProviderStep.BOARD_INFORMED, MONIKA)
    away(rented)
    with pytest.raises(UserFault, match="no_right"):
        take(rented, case, THEIRS, ProviderStep.MEASURES_TAKEN, MONIKA)


def test_a_head_who_is_involved_neither_leads_nor_is_reminded(rented: Lotskoping):
    case = misconduct(rented)
    start(rented, case, THEIRS, PER)
    with rented.unit_of_work() as uow:
        found = uow.cases.find(case.id)
        assert found is not None
        shielded = replace(found, manager_involved=True, manager_involved_ids=(PER,))
        uow.cases.save(shielded)
        uow.commit()
    assert case.id not in listed(rented, PER)
    with rented.unit_of_work() as uow:
        assert leader(uow.organisation, shielded, THEIRS, PER, rented.clock().date()).id == MONIKA
    take(rented, case, THEIRS, ProviderStep.BOARD_INFORMED, MONIKA)


def test_a_case_that_is_moved_to_the_municipality_keeps_its_track_and_sas_leads_on(
    rented: Lotskoping,
):
    case = misconduct(rented)
    start(rented, case, THEIRS, PER)
    with rented.unit_of_work() as uow:
        found = uow.cases.find(case.id)
        assert found is not None
        uow.cases.save(replace(found, unit_id="bjorkgarden"))
        uow.commit()
    moved = rented.case(case.id)
    with rented.unit_of_work() as uow:
        assert tracks.offered(rented.desk(uow, moved, MONIKA), moved)[1:] == (THEIRS,)
    take(rented, case, THEIRS, ProviderStep.BOARD_INFORMED, MONIKA)
    with pytest.raises(UserFault, match="other_lex_sarah"):
        start(rented, case, OURS, MONIKA)


def test_saying_that_it_is_no_misconduct_does_not_take_it_from_sas_while_it_goes_on(
    rented: Lotskoping,
):
    case = misconduct(rented)
    start(rented, case, THEIRS, PER)
    do(rented, case, partial(classify, injury=None, misconduct=MisconductDegree.NONE), PER)
    assert case.id in listed(rented, MONIKA)
