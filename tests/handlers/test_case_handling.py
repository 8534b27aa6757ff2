"""What managers and MAS do: gates, history, versions, feedback, rights."""

from datetime import date, timedelta

import pytest

from handlers import case_handling
from handlers.domain.case import Case, CaseStatus, CauseArea
from handlers.domain.deadline import add_months
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import GateNotMet, NotAllowed, StaleVersion, UserFault
from handlers.records import Purpose
from tests.clock import T0
from tests.lotskoping import AGNETA, BENGT, ERIK, INGER, JONAS, MARIA, MONIKA, Lotskoping


def assess(
    lotskoping: Lotskoping,
    case: Case,
    severity: Severity = Severity.MODERATE,
    likelihood: Likelihood = Likelihood.MONTHLY,
    person: str = MARIA,
) -> Case:
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, case, person)
        changed = case_handling.assess_risk(desk, severity=severity, likelihood=likelihood)
        uow.commit()
    return changed


def handle(lotskoping: Lotskoping, case: Case, person: str = MARIA) -> Case:
    """Do everything that the gates ask for but closing."""
    assess(lotskoping, case, person=person)
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, case, person)
        cause = case_handling.add_cause(desk, area=CauseArea.ROUTINES, text="Rutin saknas")
        case_handling.add_action(
            desk,
            cause_id=cause.causes[0].id,
            text="Ny rutin",
            owner_id=person,
            due_on=desk.today + timedelta(days=14),
        )
        done = case_handling.write_feedback(desk, text="Vi har skrivit en ny rutin. Tack!")
        uow.commit()
    return done


def close(lotskoping: Lotskoping, case: Case, person: str = MARIA) -> Case:
    with lotskoping.unit_of_work() as uow:
        closed = case_handling.close_case(lotskoping.desk(uow, case, person))
        uow.commit()
    return closed


def test_closing_a_new_case_names_everything_that_is_missing(lotskoping: Lotskoping):
    case = lotskoping.report()
    with pytest.raises(GateNotMet) as refusal:
        close(lotskoping, case)
    assert refusal.value.missing == ("gate.risk", "gate.cause", "gate.action", "gate.feedback")
    assert lotskoping.case(case.id).is_open


def test_a_handled_case_closes_and_the_reporter_is_answered_where_the_report_came_from(
    lotskoping: Lotskoping,
):
    case = handle(lotskoping, lotskoping.report())
    assert close(lotskoping, case).status == CaseStatus.CLOSED
    answers = [q.message for q in lotskoping.outbox() if q.message.purpose == Purpose.FEEDBACK]
    assert [(a.channel, a.recipient) for a in answers] == [("webchat", "webchat:test")]
    assert "ny rutin" in answers[0].text


def test_the_history_tells_every_step_in_order(lotskoping: Lotskoping):
    case = close(lotskoping, handle(lotskoping, lotskoping.report()))
    with lotskoping.unit_of_work() as uow:
        kinds = [event.kind for event in uow.cases.events(case.id)]
    assert kinds == [
        "opened", "moved", "moved", "risk_assessed", "moved", "cause_added", "moved", "moved",
        "action_added", "feedback_written", "closed",
    ]  # fmt: skip


def test_severity_four_alerts_mas_and_sas_at_any_likelihood(lotskoping: Lotskoping):
    case = lotskoping.report()
    assess(lotskoping, case, Severity.CATASTROPHIC, Likelihood.RARE)
    alerts = [q.message for q in lotskoping.outbox() if q.message.purpose == Purpose.ALERT]
    assert [alert.person_id for alert in alerts] == [INGER, MONIKA]


def test_a_high_score_alerts_mas_and_sas_and_a_low_one_does_not(lotskoping: Lotskoping):
    low, high = lotskoping.report(), lotskoping.report()
    assess(lotskoping, low, Severity.MODERATE, Likelihood.WEEKLY)
    assess(lotskoping, high, Severity.MODERATE, Likelihood.DAILY)
    alerts = [q.message for q in lotskoping.outbox() if q.message.purpose == Purpose.ALERT]
    assert [alert.case_id for alert in alerts] == [high.id, high.id]


def test_a_serious_case_is_closed_by_mas_only(lotskoping: Lotskoping):
    case = handle(lotskoping, lotskoping.report())
    assess(lotskoping, case, Severity.SIGNIFICANT, Likelihood.RARE)
    with pytest.raises(GateNotMet) as refusal:
        close(lotskoping, case)
    assert refusal.value.missing == ("gate.mas", "gate.alert")
    lotskoping.acknowledge_alerts(case)
    assert close(lotskoping, case, INGER).status == CaseStatus.CLOSED


def test_low_risk_closes_without_investigation_with_a_reason_and_an_answer(
    lotskoping: Lotskoping,
):
    case = lotskoping.report()
    assess(lotskoping, case, Severity.MINOR, Likelihood.RARE)
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, case, MARIA)
        case_handling.write_feedback(desk, text="Tack, vi har pratat om det på mötet.")
        closed = case_handling.close_without_investigation(desk, reason="Engångshändelse")
        uow.commit()
    assert closed.status == CaseStatus.CLOSED
    assert closed.closed_without_investigation_reason == "Engångshändelse"


