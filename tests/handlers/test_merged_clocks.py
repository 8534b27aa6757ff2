"""Merging stops no clock: the earliest day counts, and a promise to a sender goes on by itself."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.schedule import sweep
from handlers import case_handling, duplicates
from handlers.domain.case import Case
from handlers.errors import UserFault
from handlers.statistics import all_tables
from handlers.todo import next_step
from tests.handlers.test_investigation import close, do, handled
from tests.handlers.test_merged_duties import answered, as_complaint, merge
from tests.handlers.test_moved_case import moved, told
from tests.lotskoping import AGNETA, ERIK, MARIA, Lotskoping

WHY = "Samma kväll, men rapporten kom sent"


def older(lotskoping: Lotskoping, *, days: int = 40) -> tuple[Case, Case]:
    """Return a case of today and one that came in before it, at the same unit."""
    old = lotskoping.report()
    lotskoping.clock.advance(days=days)
    return handled(lotskoping), old


def with_reason(lotskoping: Lotskoping, case: Case, main: Case) -> Case:
    return do(lotskoping, case, lambda d: duplicates.merge(d, into_id=main.id, reason=WHY))


def swept(lotskoping: Lotskoping, *, days: int) -> None:
    for _ in range(days):
        lotskoping.clock.advance(days=1)
        sweep(lotskoping.services)


def as_promised(lotskoping: Lotskoping, case: Case) -> Case:
    complaint = as_complaint(lotskoping, case)
    with lotskoping.unit_of_work() as uow:
        answer_on = lotskoping.services.municipality.answer_clock(complaint.kind, case.received_on)
        saved = uow.cases.save(replace(complaint, answer_on=answer_on))
        uow.commit()
    return saved


def test_a_case_is_due_by_the_earliest_day_of_what_is_merged_into_it(lotskoping: Lotskoping):
    main, old = older(lotskoping)
    with_reason(lotskoping, old, main)
    late = lotskoping.case(main.id)
    assert late.target_on == old.target_on < main.target_on
    municipality, today = lotskoping.services.municipality, lotskoping.clock().date()
    assert next_step(late, municipality, today=today)[1] == old.target_on


def test_an_undone_merge_gives_both_their_own_day_back(lotskoping: Lotskoping):
    main, old = older(lotskoping)
    with_reason(lotskoping, old, main)
    do(lotskoping, main, lambda d: case_handling.write_feedback(d, text="Tack, vi har sett det."))
    do(lotskoping, old, duplicates.undo_merge)
    assert lotskoping.case(main.id).target_on == main.target_on
    assert lotskoping.case(old.id).target_on == old.target_on


def test_the_ladder_goes_on_for_a_late_case_that_is_merged_into_todays(lotskoping: Lotskoping):
    main, old = older(lotskoping)
    with_reason(lotskoping, old, main)
    swept(lotskoping, days=3)
    assert any(main.number in text for text in told(lotskoping, AGNETA))


def test_the_figures_count_the_age_of_an_event_from_its_first_report(lotskoping: Lotskoping):
    main, old = older(lotskoping, days=130)
    with_reason(lotskoping, old, main)
    with lotskoping.unit_of_work() as uow:
        cases = uow.cases.listed(None, open_only=False)
    tables = {one.id: one for one in all_tables([*cases] * 6, lotskoping.clock().date())}
    assert ("months_6", 6) in tables["ageing"].rows
    assert ("very_late", 6) in [row[:2] for row in tables["handling"].rows]


def test_whoever_owes_a_merged_complaint_its_answer_is_reminded_of_it(lotskoping: Lotskoping):
    main, part = (as_promised(lotskoping, lotskoping.report()) for _ in range(2))
    do(lotskoping, main, answered)
    merge(lotskoping, part, main)
    swept(lotskoping, days=16)
    assert sum(part.number in text for text in told(lotskoping, MARIA)) == 2  # soon, and the day
    swept(lotskoping, days=8)
    assert any(part.number in text for text in told(lotskoping, AGNETA))


def test_an_answered_part_and_one_of_a_closed_case_are_not_reminded_of(lotskoping: Lotskoping):
    main = as_promised(lotskoping, handled(lotskoping))
    part, other = (as_promised(lotskoping, lotskoping.report()) for _ in range(2))
    for one in (part, other):
        merge(lotskoping, one, main)
    for one in (main, part, other):
        do(lotskoping, one, answered)
    swept(lotskoping, days=12)
    assert not any(part.number in text for text in told(lotskoping, MARIA))
    close(lotskoping, main)
    swept(lotskoping, days=30)
    assert not any(other.number in text for text in told(lotskoping, MARIA))


def test_what_a_sender_was_promised_runs_on_when_the_case_is_moved(lotskoping: Lotskoping):
    case = as_promised(lotskoping, lotskoping.report())
    lotskoping.clock.advance(days=8)
    moved(lotskoping, case)
    assert case.answer_on is not None
    left = (case.answer_on - lotskoping.clock().date()).days
    swept(lotskoping, days=left)
    assert lotskoping.clock().date() == case.answer_on
    assert any(case.number in text for text in told(lotskoping, ERIK)[-1:])


def test_reports_that_lie_apart_are_merged_with_a_reason_only(lotskoping: Lotskoping):
    main, old = older(lotskoping)
    with pytest.raises(UserFault, match="merge_reason"):
        merge(lotskoping, old, main)
    with_reason(lotskoping, old, main)
    with lotskoping.unit_of_work() as uow:
        kept = [one.text for one in uow.work.comments.where(case_id=main.id)]
    assert kept == [WHY]


def test_reports_of_the_same_days_that_say_other_things_are_merged_with_a_reason_only(
    lotskoping: Lotskoping,
):
    main = lotskoping.report()
    other = lotskoping.report("Larmet på avdelningen ringde inte under hela natten.")
    with pytest.raises(UserFault, match="merge_reason"):
        merge(lotskoping, other, main)
    assert with_reason(lotskoping, other, main).merged_into_id == main.id


def test_a_reports_own_day_is_stored_however_often_its_case_is_saved(lotskoping: Lotskoping):
    main, old = older(lotskoping)
    with_reason(lotskoping, old, main)
    late = lotskoping.case(main.id)
    with lotskoping.unit_of_work() as uow:
        uow.cases.save(replace(late, title="Fallet i går kväll"))
        uow.commit()
    do(lotskoping, old, duplicates.undo_merge)
    own: date = lotskoping.case(main.id).target_on
    assert own - main.received_on > timedelta(days=27)
