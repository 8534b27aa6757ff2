"""What was promised to somebody outside is said with its own day, and how late the answer is."""

from datetime import date, timedelta

import pytest

from bot.exporting import export_sheets
from handlers.domain.case import Case, CaseKind
from tests.bot.page_reader import Browser as Reader
from tests.bot.test_delivery import chatting
from tests.bot.test_own_pages import only_case, to_receipt
from tests.bot.web.test_casework import Browser
from tests.handlers.test_digest_lines import newest
from tests.handlers.test_investigation import do
from tests.handlers.test_kinds import of_kind
from tests.handlers.test_merged_duties import answered
from tests.handlers.test_reminders import about, change, digests, live
from tests.lotskoping import AGNETA, MARIA, Lotskoping


def exported(lotskoping: Lotskoping, case: Case) -> dict[str, object]:
    sheet = export_sheets(lotskoping.services)[0]
    rows = (dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows)
    return next(row for row in rows if row["number"] == case.number)


@pytest.fixture
def complaint(lotskoping: Lotskoping) -> Case:
    return of_kind(lotskoping, CaseKind.COMPLAINT)


def promised(case: Case) -> date:
    assert case.answer_on is not None
    assert case.answer_on < case.target_on
    return case.answer_on


def test_who_is_told_that_an_answer_is_late_reads_the_promised_day(
    lotskoping: Lotskoping, complaint: Case
):
    live(lotskoping, 22)
    assert about(lotskoping, complaint)[-1] == ("answer_late", AGNETA)
    text = newest(lotskoping, AGNETA).text
    assert f"är sent. Hjälp enheten vidare (senast {promised(complaint)})" in text
    assert str(complaint.target_on) not in text


def test_the_unit_is_reminded_of_an_answer_by_the_promised_day_in_chat_too(
    lotskoping: Lotskoping, complaint: Case
):
    chatting(lotskoping, MARIA)
    live(lotskoping, 12)
    assert about(lotskoping, complaint)[-1] == ("answer_soon", MARIA)
    lines = {one.words for digest in digests(lotskoping) for one in digest.buttons}
    words = "Svara den som hörde av sig"
    assert f"{complaint.number}: {words} (senast {promised(complaint)})" in lines


def test_page_list_and_export_say_both_days_and_how_late_the_answer_came(
    lotskoping: Lotskoping, complaint: Case
):
    maria = Browser(lotskoping, MARIA)
    assert "Svar lovat senast" in maria.page("/arenden")
    assert complaint.number not in maria.page("/arenden?sena=1")
    row = exported(lotskoping, complaint)
    assert (row["answer_on"], row["answered_on"], row["answer_days_late"]) == (
        promised(complaint),
        None,
        0,
    )
    lotskoping.clock.now += promised(complaint) - lotskoping.clock().date() + timedelta(days=3)
    assert exported(lotskoping, complaint)["answer_days_late"] == 3
    maria = Browser(lotskoping, MARIA)
    assert complaint.number in maria.page("/arenden?sena=1")
    do(lotskoping, complaint, answered)
    came = lotskoping.clock().date()
    lotskoping.clock.advance(days=5)
    row = exported(lotskoping, complaint)
    assert (row["answered_on"], row["answer_days_late"]) == (came, 3)
    maria = Browser(lotskoping, MARIA)
    page = maria.page(f"/arenden/{complaint.id}")
    assert "(3 dagar sent)" in page
    assert "Svarat" in page
    assert complaint.number not in maria.page("/arenden?sena=1")  # the month goes on


def test_what_nobody_was_promised_or_can_get_is_never_late(lotskoping: Lotskoping):
    deviation = lotskoping.report()
    silent = of_kind(lotskoping, CaseKind.COMPLAINT, reporter_reachable=False)
    lotskoping.clock.advance(days=60)
    for case in (deviation, silent):
        row = exported(lotskoping, case)
        assert (row["answered_on"], row["answer_days_late"]) == (None, None)


def test_a_view_that_is_answered_as_its_case_ends_was_answered_that_day(lotskoping: Lotskoping):
    case = of_kind(lotskoping, CaseKind.SUGGESTION)
    lotskoping.clock.now += promised(case) - lotskoping.clock().date() + timedelta(days=1)
    change(lotskoping, case, closed_at=lotskoping.clock())
    row = exported(lotskoping, case)
    assert (row["answered_on"], row["answer_days_late"]) == (lotskoping.clock().date(), 1)


def test_who_sent_it_reads_the_promised_day_and_not_the_month(lotskoping: Lotskoping):
    with Reader(lotskoping.services) as sender:
        sender.open("/rapportera?form=deviation")
        to_receipt(sender)
        case = only_case(lotskoping)
        day = case.received_on + timedelta(days=14)
        change(lotskoping, case, kind=CaseKind.COMPLAINT, answer_on=day)
        sender.open("/mina-rapporter")
        assert f"Svar är lovat senast {day}." in sender.page.text
        assert str(case.target_on) not in sender.page.text
