"""The tables of the yearly reports, made of cases: each event once in every total.

An event that concerns several laws is counted under each of them and once in the total, so the
columns of laws do not add up to it; a merged report is not an event of its own.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from handlers.domain.case import Case, CaseStatus
from handlers.domain.deadline import local_date
from handlers.domain.injury import InjuryClass, MisconductDegree
from handlers.domain.risk import Likelihood, Severity
from handlers.suppression import Grid, Key, share, suppress

LAWS = ("HSL", "SoL", "LSS")
TOTAL = "total"
AGES = (("month_1", 31), ("months_2", 62), ("months_3", 92), ("months_6", 183), ("year", 366))
OLDEST = "older"
_VERY_LATE = timedelta(days=30)  # the last rung of the ladder
_NO_EVENTS = (CaseStatus.MERGED, CaseStatus.HANDED_ON)

Cell = str | int | float | None  # None: hidden because it is small


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`columns` and the first cell of each row are codes; the texts' [figures] names them."""

    id: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def events_of(cases: Iterable[Case]) -> list[Case]:
    """Return the events of care: no further reports of one, and nothing of the staff's own."""
    return [case for case in cases if case.status not in _NO_EVENTS]


def all_tables(cases: Iterable[Case], today: date) -> tuple[Table, ...]:
    events = events_of(cases)
    return (
        inflow(events),
        handling(events, today),
        quality(events),
        ageing(events, today),
        in_law(events),
        risk_matrix(events),
        categories(events),
    )


def inflow(events: Sequence[Case]) -> Table:
    """Events by month of receipt and law."""
    months = [case.received_on.strftime("%Y-%m") for case in events]
    return _by_law("inflow", events, months, sorted(set(months)))


def categories(events: Sequence[Case]) -> Table:
    """Events by category and law, the most common first; dismissed ones are no events."""
    real = [case for case in events if case.status != CaseStatus.DISMISSED]
    codes = [case.category or "unknown" for case in real]
    common = sorted(set(codes), key=lambda code: (-codes.count(code), code))
    return _by_law("categories", real, codes, common)


def handling(events: Sequence[Case], today: date) -> Table:
    """What has become of the events; `within_target` of those whose target day has passed.

    `very_late` are those still open a month after it, which the board is to know of.
    """
    closed = [case for case in events if case.status == CaseStatus.CLOSED]
    counts = {
        "with_investigation": sum(not c.closed_without_investigation_reason for c in closed),
        "without_investigation": sum(bool(c.closed_without_investigation_reason) for c in closed),
        "dismissed": sum(case.status == CaseStatus.DISMISSED for case in events),
        "open": sum(case.is_open for case in events),
    }
    keys: list[Key] = [(code, "count") for code in counts]
    total: Key = (TOTAL, "count")
    grid = suppress(
        {(code, "count"): count for code, count in counts.items()} | {total: len(events)},
        [[*keys, total]],
    )
    ripe = [case for case in events if case.target_on < today]
    kept = sum(_is_within_target(case) for case in ripe)
    rows: list[tuple[Cell, ...]] = [
        (code, grid[code, "count"], share(count, len(events))) for code, count in counts.items()
    ]
    rows.append((TOTAL, grid[total], 100.0 if events else None))
    rows.append(("within_target", _shown(kept), share(kept, len(ripe))))
    late = sum(case.is_open and today - case.target_on > _VERY_LATE for case in events)
    rows.append(("very_late", _shown(late), share(late, len(events))))
    return Table(id="handling", columns=("state", "count", "percent"), rows=tuple(rows))


def quality(events: Sequence[Case]) -> Table:
    """How many of all events have each part of a good handling."""
    checks = (
        ("acknowledged", lambda case: case.status != CaseStatus.RECEIVED),
        ("risk", lambda case: case.risk is not None),
        ("cause", lambda case: bool(case.causes)),
        ("action", lambda case: bool(case.actions) or bool(case.no_action_reason)),
        ("effect", lambda case: any(action.helped for action in case.actions)),
        ("feedback", lambda case: bool(case.feedback)),
    )
    rows: list[tuple[Cell, ...]] = []
    for code, check in checks:
        found = sum(bool(check(case)) for case in events)
        percent = share(found, len(events))
        rows.append((code, None if percent is None and events else found, percent))
    rows.append((TOTAL, _shown(len(events)), None))
    return Table(id="quality", columns=("part", "count", "percent"), rows=tuple(rows))