def test_higher_risk_cannot_take_the_short_way(lotskoping: Lotskoping):
    case = lotskoping.report()
    assess(lotskoping, case)
    with lotskoping.unit_of_work() as uow, pytest.raises(UserFault) as refusal:
        case_handling.close_without_investigation(
            lotskoping.desk(uow, case, MARIA), reason="Orkar inte"
        )
    assert refusal.value.key == "fault.not_low_risk"


def test_an_action_needs_a_cause_an_owner_and_a_day_to_come(lotskoping: Lotskoping):
    case = lotskoping.report()
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, case, MARIA)
        with pytest.raises(UserFault, match="cause_first"):
            case_handling.add_action(desk, cause_id="", text="x", owner_id=MARIA, due_on=T0.date())
        cause = case_handling.add_cause(desk, area=CauseArea.EQUIPMENT, text="Trasig sele")
        cause_id = cause.causes[0].id
        with pytest.raises(UserFault, match="action_incomplete"):
            case_handling.add_action(
                desk, cause_id=cause_id, text="x", owner_id="nobody", due_on=T0.date()
            )
        with pytest.raises(UserFault, match="action_past"):
            case_handling.add_action(
                desk,
                cause_id=cause_id,
                text="x",
                owner_id=MARIA,
                due_on=T0.date() - timedelta(days=1),
            )
        with pytest.raises(UserFault, match="action_far"):
            case_handling.add_action(
                desk, cause_id=cause_id, text="x", owner_id=MARIA, due_on=date.max
            )


def test_somebody_who_saw_an_older_version_is_refused_and_nothing_is_lost(
    lotskoping: Lotskoping,
):
    case = lotskoping.report()
    assess(lotskoping, case)
    with lotskoping.unit_of_work() as uow:
        stale = lotskoping.desk(uow, case, MARIA)
        stale = case_handling.Desk(
            uow=uow,
            municipality=stale.municipality,
            person_id=MARIA,
            now=stale.now,
            case_id=case.id,
            version=case.version,
        )
        with pytest.raises(StaleVersion):
            case_handling.write_feedback(stale, text="Hej")
    assert lotskoping.case(case.id).risk is not None


@pytest.mark.parametrize("person", [MARIA, JONAS, AGNETA, INGER, MONIKA])
def test_manager_deputy_area_manager_mas_and_sas_may_open_the_units_cases(
    lotskoping: Lotskoping, person: str
):
    case = lotskoping.report()
    with lotskoping.unit_of_work() as uow:
        assert case_handling.note_read(lotskoping.desk(uow, case, person)).id == case.id


@pytest.mark.parametrize("person", [ERIK, BENGT, "nobody", ""])
def test_others_are_answered_as_if_the_case_did_not_exist(lotskoping: Lotskoping, person: str):
    case = lotskoping.report()
    with lotskoping.unit_of_work() as uow, pytest.raises(NotAllowed):
        case_handling.note_read(lotskoping.desk(uow, case, person))


def test_reading_a_case_is_kept_in_its_history(lotskoping: Lotskoping):
    case = lotskoping.report()
    with lotskoping.unit_of_work() as uow:
        case_handling.note_read(lotskoping.desk(uow, case, MARIA))
        uow.commit()
        last = uow.cases.events(case.id)[-1]
    assert (last.kind, last.actor_id) == ("read", MARIA)


def test_a_case_opened_again_after_its_target_gets_a_new_one(lotskoping: Lotskoping):
    case = close(lotskoping, handle(lotskoping, lotskoping.report()))
    lotskoping.clock.advance(days=40)
    with lotskoping.unit_of_work() as uow:
        reopened = case_handling.reopen(lotskoping.desk(uow, case, MARIA), reason="Mer är känt.")
        uow.commit()
    assert reopened.status == CaseStatus.INVESTIGATING
    assert reopened.target_on == add_months(lotskoping.clock().date(), 1)


def test_a_case_moved_to_another_unit_is_told_to_its_manager_and_keeps_its_clock(
    lotskoping: Lotskoping,
):
    case = lotskoping.report()
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, case, MARIA)
        moved = case_handling.move_to_unit(desk, unit_id="hemtjanst-norr")
        uow.commit()
    told = [q.message for q in lotskoping.outbox() if q.message.purpose == Purpose.NOTICE]
    assert [message.person_id for message in told] == [MARIA, ERIK]
    assert moved.target_on == case.target_on


def test_a_closed_case_is_not_changed(lotskoping: Lotskoping):
    case = close(lotskoping, handle(lotskoping, lotskoping.report()))
    with lotskoping.unit_of_work() as uow, pytest.raises(UserFault, match="closed_case"):
        case_handling.write_feedback(lotskoping.desk(uow, case, MARIA), text="Mer")
