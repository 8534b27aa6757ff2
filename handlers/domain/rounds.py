"""A case may be opened again. Each time is a round with clocks of its own (ADR 0004)."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from handlers.domain.case import Case, CaseStatus
from handlers.domain.deadline import local_date
from handlers.errors import IllegalTransition


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """When a round is to be done; see the fields of Case."""

    target_on: date
    answer_on: date | None
    confirm_on: date | None


def opened_anew(case: Case, at: datetime, days: Days) -> Case:
    """Return the ended case as open again: nothing that ended it stands any more.

    What ended without a word on what happened begins with its assessment.
    """
    if not case.may_be_reopened:
        raise IllegalTransition(f"{case.number}: {case.status} has not ended")
    closed = case.status == CaseStatus.CLOSED
    to = CaseStatus.INVESTIGATING if closed else CaseStatus.ACKNOWLEDGED
    return replace(
        on_new_clock(case, at, days, ended_at=case.closed_at).moved(to),
        closed_at=None,
        dismissal=None,
        closed_without_investigation_reason="",
        feedback="",
    )


def on_new_clock(case: Case, at: datetime, days: Days, *, ended_at: datetime | None) -> Case:
    """Return the case with the days of a new round; that the last one was late stays known."""
    late = ended_at is not None and local_date(ended_at) > case.target_on
    return replace(
        case,
        reopened_at=at,
        late_before=case.late_before or late,
        target_on=days.target_on,
        answer_on=days.answer_on,
        confirm_on=days.confirm_on if case.confirmed_at is None else case.confirm_on,
    )


def begun_on(case: Case) -> date:
    """Return the day that the target counts from: of receipt, or when it was last opened again."""
    return local_date(case.reopened_at) if case.reopened_at else case.received_on


def first_days_from(case: Case) -> date:
    """Return the day that the first days count from: of the round, or of a move within it."""
    began = begun_on(case)
    return max(began, local_date(case.moved_at)) if case.moved_at else began


def in_time(case: Case) -> bool:
    """Whether it has ended by its target, this time and every time before."""
    ended = case.closed_at
    return ended is not None and local_date(ended) <= case.target_on and not case.late_before


def is_ripe(case: Case, today: date) -> bool:
    """Whether it can be said if the target was met: its day has passed, now or before."""
    return case.late_before or case.target_on < today