def ageing(events: Sequence[Case], today: date) -> Table:
    """Open events by their age."""
    ages = Counter(_age(case, today) for case in events if case.is_open)
    codes = [*(code for code, _ in AGES), OLDEST]
    keys: list[Key] = [(code, "count") for code in codes]
    total: Key = (TOTAL, "count")
    counts = {(code, "count"): ages[code] for code in codes} | {total: ages.total()}
    grid = suppress(counts, [[*keys, total]])
    rows = tuple((code, grid[code, "count"]) for code in (*codes, TOTAL))
    return Table(id="ageing", columns=("age", "count"), rows=rows)


def in_law(events: Sequence[Case]) -> Table:
    """Events by how grave they are in the words of the law, and those told to who was hurt."""
    injuries = [case for case in events if case.injury is not None]
    degrees = [case for case in events if case.misconduct is not None]
    counts = Counter(f"injury.{case.injury}" for case in injuries)
    counts += Counter(f"misconduct.{case.misconduct}" for case in degrees)
    kinds = [f"injury.{kind}" for kind in InjuryClass]
    degree_codes = [f"misconduct.{degree}" for degree in MisconductDegree]
    rows: list[tuple[Cell, ...]] = []
    for codes, whole in ((kinds, len(injuries)), (degree_codes, len(degrees))):
        cells: dict[Key, int] = {(code, "count"): counts[code] for code in codes}
        total: Key = (TOTAL, "count")
        grid = suppress(cells | {total: whole}, [[*cells, total]])
        rows += [(code, grid[code, "count"], share(counts[code], whole)) for code in codes]
    hurt = [case for case in events if case.must_inform]
    told = sum(case.is_informed for case in hurt)
    rows.append(("told", _shown(told), share(told, len(hurt))))
    return Table(id="in_law", columns=("group", "count", "percent"), rows=tuple(rows))


def risk_matrix(events: Sequence[Case]) -> Table:
    """Assessed events by severity and likelihood."""
    found = Counter(
        (str(int(case.risk.severity)), str(int(case.risk.likelihood)))
        for case in events
        if case.risk is not None
    )
    rows = [str(int(severity)) for severity in reversed(Severity)]
    columns = [str(int(likelihood)) for likelihood in Likelihood]
    grid = _crossed(found, rows, columns)
    table_rows = tuple(
        (row, *(grid[row, column] for column in (*columns, TOTAL))) for row in (*rows, TOTAL)
    )
    names = ("severity", *(f"likelihood_{column}" for column in columns), TOTAL)
    return Table(id="risk_matrix", columns=names, rows=table_rows)


def _crossed(found: Counter[Key], rows: Sequence[str], columns: Sequence[str]) -> Grid:
    counts: dict[Key, int] = {(r, c): found[r, c] for r in rows for c in columns}
    counts |= {(row, TOTAL): sum(found[row, c] for c in columns) for row in rows}
    counts |= {(TOTAL, column): sum(found[r, column] for r in rows) for column in columns}
    counts[TOTAL, TOTAL] = found.total()
    lines = [[(row, column) for column in (*columns, TOTAL)] for row in (*rows, TOTAL)]
    lines += [[(row, column) for row in (*rows, TOTAL)] for column in (*columns, TOTAL)]
    return suppress(counts, lines)


def _by_law(
    table_id: str, events: Sequence[Case], codes: Sequence[str], order: Sequence[str]
) -> Table:
    """Count under each law and once in the total; only the columns add up."""
    counts: Counter[Key] = Counter()
    for case, code in zip(events, codes, strict=True):
        for law in (*(law for law in LAWS if law in case.legal_areas), TOTAL):
            counts[code, law] += 1
            counts[TOTAL, law] += 1
    columns = (*LAWS, TOTAL)
    keys = {(code, law): counts[code, law] for code in (*order, TOTAL) for law in columns}
    grid = suppress(keys, [[(code, law) for code in (*order, TOTAL)] for law in columns])
    rows = tuple((code, *(grid[code, law] for law in columns)) for code in (*order, TOTAL))
    return Table(id=table_id, columns=("group", *columns), rows=rows)


def _is_within_target(case: Case) -> bool:
    return case.closed_at is not None and local_date(case.closed_at) <= case.target_on


def _age(case: Case, today: date) -> str:
    age = today - case.received_on
    return next((code for code, days in AGES if age <= timedelta(days=days)), OLDEST)


def _shown(count: int) -> int | None:
    return suppress({("one", "count"): count}, [])["one", "count"]
