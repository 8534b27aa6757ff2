"""Merging takes away no duty: the sender is answered, and what is serious is for MAS."""

from dataclasses import replace

import pytest

from handlers import complaints, duplicates, exchanges
from handlers.case_records import AnswerWay, PartyKind
from handlers.desk import Desk
from handlers.domain.case import Case, CaseKind, CaseStatus
from handlers.domain.risk import Severity
from handlers.errors import GateNotMet, StaleVersion, UserFault
from handlers.todo import todos_of
from tests.handlers.test_case_handling import assess
from tests.handlers.test_investigation import close, do, handled
from tests.lotskoping import INGER, MARIA, Lotskoping


def merge(lotskoping: Lotskoping, case: Case, main: Case) -> Case:
    return do(lotskoping, case, lambda desk: duplicates.merge(desk, into_id=main.id))


def as_complaint(lotskoping: Lotskoping, case: Case) -> Case:
    with lotskoping.unit_of_work() as uow:
        answer_on = lotskoping.clock().date()
        changed = replace(case, kind=CaseKind.COMPLAINT, answer_on=answer_on, confirmed_at=None)
        saved = uow.cases.save(replace(changed, confirmed_at=lotskoping.clock()))
        uow.commit()
    return saved


def missing(lotskoping: Lotskoping, case: Case) -> tuple[str, ...]:
    with pytest.raises(GateNotMet) as refusal:
        close(lotskoping, case)
    return refusal.value.missing


def answered(desk: Desk) -> Case:
    given = complaints.Answer(
        explanation="Vi ringde för sent.",
        measures="Vi har ändrat rutinen.",
        about_person=True,
        way=AnswerWay.WHERE_ASKED,
    )
    return complaints.answer(desk, given)


def steps_of(lotskoping: Lotskoping) -> list[tuple[str, str]]:
    with lotskoping.unit_of_work() as uow:
        todos = todos_of(uow, lotskoping.services.municipality, MARIA, lotskoping.clock())
    return [(one.step, one.number) for one in todos]


def test_a_complaint_is_never_merged_into_what_needs_no_answer(lotskoping: Lotskoping):
    main, complaint = handled(lotskoping), as_complaint(lotskoping, lotskoping.report())
    with pytest.raises(UserFault, match="merge_complaint"):
        merge(lotskoping, complaint, main)
    assert merge(lotskoping, main, complaint).status == CaseStatus.MERGED


def test_every_merged_complaint_has_an_answer_of_its_own_before_the_case_closes(
    lotskoping: Lotskoping,
):
    main = as_complaint(lotskoping, handled(lotskoping))
    other = as_complaint(lotskoping, lotskoping.report())
    do(lotskoping, main, answered)
    merge(lotskoping, other, main)
    assert missing(lotskoping, main) == ("gate.part_answer",)
    assert ("gate.answer", other.number) in steps_of(lotskoping)
    do(lotskoping, other, answered)
    assert close(lotskoping, main).status == CaseStatus.CLOSED
    assert steps_of(lotskoping)[1:] == []
    with pytest.raises(UserFault, match="closed_case"):
        do(lotskoping, other, answered)


def test_whoever_sent_a_merged_case_is_answered_before_the_case_closes(lotskoping: Lotskoping):
    main, other = handled(lotskoping), lotskoping.report()
    do(
        lotskoping,
        other,
        lambda desk: exchanges.was_asked(desk, party_kind=PartyKind.REGION, party="Regionen"),
    )
    merge(lotskoping, other, main)
    assert missing(lotskoping, main) == ("gate.part_senders",)
    assert ("todo.answer_sender", other.number) in steps_of(lotskoping)
    with lotskoping.unit_of_work() as uow:
        [asked] = exchanges.of_case(uow, other.id)
    do(
        lotskoping,
        other,
        lambda desk: exchanges.answered(desk, exchange_id=asked.id, answer="Vi ringer nu."),
    )
    assert close(lotskoping, main).status == CaseStatus.CLOSED


def test_what_is_serious_in_a_merged_report_is_for_mas_to_close(lotskoping: Lotskoping):
    main, grave = handled(lotskoping), lotskoping.report()
    assess(lotskoping, grave, Severity.SIGNIFICANT)
    lotskoping.acknowledge_alerts(grave)
    merge(lotskoping, grave, main)
    assert missing(lotskoping, main) == ("gate.mas",)
    assert close(lotskoping, main, INGER).status == CaseStatus.CLOSED


def test_nobody_closes_a_case_as_it_was_before_a_report_was_merged_into_it(
    lotskoping: Lotskoping,
):
    main, other = handled(lotskoping), lotskoping.report()
    merge(lotskoping, other, main)
    with lotskoping.unit_of_work() as uow, pytest.raises(StaleVersion):
        uow.cases.save(main.closed(lotskoping.clock(), by_mas=False))
