"""A case that is opened again has clocks of its own, and stays counted as late if it was."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from handlers import duplicates, ending, kinds
from handlers.domain.case import Case, CaseKind, CaseStatus
from handlers.domain.deadline import add_months, local_date
from handlers.domain.rounds import in_time, is_ripe
from handlers.reminders import due_reminders
from handlers.statistics import all_tables
from tests.bot.post import Post
from tests.bot.test_later_words import add
from tests.bot.test_own_reports import closed
from tests.bot.test_words_after_the_end import (
    answer,
    complaint,
    dismiss,
    investigate,
    replies,
    waits_for,
)
from tests.clock import T0
from tests.handlers.test_investigation import close, do, handled
from tests.handlers.test_statistics import a_case
from tests.lotskoping import CONVERSATION, JONAS, MARIA, Lotskoping

DOORS = (CONVERSATION, "slack:T:U", "teams:t:1")
WORDS = "Rullstolen var trasig också."


def today(lotskoping: Lotskoping) -> date:
    return local_date(lotskoping.clock())


def rungs(lotskoping: Lotskoping, case: Case) -> list[str]:
    with lotskoping.unit_of_work() as uow:
        found = due_reminders(uow, today(lotskoping), lotskoping.services.municipality)
    return [one.rule.id for one in found if one.case.case_id == case.id]


def opened_on_the_page(lotskoping: Lotskoping, case: Case) -> Case:
    why = "Hon ramlade igen, av samma orsak."
    return do(lotskoping, case, lambda desk: ending.reopen(desk, reason=why))


def test_opened_again_after_its_target_it_is_not_late_at_once(lotskoping: Lotskoping):
    case = close(lotskoping, handled(lotskoping))
    lotskoping.clock.advance(days=45)
    again = opened_on_the_page(lotskoping, case)
    assert again.target_on == add_months(today(lotskoping), 1)
    assert rungs(lotskoping, case) == []
    lotskoping.clock.now += again.target_on - today(lotskoping) - timedelta(days=9)
    assert rungs(lotskoping, case) == ["nine_days_left"]


@pytest.mark.parametrize("conversation", DOORS)
def test_what_is_added_in_a_chat_gives_a_new_target(lotskoping: Lotskoping, conversation: str):
    case = lotskoping.report(conversation=conversation)
    closed(lotskoping, case)
    lotskoping.clock.advance(days=45)
    add(lotskoping, case, WORDS, conversation)
    assert lotskoping.case(case.id).target_on == add_months(today(lotskoping), 1)
    assert rungs(lotskoping, case) == []


def test_a_letter_gives_a_new_day_for_the_answer_and_reminders_that_count_to_it(
    lotskoping: Lotskoping,
):
    post = Post(lotskoping)
    case = complaint(post)
    do(lotskoping, case, investigate, JONAS)
    do(lotskoping, case, answer, JONAS)
    do(lotskoping, case, ending.close_case, JONAS)
    lotskoping.clock.advance(days=40)
    again = replies(post, "Det hände igen. Jag är inte nöjd med svaret.")
    municipality = lotskoping.services.municipality
    assert again.answer_on == municipality.answer_clock(CaseKind.COMPLAINT, today(lotskoping))
    assert rungs(lotskoping, case) == []
    assert again.answer_on is not None
    lotskoping.clock.now += again.answer_on - today(lotskoping)
    assert rungs(lotskoping, case) == ["answer_day"]


def test_a_dismissed_complaint_that_opens_is_not_late_at_once(lotskoping: Lotskoping):
    post = Post(lotskoping)
    case = complaint(post)
    dismiss(lotskoping, case, JONAS, MARIA)
    lotskoping.clock.advance(days=60)
    again = replies(post, "Ni har missförstått. Mamma låg i tre timmar.")
    assert again.status == CaseStatus.ACKNOWLEDGED
    assert again.target_on > today(lotskoping)
    assert rungs(lotskoping, case) == []
    assert waits_for(lotskoping, JONAS, case)


def test_a_merged_report_gets_the_days_of_the_case_that_opens(lotskoping: Lotskoping):
    main = lotskoping.report()
    part = lotskoping.report(conversation="webchat:other")
    do(lotskoping, part, lambda desk: duplicates.merge(desk, into_id=main.id))
    closed(lotskoping, main)
    lotskoping.clock.advance(days=45)
    add(lotskoping, part, WORDS, "webchat:other")
    assert lotskoping.case(main.id).target_on == add_months(today(lotskoping), 1)
    assert lotskoping.case(part.id).target_on == add_months(today(lotskoping), 1)


def test_a_new_kind_counts_from_the_day_that_the_case_was_opened_again(lotskoping: Lotskoping):
    post = Post(lotskoping)
    post.comes("Tusen tack till alla på Solrosens demensboende, ni är fantastiska.")
    [case] = post.cases()
    dismiss(lotskoping, case, JONAS, MARIA)
    lotskoping.clock.advance(days=60)
    do(lotskoping, case, lambda desk: ending.reopen(desk, reason="Det var klagomål."), JONAS)
    becomes = CaseKind.COMPLAINT
    again = do(lotskoping, case, lambda desk: kinds.change_kind(desk, kind=becomes), JONAS)
    assert again.answer_on is not None
    assert again.answer_on > today(lotskoping)


def test_what_was_late_stays_late_and_what_was_in_time_waits_for_its_new_day(
    lotskoping: Lotskoping,
):
    late, kept = lotskoping.report(), lotskoping.report()
    closed(lotskoping, kept)
    lotskoping.clock.advance(days=40)
    closed(lotskoping, late)
    lotskoping.clock.advance(days=5)
    for case in (late, kept):
        opened_on_the_page(lotskoping, case)
    day = today(lotskoping)
    found = {one.id: lotskoping.case(one.id) for one in (late, kept)}
    assert [is_ripe(found[one.id], day) for one in (late, kept)] == [True, False]
    assert not in_time(replace(found[late.id], closed_at=lotskoping.clock()))
    assert in_time(replace(found[kept.id], closed_at=lotskoping.clock()))


def test_the_figures_count_a_target_that_was_missed_before():
    many = [a_case(n, late_before=n < 10, target_on=date(2026, 8, 1)) for n in range(20)]
    ended: datetime = T0 + timedelta(days=1)
    many += [
        a_case(n, closed_at=ended, status=CaseStatus.CLOSED, closed_without_investigation_reason="")
        for n in range(20, 40)
    ]
    [handling] = [one for one in all_tables(many, date(2026, 7, 30)) if one.id == "handling"]
    rows = {row[0]: row[1:] for row in handling.rows}
    assert rows["within_target"] == (20, 66.7)  # of thirty: twenty kept, ten missed before
