"""What a recurring duty is done with: the month's figures of a unit, the sample of the log review.

The unit pack holds numbers only and no small ones, so that it can be shown on a wall. The sample is
drawn by the month, so that everybody who opens it sees the same rows.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from handlers.access import Access
from handlers.domain.case import Case, CaseStatus
from handlers.domain.deadline import add_months, local_date, midnight
from handlers.domain.people import Organisation
from handlers.domain.rounds import in_time
from handlers.ports import UnitOfWork
from handlers.records import CaseEvent
from handlers.sketches import Sketch, Table, shown
from handlers.statistics import events_of
from handlers.suppression import Grid, Key

SAMPLE = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPack:
    month: str
    tables: tuple[Table, ...]  # the month, its categories and its causes; small numbers hidden


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedRead:
    at: datetime
    reader_id: str
    case_number: str
    outside: bool  # the reader answers for neither the unit nor the whole municipality
    emergency: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LogReview:
    month: str
    reads: int
    rows: tuple[ReviewedRead, ...]


def month_before(period_key: str) -> date:
    """Return the first day of the month before a monthly period, 2026-06 gives 1 May 2026."""
    return add_months(date.fromisoformat(f"{period_key}-01"), -1)


def unit_pack(cases: Iterable[Case], unit_id: str, first_on: date) -> UnitPack:
    """Return a month of one unit, out of cases that the reader may count."""
    after = add_months(first_on, 1)
    here = [case for case in events_of(cases) if case.unit_id == unit_id]
    received = [case for case in here if first_on <= case.received_on < after]
    closed = [c for c in here if c.closed_at and first_on <= local_date(c.closed_at) < after]
    closed = [case for case in closed if case.status == CaseStatus.CLOSED]
    kept = sum(map(in_time, closed))
    month = {
        "received": len(received),
        "closed": len(closed),
        "in_time": kept,
        "open": sum(case.is_open for case in here),
        "actions": sum(len(case.actions) for case in closed),
    }
    categories = Counter(case.category or "unknown" for case in received)
    causes = Counter(cause.area.value for case in closed for cause in case.causes)
    sketches = (
        _listed("pack", month),
        _listed("pack_categories", _counted(categories)),
        _listed("pack_causes", _counted(causes)),
    )
    late: Key = ("pack", "late")
    sums: list[list[Key]] = [
        [("pack", "in_time"), late, ("pack", "closed")],
        [*sketches[1].counts, ("pack", "received")],
    ]
    return UnitPack(
        month=first_on.isoformat()[:7],
        tables=shown(sketches, ({late: len(closed) - kept}, sums)),
    )


def _listed(table_id: str, counts: Mapping[str, int]) -> Sketch:
    keys: dict[str, Key] = {code: (table_id, code) for code in counts}

    def build(grid: Grid) -> Table:
        rows = tuple((code, grid[key]) for code, key in keys.items())
        return Table(id=table_id, columns=("group", "count"), rows=rows)

    return Sketch(counts={keys[code]: n for code, n in counts.items()}, sums=[], build=build)


def log_review(uow: UnitOfWork, access: Access, first_on: date) -> LogReview:
    """Return a month's readings in emergencies, all of them, and others drawn by lot.

    Those in cases that the reviewer is involved in are left out, number and all.
    """
    first, last = midnight(first_on), midnight(add_months(first_on, 1))
    reads = []
    for event in uow.cases.reads_between(first, last):
        case = uow.cases.find(event.case_id)
        if case is not None and access.person_id not in case.manager_involved_ids:
            reads.append(_row(uow, access.organisation, case, event))
    draw = Random(first_on.isoformat())  # noqa: S311 - the same for everybody, on purpose
    urgent = [row for row in reads if row.emergency]
    others = sorted((row for row in reads if not row.emergency), key=_order)
    drawn = draw.sample(others, min(SAMPLE, len(others)))
    rows = tuple(sorted([*urgent, *drawn], key=_order))
    return LogReview(month=first_on.isoformat()[:7], reads=len(reads), rows=rows)


def _row(uow: UnitOfWork, organisation: Organisation, case: Case, event: CaseEvent) -> ReviewedRead:
    day = local_date(event.at)
    own = organisation.managed_units(event.actor_id, day)
    everywhere = any(not a.scope for a in organisation.assignments_of(event.actor_id, day))
    return ReviewedRead(
        at=event.at,
        reader_id=event.actor_id,
        case_number=case.number,
        outside=case.unit_id not in own and not everywhere,
        emergency=uow.emergencies.is_open(case.id, event.actor_id, event.at),
    )


def _order(row: ReviewedRead) -> tuple[datetime, str, str]:
    return row.at, row.case_number, row.reader_id


def _counted(found: Counter[str]) -> dict[str, int]:
    """Return the numbers, most first."""
    return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))
