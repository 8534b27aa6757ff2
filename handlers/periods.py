"""The periods that figures are made of: half-years and years, by their keys 2026-H1 and 2026."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.domain.deadline import add_months

_KEY = re.compile(r"(20\d{2})(?:-H([12]))?")
_HALF = 6  # months
SHOWN_HALVES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Both days are in it."""

    key: str
    first_on: date
    last_on: date

    def holds(self, day: date) -> bool:
        return self.first_on <= day <= self.last_on


def span_of(key: str) -> Span | None:
    """Return the span of a key, or None for anything that is no key of one."""
    found = _KEY.fullmatch(key)
    if found is None:
        return None
    year, half = int(found[1]), int(found[2] or 0)
    first_on = date(year, 7 if half == 2 else 1, 1)
    after = add_months(first_on, _HALF if half else 2 * _HALF)
    return Span(key=key, first_on=first_on, last_on=after - timedelta(days=1))


def key_before(key: str) -> str:
    """Return the period before: 2026-H1 gives 2025-H2, 2026 gives 2025; empty without one."""
    span = span_of(key)
    if span is None:
        return ""
    last = span.first_on - timedelta(days=1)
    return half_of(last) if "H" in key else str(last.year)


def half_of(day: date) -> str:
    return f"{day.year}-H{1 if day.month <= _HALF else 2}"


def ended_halves(today: date) -> tuple[str, ...]:
    """Return the newest half-years that are over, newest first."""
    keys, key = [], half_of(today)
    for _ in range(SHOWN_HALVES):
        key = key_before(key)
        keys.append(key)
    return tuple(keys)


def all_periods(today: date) -> tuple[str, ...]:
    """Return this and the last year, the running half-year and the ended ones."""
    return (str(today.year), str(today.year - 1), half_of(today), *ended_halves(today))
