"""A case that is opened again: with a reason, told, assessed anew and answered anew."""

from dataclasses import replace

import pytest

from handlers import case_handling, dismissing, ending, team
from handlers.desk import Desk
from handlers.domain.case import Case, CaseStatus
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import GateNotMet, UserFault
from handlers.records import Purpose
from tests.handlers.test_investigation import close, do, handled
from tests.lotskoping import AGNETA, CONVERSATION, ERIK, JONAS, MARIA, Lotskoping


def reopened(lotskoping: Lotskoping, case: Case, person: str = MARIA) -> Case:
    lotskoping.clock.advance(days=2)
    why = "Hon ramlade igen, av samma orsak."
    again = do(lotskoping, case, lambda desk: ending.reopen(desk, reason=why), person)
    lotskoping.clock.advance(minutes=5)
    return again


def missing(lotskoping: Lotskoping, case: Case) -> tuple[str, ...]:
    with pytest.raises(GateNotMet) as refusal:
        close(lotskoping, case)
    return refusal.value.missing


def assess(desk: Desk) -> Case:
    return case_handling.assess_risk(desk, severity=Severity.MODERATE, likelihood=Likelihood.WEEKLY)


def test_a_case_is_not_opened_again_without_a_reason(lotskoping: Lotskoping):
    case = close(lotskoping, handled(lotskoping))
    with pytest.raises(UserFault, match="empty_text"):
        do(lotskoping, case, lambda desk: ending.reopen(desk, reason=" "))
    assert lotskoping.case(case.id).status == CaseStatus.CLOSED


def test_an_opened_case_is_assessed_and_answered_anew_before_it_closes_again(
    lotskoping: Lotskoping,
):
    case = reopened(lotskoping, close(lotskoping, handled(lotskoping)))
    assert missing(lotskoping, case) == ("gate.risk_again", "gate.feedback")
    do(lotskoping, case, assess)
    assert missing(lotskoping, case) == ("gate.feedback",)
    do(lotskoping, case, lambda d: case_handling.write_feedback(d, text="Nu är sängen lägre."))
    close(lotskoping, case)
    sent = [q.message.text for q in lotskoping.outbox() if q.message.purpose == Purpose.FEEDBACK]
    assert "en ny rutin" in sent[0]
    assert "sängen" in sent[1]


def test_one_tap_does_not_close_again_even_when_nobody_can_be_answered(lotskoping: Lotskoping):
    case = handled(lotskoping)
    with lotskoping.unit_of_work() as uow:
        uow.cases.save(replace(case, reporter_reachable=False))
        uow.commit()
    assert missing(lotskoping, reopened(lotskoping, close(lotskoping, case))) == (
        "gate.risk_again",
    )


def test_reason_and_the_answer_that_was_sent_stand_among_the_comments(lotskoping: Lotskoping):
    case = reopened(lotskoping, close(lotskoping, handled(lotskoping)))
    with lotskoping.unit_of_work() as uow:
        texts = [one.text for one in uow.work.comments.where(case_id=case.id)]
    assert "Hon ramlade igen, av samma orsak." in texts
    assert any("en ny rutin" in text for text in texts)


def test_reporter_team_and_whoever_answers_for_the_case_are_told(lotskoping: Lotskoping):
    case = handled(lotskoping)
    do(lotskoping, case, lambda desk: team.invite(desk, person_id=ERIK))
    close(lotskoping, case)
    before = len(lotskoping.outbox())
    reopened(lotskoping, case, AGNETA)
    told = [q.message for q in lotskoping.outbox()][before:]
    people = {message.person_id for message in told if message.person_id}
    assert {MARIA, ERIK} <= people
    assert AGNETA not in people
    own = [message for message in told if message.recipient == CONVERSATION]
    assert len(own) == 1
    assert "ramlade" not in own[0].text
    assert all("ramlade" not in message.text for message in told)


def test_the_second_person_is_told_that_a_dismissal_waits(lotskoping: Lotskoping):
    case = lotskoping.report()

    def ask(desk: Desk) -> Case:
        case_handling.acknowledge(desk)
        return dismissing.propose_dismissal(desk, code="not_a_deviation", reason="Inget hände")

    do(lotskoping, case, ask)
    told = [q.message for q in lotskoping.outbox() if "skrivas av" in q.message.subject]
    assert [message.person_id for message in told] == [JONAS]
    assert "Inget hände" not in told[0].text
