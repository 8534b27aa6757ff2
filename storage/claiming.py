"""When a stored item may be taken: its moment has come, and nobody else works on it.

A moment that lies further ahead than any wait or lease is of a clock that was ahead when it was
written; it holds nothing back.
"""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Table, and_, or_

from handlers.domain.deadline import CLOCK_SKEW


def is_waited_for(table: Table, now: datetime, *, longest: timedelta) -> ColumnElement[bool]:
    """Whether the next attempt is due; `longest` is the longest wait between two attempts."""
    at = table.c.next_attempt_at
    untried = and_(table.c.attempts == 0, at > now + CLOCK_SKEW)
    return or_(at <= now, untried, at > now + longest + CLOCK_SKEW)


def is_free(table: Table, now: datetime, *, lease: timedelta) -> ColumnElement[bool]:
    until = table.c.lease_until
    return or_(until.is_(None), until < now, until > now + lease + CLOCK_SKEW)
