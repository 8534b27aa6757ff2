"""What is kept beside a case, and the questions asked of all cases, on both databases."""

from dataclasses import replace
from datetime import timedelta

from handlers.case_records import AnswerQuality, Direction, Exchange, PartyKind, Track
from handlers.domain.case import Action, Case, Cause, CauseArea, Dismissal
from handlers.domain.injury import Informing, InformPoint, InjuryClass, MisconductDegree
from handlers.domain.moves import Machine
from handlers.domain.risk import Likelihood, RiskAssessment, Severity
from tests.clock import T0
from tests.lotskoping import MARIA, Lotskoping


def keep(stored: Lotskoping, case: Case) -> Case:
    with stored.unit_of_work() as uow:
        saved = uow.cases.save(case)
        uow.commit()
    return saved


def test_the_words_of_the_law_and_a_dismissal_come_back_as_they_were(stored: Lotskoping):
    full = replace(
        stored.report(),
        injury=InjuryClass.CARE_INJURY,
        misconduct=MisconductDegree.RISK,
        informing=Informing(
            told_at={InformPoint.EVENT: T0}, told_whom="both", noted_in_record=True
        ),
        dismissal=Dismissal(reason="Fråga", code="withdrawn", proposed_by=MARIA, proposed_at=T0),
        origin_unit_ids=("solrosen",),
        causes=(Cause(id="c1", area=CauseArea.ROUTINES, text="x", whys=("a", "b")),),
    )
    assert keep(stored, full) == replace(full, version=full.version + 1)


def test_records_are_found_by_their_fields_and_excluded_by_their_keys(stored: Lotskoping):
    case = stored.report()
    track = Track(
        id="t1",
        case_id=case.id,
        machine=Machine.LEX_MARIA,
        step="assessing",
        lead_id=MARIA,
        started_at=T0,
        due_on=None,
    )
    exchange = Exchange(
        id="e1",
        case_id=case.id,
        direction=Direction.OUT,
        party_kind=PartyKind.REGION,
        party="Akuten",
        address="",
        reference="",
        sent_on=T0.date(),
        due_on=T0.date() + timedelta(days=30),
        created_by=MARIA,
    )
    with stored.unit_of_work() as uow:
        assert uow.work.tracks.add(track)
        assert not uow.work.tracks.add(replace(track, id="t2"))
        assert uow.work.exchanges.add(exchange)
        done = replace(exchange, answered_at=T0, quality=AnswerQuality.THIN)
        assert uow.work.exchanges.where(answered_at=None) == [exchange]
        uow.work.exchanges.save(done)
        assert uow.work.exchanges.find("e1") == done
        assert uow.work.exchanges.where(answered_at=None) == []
        assert uow.work.tracks.where(lead_id=MARIA, ended_at=None) == [track]


def test_the_questions_about_all_cases_are_answered_alike(stored: Lotskoping):
    plain, moved, grave = stored.report(), stored.report(), stored.report()
    keep(stored, replace(moved, origin_unit_ids=("solrosen",)))
    risk = RiskAssessment(
        severity=Severity.MINOR,
        likelihood=Likelihood.RARE,
        assessed_by=MARIA,
        assessed_at=T0,
        potential=Severity.CATASTROPHIC,
    )
    cause = Cause(id="c1", area=CauseArea.ROUTINES, text="Rutin")
    action = Action(id="a1", cause_id="c1", text="Gör", owner_id=MARIA, due_on=T0.date())
    keep(stored, replace(grave, assessments=(risk,), causes=(cause,), actions=(action,)))
    with stored.unit_of_work() as uow:
        assert [case.id for case in uow.cases.sent_on()] == [moved.id]
        assert [case.id for case in uow.cases.with_actions_of(MARIA)] == [grave.id]
        assert [c.id for c in uow.cases.serious(received_until=T0.date())] == [grave.id]
        assert uow.cases.serious(received_until=T0.date() - timedelta(days=1)) == []
        counted = uow.cases.counted(T0.date(), shielded=True)
        assert sum(count for _, _, count in counted) == 3
        near = uow.cases.received(plain.unit_id, T0 - timedelta(hours=1), T0 + timedelta(hours=1))
        assert {case.id for case in near} == {plain.id, moved.id, grave.id}


def test_a_case_knows_that_somebody_else_waits_for_its_answer(stored: Lotskoping):
    case = stored.report()
    with stored.unit_of_work() as uow:
        uow.work.exchanges.add(
            Exchange(
                id="e1",
                case_id=case.id,
                direction=Direction.IN,
                party_kind=PartyKind.REGION,
                party="Akuten",
                address="",
                reference="",
                sent_on=T0.date(),
                due_on=T0.date(),
                created_by=MARIA,
            )
        )
        uow.commit()
    assert stored.case(case.id).senders_waiting == 1
