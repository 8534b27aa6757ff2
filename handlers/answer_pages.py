"""Answers on a page of ours that nobody has opened: told in time, given anew, or had otherwise.

The sender always gets the answer: a code that is told by hand dies after some wrong tries, and the
page with it after some weeks. Whoever answered hears of it before, in ended cases too.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from handlers import answer_notices, complaints, team
from handlers.case_records import AnswerWay, ComplaintAnswer
from handlers.desk import Desk, open_for_work, require, required, saved
from handlers.domain.case import Case
from handlers.errors import UserFault
from handlers.municipality import Municipality
from handlers.permissions import Action as Right
from handlers.ports import UnitOfWork

DEAD_CODE, UNOPENED = "dead_code", "unopened_answer"
_TOLD_AHEAD = timedelta(days=7)


def unopened(
    uow: UnitOfWork, municipality: Municipality, now: datetime
) -> Iterator[tuple[ComplaintAnswer, str]]:
    """Yield the answers that somebody has to see to, and why; of each case the last one only."""
    for way in complaints.PAGES:
        for one in uow.work.answers.where(way=way, opened_at=None, delivered_at=None):
            why = why_to_see_to(one, municipality, now)
            if why and uow.work.answers.where(case_id=one.case_id)[-1].id == one.id:
                yield one, why


def why_to_see_to(one: ComplaintAnswer, municipality: Municipality, now: datetime) -> str:
    """Return a key of the texts: the code is dead, or the page soon is; empty when all is well."""
    if one.way not in complaints.PAGES or one.opened_at or one.delivered_at:
        return ""
    if one.way == AnswerWay.CODE_BY_HAND and _is_dead(one, municipality, now):
        return DEAD_CODE
    return UNOPENED if now >= one.expires_at - _TOLD_AHEAD else ""


def renew(desk: Desk, *, answer_id: str, way: AnswerWay, code: str = "") -> Case:
    """Let the page be opened for some weeks more, also of an ended case, with a new code.

    By mail the sender is told of the page again and asks there for a code.
    """
    case, found = _of_case(desk, answer_id)
    allowed = complaints.ways_of(desk, case, about_person=True)
    if way not in complaints.PAGES or way not in (*allowed, AnswerWay.CODE_BY_HAND):
        raise UserFault("fault.not_this_way")
    by_hand = way == AnswerWay.CODE_BY_HAND
    if by_hand and not complaints.is_code(code):
        raise UserFault("fault.bad_input")
    clock = desk.municipality.clocks.answer_page
    again = replace(
        found,
        way=way,
        expires_at=desk.now + timedelta(days=clock.open_days),
        code_hash=complaints.code_hash_of(found.id, code) if by_hand else "",
        code_expires_at=desk.now + timedelta(days=clock.code_days) if by_hand else None,
        code_attempts=0,
        codes_sent=found.codes_sent + 1,
        delivered_at=None,
    )
    desk.uow.work.answers.save(again)
    if not by_hand:
        message = answer_notices.answer_page(case, again, desk.municipality)
        desk.uow.outbox.add(message, desk.now)
    return saved(desk, case, "answer_renewed", way=way)


def delivered(desk: Desk, *, answer_id: str, how: str) -> Case:
    """Keep that the sender has had the answer otherwise; how stands among the comments."""
    case, found = _of_case(desk, answer_id)
    team.keep_comment(desk, case, required(how))
    desk.uow.work.answers.save(replace(found, delivered_at=desk.now))
    return saved(desk, case, "answer_delivered")


def _of_case(desk: Desk, answer_id: str) -> tuple[Case, ComplaintAnswer]:
    case = require(desk, open_for_work(desk), Right.WORK)
    found = desk.uow.work.answers.find_locked(answer_id)
    if found is None or found.case_id != case.id or found.way not in complaints.PAGES:
        raise UserFault("fault.bad_input")
    return case, found


def _is_dead(one: ComplaintAnswer, municipality: Municipality, now: datetime) -> bool:
    tried = one.code_attempts >= municipality.clocks.answer_page.code_attempts
    return tried or one.code_expires_at is None or now >= one.code_expires_at
