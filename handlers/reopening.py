"""An ended case is opened again: by a person with a reason, or by more words from whoever reported.

There is one way for every door and every ended state, so that nobody's words end up where nobody
works any more: the case is assessed anew and answered anew, and its reminders begin again.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from handlers import notices, work_notices
from handlers.access import access_of, allowed
from handlers.case_records import Comment
from handlers.domain import rounds
from handlers.domain.case import Case, CaseKind, CaseStatus
from handlers.domain.deadline import local_date
from handlers.domain.report import Reporter
from handlers.left_to_do import SYSTEM, leave_to_do
from handlers.municipality import Municipality
from handlers.permissions import Action as Right
from handlers.ports import TextAnalysis, UnitOfWork
from handlers.records import CaseEvent
from handlers.reporting import receiver_of

REPORTER = "reporter"
_READ_WITHIN = 2  # working days, thanks for an answer
_COARSEST = timedelta(hours=1)  # all that is kept of when somebody without a name writes


def closed_long_ago(case: Case, now: datetime, municipality: Municipality) -> bool:
    """Whether more words are too late to open the case again: they make a new one.

    One rule for every door. A person who works with the case may open it whatever its age.
    """
    if case.is_open or case.closed_at is None:
        return False
    return now - case.closed_at > timedelta(days=municipality.reopen_days)


def take_up(
    uow: UnitOfWork,
    case: Case,
    analysis: TextAnalysis | None,
    now: datetime,
    municipality: Municipality,
    *,
    words_in: Case,
) -> Case:
    """Return the case that whoever reported has more to say in; an ended one is opened again.

    Thanks for the answer open nothing. They wait to be read, on a day, by whoever answers for the
    case, as what looks like thanks may be something else. They stand in `words_in`: the case, or
    the report that was merged into it.
    """
    if not case.may_be_reopened:
        return case
    if case.status == CaseStatus.CLOSED and analysis is not None and thanks_only(analysis):
        text = municipality.catalogue.get("case.read_after_end", "sv")
        leave_to_do(uow, words_in, text, _READ_WITHIN, now, municipality)
        return case
    return open_again(uow, case, now, municipality, by=REPORTER)


def open_again(
    uow: UnitOfWork, case: Case, now: datetime, municipality: Municipality, *, by: str
) -> Case:
    """Open an ended case; `by` is a person's id, or "reporter".

    Reporters, team and whoever answers for the case are told. Its clocks begin again, and the
    answer that was sent stands among the comments. Reports that are merged here were answered with
    it, so they are answered anew too.
    """
    at = _after_its_end(case, now)
    for part in uow.cases.merged_into(case.id):
        days = _days_of(part, at, municipality)
        uow.cases.save(rounds.on_new_clock(part, at, days, ended_at=case.closed_at))
    anew = rounds.opened_anew(case, at, _days_of(case, at, municipality))
    opened = uow.cases.save(anew)
    uow.cases.add_event(CaseEvent(case_id=case.id, at=now, actor_id=by, kind="reopened"))
    if case.feedback:
        say = municipality.catalogue.get
        before = Comment(
            id=municipality.new_id(),
            case_id=case.id,
            author_id=SYSTEM if by == REPORTER else by,
            at=now,
            text=say("case.answer_before", "sv", text=case.feedback),
        )
        uow.work.comments.add(before)
    _tell(uow, opened, now, municipality, by=by)
    return opened


def thanks_only(analysis: TextAnalysis) -> bool:
    """Whether the words are nothing but thanks."""
    serious = analysis.possible_medical_harm or analysis.possible_misconduct
    return analysis.kind == CaseKind.PRAISE and not (serious or analysis.rule_ids or analysis.signs)


def reporters_of(uow: UnitOfWork, case: Case) -> Iterator[tuple[Case, Reporter]]:
    """Return everybody who hears how it goes: the case's reporter and those merged into it."""
    for one in (case, *uow.cases.merged_into(case.id)):
        reporter = uow.reports.reporter_of(one.id)
        if reporter is not None and one.reporter_reachable:
            yield one, reporter


def _days_of(case: Case, at: datetime, municipality: Municipality) -> rounds.Days:
    day = local_date(at)
    return rounds.Days(
        target_on=municipality.target_for(day),
        answer_on=municipality.answer_clock(case.kind, day),
        confirm_on=municipality.confirm_for(case.kind, day),
    )


def _after_its_end(case: Case, now: datetime) -> datetime:
    """Return when the case is opened: never before it ended, though only an hour may be known."""
    ended = case.closed_at
    if ended is None or not now <= ended < now + _COARSEST:
        return now
    return ended + timedelta(microseconds=1)


def _tell(
    uow: UnitOfWork, case: Case, now: datetime, municipality: Municipality, *, by: str
) -> None:
    """Tell everybody who believes that the case has ended."""
    for one, reporter in reporters_of(uow, case):
        if reporter.address:
            message = notices.to_reporter(
                one,
                reporter,
                municipality,
                "reopened_own",
                key=f"reopened/{case.version}",
                answer_on=(one.answer_on or one.target_on).isoformat(),
            )
            uow.outbox.add(message, now)
    receiver = receiver_of(uow, case, now)
    asked = [member.person_id for member in uow.work.team.where(case_id=case.id)]
    owners = [action.owner_id for action in case.actions]
    for person_id in dict.fromkeys((receiver.id, case.responsible_id, *asked, *owners)):
        person = uow.organisation.person(person_id)
        if person is None or person_id == by:
            continue
        access = access_of(uow, municipality, person_id, now)
        if person_id == receiver.id or allowed(uow, access, Right.OPEN, case, now):
            told = work_notices.reopened(case, person, municipality)
            notices.queue(uow, told, now)
