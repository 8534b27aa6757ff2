"""How a case ends: two people dismiss it, nobody is left without an answer, and it can go on."""

import pytest

from handlers import case_handling, dismissing, ending
from handlers.domain.case import Case, CaseStatus, CauseArea
from handlers.domain.deadline import local_date
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import GateNotMet, UserFault
from handlers.records import Purpose
from tests.lotskoping import AGNETA, INGER, JONAS, MARIA, MONIKA, Lotskoping


def propose(
    lotskoping: Lotskoping, case: Case, *, feedback: str = "Tack, det var en fråga."
) -> Case:
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, case, MARIA)
        case_handling.acknowledge(desk)
        if feedback:
            case_handling.write_feedback(desk, text=feedback)
        done = dismissing.propose_dismissal(desk, code="not_a_deviation", reason="Om schemat")
        uow.commit()
    return done


def confirm(lotskoping: Lotskoping, case: Case, person: str) -> Case:
    with lotskoping.unit_of_work() as uow:
        done = dismissing.confirm_dismissal(lotskoping.desk(uow, case, person))
        uow.commit()
    return done


def answers(lotskoping: Lotskoping) -> list[str]:
    sent = [q.message for q in lotskoping.outbox()]
    return [message.recipient for message in sent if message.purpose == Purpose.FEEDBACK]


def test_one_person_asks_and_another_dismisses(lotskoping: Lotskoping):
    case = propose(lotskoping, lotskoping.report())
    assert case.is_open
    dismissed = confirm(lotskoping, case, JONAS)
    assert dismissed.status == CaseStatus.DISMISSED
    assert dismissed.dismissal is not None
    assert (dismissed.dismissal.proposed_by, dismissed.dismissal.confirmed_by) == (MARIA, JONAS)


def test_nobody_agrees_with_themselves(lotskoping: Lotskoping):
    case = propose(lotskoping, lotskoping.report())
    with pytest.raises(UserFault, match="second_person"):
        confirm(lotskoping, case, MARIA)
    assert lotskoping.case(case.id).is_open


def test_a_dismissed_report_is_answered_too(lotskoping: Lotskoping):
    confirm(lotskoping, propose(lotskoping, lotskoping.report()), AGNETA)
    assert answers(lotskoping) == ["webchat:test"]


def test_without_an_answer_to_the_reporter_nothing_is_dismissed(lotskoping: Lotskoping):
    case = propose(lotskoping, lotskoping.report(), feedback="")
    with pytest.raises(GateNotMet) as refusal:
        confirm(lotskoping, case, JONAS)
    assert refusal.value.missing == ("gate.feedback",)


def test_what_may_be_serious_is_dismissed_by_mas_or_sas(lotskoping: Lotskoping):
    case = lotskoping.report("Personen föll och bröt höften, svimmade och åkte till sjukhus.")
    assert case.possible_medical_harm
    case = propose(lotskoping, case)
    with pytest.raises(GateNotMet) as refusal:
        confirm(lotskoping, case, JONAS)
    assert refusal.value.missing == ("gate.alert", "gate.alarmed")
    lotskoping.acknowledge_alerts(case)
    with pytest.raises(GateNotMet) as refusal:
        confirm(lotskoping, case, JONAS)
    assert refusal.value.missing == ("gate.alarmed",)
    assert confirm(lotskoping, case, INGER).status == CaseStatus.DISMISSED


def test_a_refused_dismissal_leaves_the_case_as_it_was(lotskoping: Lotskoping):
    case = propose(lotskoping, lotskoping.report())
    with lotskoping.unit_of_work() as uow:
        kept = dismissing.refuse_dismissal(lotskoping.desk(uow, case, JONAS))
        uow.commit()
    assert kept.is_open
    assert kept.dismissal is None


def test_an_investigated_case_is_closed_not_dismissed(lotskoping: Lotskoping):
    case = lotskoping.report()
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, case, MARIA)
        case_handling.add_cause(desk, area=CauseArea.ROUTINES, text="Rutinen är otydlig")
        with pytest.raises(UserFault, match="too_late"):
            dismissing.propose_dismissal(desk, code="withdrawn", reason="Nej")


def test_a_dismissed_case_opens_again_with_a_month_of_its_own(lotskoping: Lotskoping):
    case = confirm(lotskoping, propose(lotskoping, lotskoping.report()), JONAS)
    lotskoping.clock.advance(days=50)
    with lotskoping.unit_of_work() as uow:
        again = ending.reopen(lotskoping.desk(uow, case, MARIA), reason="Det hände igen")
        uow.commit()
    assert again.status == CaseStatus.ACKNOWLEDGED
    today = local_date(lotskoping.clock())
    assert again.target_on == lotskoping.services.municipality.target_for(today)


def test_a_manager_does_not_lower_what_is_serious(lotskoping: Lotskoping):
    case = lotskoping.report()

    def assess(person: str, severity: Severity) -> Case:
        with lotskoping.unit_of_work() as uow:
            done = case_handling.assess_risk(
                lotskoping.desk(uow, case, person), severity=severity, likelihood=Likelihood.RARE
            )
            uow.commit()
        return done

    def governing(found: Case) -> Severity:
        assert found.risk is not None
        return found.risk.severity

    assess(MARIA, Severity.SIGNIFICANT)
    assert governing(assess(MARIA, Severity.MINOR)) == Severity.SIGNIFICANT
    with lotskoping.unit_of_work() as uow:
        rules = [alert.rule_ids for alert in uow.alerts.of_case(case.id)]
    assert ("A18",) in rules
    lowered = assess(INGER, Severity.MINOR)
    assert governing(lowered) == Severity.MINOR
    assert len(lowered.assessments) == 3


def test_what_could_have_become_a_catastrophe_tells_mas_and_sas(lotskoping: Lotskoping):
    case = lotskoping.report()
    with lotskoping.unit_of_work() as uow:
        case_handling.assess_risk(
            lotskoping.desk(uow, case, MARIA),
            severity=Severity.MINOR,
            likelihood=Likelihood.RARE,
            potential=Severity.CATASTROPHIC,
        )
        uow.commit()
    alerts = [q.message for q in lotskoping.outbox() if q.message.purpose == Purpose.ALERT]
    assert [alert.person_id for alert in alerts] == [INGER, MONIKA]
