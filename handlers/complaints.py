"""Views and complaints: confirmed and answered in time, and safely.

An answer has an explanation and the measures (patient safety act 3:8 b). When it says anything
about a person it stands on a page of ours behind a one-time code, never in a mail.
"""

import hashlib
import hmac
from dataclasses import replace
from datetime import datetime, timedelta

from handlers import answer_notices, notices
from handlers.case_records import AnswerWay, ComplaintAnswer
from handlers.desk import Desk, open_case, required, saved
from handlers.domain.case import Case
from handlers.domain.report import Reporter
from handlers.errors import UserFault
from handlers.municipality import Municipality
from handlers.ports import UnitOfWork
from handlers.records import CaseEvent

CODE_DIGITS = 8
_PAGES = (AnswerWay.CODE_BY_MAIL, AnswerWay.CODE_BY_HAND)


def confirm(desk: Desk) -> Case:
    """Note that the sender knows that the complaint has come in, by phone or letter say."""
    case = open_case(desk)
    if case.confirmed_at is not None:
        return case
    return saved(desk, replace(case, confirmed_at=desk.now), "confirmed")


def ways_of(desk: Desk, case: Case, *, about_person: bool) -> tuple[AnswerWay, ...]:
    """Return how the sender can be answered, the plainest allowed way first."""
    reporter = reporter_of(desk.uow, case)
    if reporter is None:
        return (AnswerWay.CODE_BY_HAND,)
    if reporter.channel == notices.MAIL:
        plain = () if about_person else (AnswerWay.MAIL,)
        return (*plain, AnswerWay.CODE_BY_MAIL, AnswerWay.CODE_BY_HAND)
    # The web conversation is a page of ours; other chats are somebody else's servers.
    if reporter.channel == "webchat" or not about_person:
        return (AnswerWay.WHERE_ASKED, AnswerWay.CODE_BY_HAND)
    return (AnswerWay.CODE_BY_HAND,)


def reporter_of(uow: UnitOfWork, case: Case) -> Reporter | None:
    """Return where the sender can be reached; None when nobody can."""
    report = uow.reports.of_case(case.id)
    if report is None or not case.reporter_reachable or not report.reporter.address:
        return None
    return report.reporter


def answer(
    desk: Desk,
    *,
    explanation: str,
    measures: str,
    about_person: bool,
    way: AnswerWay,
    code: str = "",
) -> Case:
    """Send an answer; `code` is what somebody will tell the sender when it goes by hand.

    The case keeps the answer as its feedback, so that closing does not send it once more.
    """
    case = open_case(desk)
    if way not in ways_of(desk, case, about_person=about_person):
        raise UserFault("fault.not_this_way")
    if way == AnswerWay.CODE_BY_HAND and not _is_code(code):
        raise UserFault("fault.bad_input")
    clock = desk.municipality.clocks.answer_page
    reporter = reporter_of(desk.uow, case)
    written = ComplaintAnswer(
        id=desk.municipality.new_id(),
        case_id=case.id,
        explanation=required(explanation),
        measures=required(measures),
        about_person=about_person,
        way=way,
        address=reporter.address if reporter else "",
        language=reporter.language if reporter else "sv",
        written_by=desk.person_id,
        written_at=desk.now,
        expires_at=desk.now + timedelta(days=clock.open_days),
        sent_at=desk.now,
    )
    if way == AnswerWay.CODE_BY_HAND:
        lasting = desk.now + timedelta(days=clock.code_days)
        written = replace(written, code_hash=_hash(written.id, code), code_expires_at=lasting)
    desk.uow.work.answers.add(written)
    _send(desk, case, written, reporter)
    confirmed = case.confirmed_at or desk.now
    text = f"{written.explanation}\n\n{written.measures}"
    changed = replace(case, feedback=text, confirmed_at=confirmed)
    return saved(desk, changed, "answer_sent", way=way)


def send_code(
    uow: UnitOfWork, answer_id: str, code: str, now: datetime, municipality: Municipality
) -> bool:
    """Mail a fresh one-time code to the address that the complaint came from.

    False when the page takes none: unknown, expired, told by hand, or too many for one day. The
    caller says the same to everybody.
    """
    found = uow.work.answers.find(answer_id)
    clock = municipality.clocks.answer_page
    if found is None or found.way != AnswerWay.CODE_BY_MAIL or now >= found.expires_at:
        return False
    days_open = (now - found.written_at).days + 1
    if found.codes_sent >= clock.codes_a_day * days_open:
        return False
    fresh = replace(
        found,
        code_hash=_hash(found.id, code),
        code_expires_at=now + timedelta(minutes=clock.code_minutes),
        code_attempts=0,
        codes_sent=found.codes_sent + 1,
    )
    uow.work.answers.save(fresh)
    uow.outbox.add(answer_notices.answer_code(fresh, code, municipality), now)
    return True


def open_answer(
    uow: UnitOfWork, answer_id: str, code: str, now: datetime, municipality: Municipality
) -> ComplaintAnswer | None:
    """Return the answer to whoever has the code, once; None for every other try.

    The caller commits in both cases: a wrong code counts.
    """
    found = uow.work.answers.find(answer_id)
    if found is None or not found.code_hash or found.code_expires_at is None:
        return None
    late = now >= min(found.code_expires_at, found.expires_at)
    if late or found.code_attempts >= municipality.clocks.answer_page.code_attempts:
        return None
    if not hmac.compare_digest(found.code_hash, _hash(found.id, code.strip())):
        uow.work.answers.save(replace(found, code_attempts=found.code_attempts + 1))
        return None
    opened = replace(found, code_hash="", opened_at=found.opened_at or now)
    uow.work.answers.save(opened)
    uow.cases.add_event(
        CaseEvent(case_id=found.case_id, at=now, actor_id="reporter", kind="answer_opened")
    )
    return opened


def _send(desk: Desk, case: Case, written: ComplaintAnswer, reporter: Reporter | None) -> None:
    if reporter is None or written.way == AnswerWay.CODE_BY_HAND:
        return
    if written.way in _PAGES:
        message = answer_notices.answer_page(case, written, desk.municipality)
    else:
        message = answer_notices.answer_itself(case, written, reporter, desk.municipality)
    desk.uow.outbox.add(message, desk.now)


def _is_code(code: str) -> bool:
    return len(code) == CODE_DIGITS and code.isascii() and code.isdigit()


def _hash(answer_id: str, code: str) -> str:
    """Slow on purpose: eight digits are few for somebody who has stolen the table."""
    key = hashlib.scrypt(code.encode(), salt=answer_id.encode(), n=2**14, r=8, p=1, dklen=32)
    return key.hex()
