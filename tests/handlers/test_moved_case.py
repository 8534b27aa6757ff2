"""A case that is moved: received anew there, reminded from the move, in its old month."""

from dataclasses import replace
from datetime import timedelta

from bot.schedule import sweep
from handlers import case_handling, duplicates
from handlers.domain.case import Case, CaseStatus
from handlers.domain.report import Answer
from handlers.filling import fill
from handlers.records import Purpose
from handlers.todo import todos_of
from tests.handlers.test_investigation import close, do, handled
from tests.handlers.test_merged_duties import answered, as_complaint
from tests.lotskoping import ERIK, INGER, MARIA, Lotskoping

THERE = "hemtjanst-norr"


def moved(lotskoping: Lotskoping, case: Case) -> Case:
    return do(lotskoping, case, lambda desk: case_handling.move_to_unit(desk, unit_id=THERE))


def told(lotskoping: Lotskoping, person_id: str) -> list[str]:
    digests = [q.message for q in lotskoping.outbox() if q.message.purpose == Purpose.DIGEST]
    return [message.text for message in digests if message.person_id == person_id]


def test_a_moved_case_waits_to_be_received_by_somebody_there(lotskoping: Lotskoping):
    case = handled(lotskoping)
    lotskoping.clock.advance(days=3)
    there = moved(lotskoping, case)
    assert (there.status, there.responsible_id) == (CaseStatus.RECEIVED, "")
    assert (there.target_on, there.risk, there.causes) == (case.target_on, case.risk, case.causes)
    with lotskoping.unit_of_work() as uow:
        todos = todos_of(uow, lotskoping.services.municipality, ERIK, lotskoping.clock())
    [first] = [one for one in todos if one.case_id == case.id]
    assert first.step == "duty.acknowledge"
    assert first.due_on > lotskoping.clock().date()
    received = do(lotskoping, there, case_handling.acknowledge, ERIK)
    assert (received.status, received.responsible_id) == (CaseStatus.ACKNOWLEDGED, ERIK)


def test_what_was_done_before_the_move_is_not_asked_for_again(lotskoping: Lotskoping):
    there = moved(lotskoping, handled(lotskoping))
    do(lotskoping, there, case_handling.acknowledge, ERIK)
    assert close(lotskoping, there, ERIK).status == CaseStatus.CLOSED


def test_the_other_unit_is_reminded_from_the_move_although_the_first_was_reminded_before(
    lotskoping: Lotskoping,
):
    case = lotskoping.report()
    lotskoping.clock.advance(days=1, hours=1)
    sweep(lotskoping.services)
    assert any(case.number in text for text in told(lotskoping, MARIA))
    moved(lotskoping, case)
    sweep(lotskoping.services)
    assert not any(case.number in text for text in told(lotskoping, ERIK))
    lotskoping.clock.advance(days=1)
    sweep(lotskoping.services)
    assert any(case.number in text for text in told(lotskoping, ERIK))


def test_the_month_goes_on_from_the_day_of_receipt(lotskoping: Lotskoping):
    case = lotskoping.report()
    lotskoping.clock.now += timedelta(days=20)
    there = moved(lotskoping, case)
    do(lotskoping, there, case_handling.acknowledge, ERIK)
    lotskoping.clock.now += timedelta(days=(case.target_on - lotskoping.clock().date()).days)
    sweep(lotskoping.services)
    assert any(case.number in text for text in told(lotskoping, ERIK))


def test_a_case_moved_to_where_it_is_stays_as_it_was(lotskoping: Lotskoping):
    case = handled(lotskoping)
    same = do(lotskoping, case, lambda d: case_handling.move_to_unit(d, unit_id=case.unit_id))
    assert (same.status, same.responsible_id) == (case.status, case.responsible_id)


def test_a_merged_complaint_goes_along_and_is_answered_where_the_case_is(lotskoping: Lotskoping):
    main = as_complaint(lotskoping, handled(lotskoping))
    part = as_complaint(lotskoping, lotskoping.report())
    do(lotskoping, part, case_handling.acknowledge)
    do(lotskoping, part, lambda desk: duplicates.merge(desk, into_id=main.id))
    there = moved(lotskoping, main)
    part = lotskoping.case(part.id)
    assert (part.unit_id, part.origin_unit_ids) == (THERE, ("bjorkgarden",))
    do(lotskoping, there, case_handling.acknowledge, ERIK)
    with lotskoping.unit_of_work() as uow:
        todos = todos_of(uow, lotskoping.services.municipality, ERIK, lotskoping.clock())
    assert ("gate.answer", part.number) in [(one.step, one.number) for one in todos]
    for case in (there, part):
        do(lotskoping, case, answered, ERIK)
    assert close(lotskoping, there, ERIK).status == CaseStatus.CLOSED


def test_a_merge_that_is_undone_after_a_move_leaves_both_cases_there(lotskoping: Lotskoping):
    main, part = handled(lotskoping), lotskoping.report()
    do(lotskoping, part, case_handling.acknowledge)
    do(lotskoping, part, lambda desk: duplicates.merge(desk, into_id=main.id))
    moved(lotskoping, main)
    parted = do(lotskoping, part, duplicates.undo_merge, ERIK)
    assert (parted.status, parted.unit_id, parted.responsible_id) == (
        CaseStatus.RECEIVED,
        THERE,
        "",
    )


def test_reports_of_an_unknown_unit_follow_the_one_whose_unit_becomes_known(
    lotskoping: Lotskoping,
):
    main, part = (without_unit(lotskoping, lotskoping.report()) for _ in range(2))
    do(lotskoping, part, lambda desk: duplicates.merge(desk, into_id=main.id), INGER)
    with lotskoping.unit_of_work() as uow:
        where = {"where": Answer(value="solrosen", text="Solrosen")}
        now, municipality = lotskoping.clock(), lotskoping.services.municipality
        found = uow.cases.find(main.id)
        assert found is not None
        fill(uow, found, where, now, municipality)
        uow.commit()
    assert lotskoping.case(part.id).unit_id == "solrosen"


def without_unit(lotskoping: Lotskoping, case: Case) -> Case:
    with lotskoping.unit_of_work() as uow:
        stored = uow.cases.save(replace(case, unit_id=""))
        uow.commit()
    return stored
