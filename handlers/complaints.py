"""Views and complaints: confirmed and answered in time, and safely.

An answer has an explanation and the measures (patient safety act 3:8 b). When it says anything
about a person it stands on a page of ours behind a one-time code, never in a mail; that is the
rule for whoever writes nothing else, and the text itself is searched too.
"""

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from handlers import answer_notices, notices
from handlers.case_records import AnswerWay, ComplaintAnswer
from handlers.desk import Desk, answered_for, required, saved
from handlers.domain.case import Case
from handlers.domain.deadline import lies_ahead
from handlers.domain.report import Reporter
from handlers.errors import UserFault
from handlers.municipality import Municipality
from handlers.ports import UnitOfWork
from handlers.records import CaseEvent

CODE_DIGITS = 8
ID_DIGITS = 12
OWN_PAGE = "webchat"
PAGES = (AnswerWay.CODE_BY_MAIL, AnswerWay.CODE_BY_HAND)


def confirm(desk: Desk) -> Case:
    """Note that the sender knows that the complaint has come in, by phone or letter say."""
    case = answered_for(desk)
    if case.confirmed_at is not None:
        return case
    return saved(desk, replace(case, confirmed_at=desk.now), "confirmed")


def ways_of(desk: Desk, case: Case, *, about_person: bool) -> tuple[AnswerWay, ...]:
    """Return how the sender can be answered, the safest way first."""
    reporter = desk.uow.reports.reporter_of(case.id)
    if reporter is None or not case.reporter_reachable:
        return (AnswerWay.CODE_BY_HAND,)
    if reporter.channel == notices.MAIL:
        plain = () if about_person else (AnswerWay.MAIL,)
        return (AnswerWay.CODE_BY_MAIL, AnswerWay.CODE_BY_HAND, *plain)
    # The web conversation is a page of ours; other chats are somebody else's servers.
    if reporter.channel == OWN_PAGE or not about_person:
        return (AnswerWay.WHERE_ASKED, AnswerWay.CODE_BY_HAND)
    return (AnswerWay.CODE_BY_HAND,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What somebody has written; `code` is what they will tell when it goes by hand."""

    explanation: str
    measures: str
    about_person: bool
    way: AnswerWay
    code: str = ""


def answer(desk: Desk, given: Answer) -> Case:
    """Send an answer, or refuse the way it was to go.

    Whatever the writer has said, a text that says anything about a person is about one. The case
    keeps the answer as its feedback, so that closing does not send it once more.
    """
    case = answered_for(desk)
    explanation, measures = required(given.explanation), required(given.measures)
    seen = desk.municipality.about_person(explanation, measures)
    about = given.about_person or seen
    if given.way not in ways_of(desk, case, about_person=about):
        told = seen and not given.about_person
        raise UserFault("fault.answer_says_something" if told else "fault.not_this_way")
    if given.way == AnswerWay.CODE_BY_HAND and not is_code(given.code):
        raise UserFault("fault.bad_input")
    reporter = desk.uow.reports.reporter_of(case.id) if case.reporter_reachable else None
    draft = replace(given, explanation=explanation, measures=measures, about_person=about)
    written = _written(desk, case.id, draft, reporter)
    desk.uow.work.answers.add(written)
    _send(desk, case, written, reporter)
    confirmed = case.confirmed_at or desk.now
    changed = replace(case, feedback=feedback_of(written), confirmed_at=confirmed)
    return saved(desk, changed, "answer_sent", way=given.way)


def feedback_of(written: ComplaintAnswer) -> str:
    return "\n\n".join(part for part in (written.explanation, written.measures) if part)


def put_on_page(desk: Desk, case: Case, feedback: str, reporter: Reporter) -> None:
    """Let feedback be read behind a code, and tell where; for a mail address only."""
    given = Answer(explanation=feedback, measures="", about_person=True, way=AnswerWay.CODE_BY_MAIL)
    written = _written(desk, case.id, given, reporter)
    desk.uow.work.answers.add(written)
    _send(desk, case, written, reporter)


def _written(desk: Desk, case_id: str, given: Answer, reporter: Reporter | None) -> ComplaintAnswer:
    clock = desk.municipality.clocks.answer_page
    written = ComplaintAnswer(
        id=_figures_of(desk.municipality.new_id()),
        case_id=case_id,
        explanation=given.explanation,
        measures=given.measures,
        about_person=given.about_person,
        way=given.way,
        address=reporter.address if reporter else "",
        language=reporter.language if reporter else "sv",
        written_by=desk.person_id,
        written_at=desk.now,
        expires_at=desk.now + timedelta(days=clock.open_days),
        sent_at=desk.now,
    )
    if given.way != AnswerWay.CODE_BY_HAND:
        return written
    lasting = desk.now + timedelta(days=clock.code_days)
    return replace(written, code_hash=code_hash_of(written.id, given.code), code_expires_at=lasting)


def _figures_of(random_id: str) -> str:
    """Return an id that is told on the phone: figures alone are never capital or small.

    It opens nothing by itself, and says no more than one that does not exist.
    """
    number = int.from_bytes(hashlib.sha256(random_id.encode()).digest(), "big")
    return f"{number % 10**ID_DIGITS:0{ID_DIGITS}}"


def was_told_by_hand(desk: Desk, case: Case, code: str) -> bool:
    """Whether this code opens the last answer of a case, and somebody is to tell it."""
    answers = desk.uow.work.answers.where(case_id=case.id)
    if not answers or answers[-1].way != AnswerWay.CODE_BY_HAND:
        return False
    return hmac.compare_digest(answers[-1].code_hash, code_hash_of(answers[-1].id, code))


def send_code(
    uow: UnitOfWork, answer_id: str, code: str, now: datetime, municipality: Municipality
) -> bool:
    """Mail a fresh one-time code to the address that the complaint came from.

    False when the page takes none: unknown, expired, told by hand, or too many for one day. The
    caller says the same to everybody.
    """
    found = uow.work.answers.find_locked(answer_id)
    clock = municipality.clocks.answer_page
    if found is None or found.way != AnswerWay.CODE_BY_MAIL or now >= found.expires_at:
        return False
    days_open = (
        max(0, (now - found.written_at).days) + 1
    )  # an answer may be from ahead of the clock
    if found.codes_sent >= clock.codes_a_day * days_open:
        return False
    fresh = replace(
        found,
        code_hash=code_hash_of(found.id, code),
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

    The caller commits in both cases: a wrong code counts, also when many are tried at once.
    """
    found = uow.work.answers.find_locked(answer_id)
    if found is None or not found.code_hash or found.code_expires_at is None:
        return None
    clock = municipality.clocks.answer_page
    by_hand = found.way == AnswerWay.CODE_BY_HAND
    lasts = timedelta(days=clock.code_days) if by_hand else timedelta(minutes=clock.code_minutes)
    late = now >= min(found.code_expires_at, found.expires_at)
    late = late or lies_ahead(found.code_expires_at, now + lasts)  # no code lasts longer
    if late or found.code_attempts >= municipality.clocks.answer_page.code_attempts:
        return None
    if not hmac.compare_digest(found.code_hash, code_hash_of(found.id, "".join(code.split()))):
        _count_wrong_code(uow, found, now, municipality)
        return None
    opened = replace(found, code_hash="", opened_at=found.opened_at or now)
    uow.work.answers.save(opened)
    uow.cases.add_event(
        CaseEvent(case_id=found.case_id, at=now, actor_id="reporter", kind="answer_opened")
    )
    return opened


def _count_wrong_code(
    uow: UnitOfWork, found: ComplaintAnswer, now: datetime, municipality: Municipality
) -> None:
    tried = replace(found, code_attempts=found.code_attempts + 1)
    uow.work.answers.save(tried)
    if tried.code_attempts >= municipality.clocks.answer_page.code_attempts:
        uow.cases.add_event(
            CaseEvent(case_id=found.case_id, at=now, actor_id="system", kind="answer_code_dead")
        )


def _send(desk: Desk, case: Case, written: ComplaintAnswer, reporter: Reporter | None) -> None:
    if reporter is None or written.way == AnswerWay.CODE_BY_HAND:
        return
    if not reporter.address:
        return  # anonymous: the answer is read with the receipt code
    if written.way in PAGES:
        message = answer_notices.answer_page(case, written, desk.municipality)
    else:
        message = answer_notices.answer_itself(case, written, reporter, desk.municipality)
    desk.uow.outbox.add(message, desk.now)


def is_code(code: str) -> bool:
    return len(code) == CODE_DIGITS and code.isascii() and code.isdigit()


def code_hash_of(answer_id: str, code: str) -> str:
    """Return what is kept of a code.

    Slow on purpose: eight digits are few for somebody who has stolen the table.
    """
    key = hashlib.scrypt(code.encode(), salt=answer_id.encode(), n=2**14, r=8, p=1, dklen=32)
    return key.hex()
