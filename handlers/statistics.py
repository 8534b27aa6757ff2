"""The tables of the yearly reports, made of cases: each event once in every total.

An event that concerns several laws is counted under each of them and once in the total, so the
columns of laws do not add up to it; a merged report is not an event of its own, but its law, injury
and risk are the event's. Small numbers are hidden over all tables together, because one table's sum
is another's, or its rest.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta

from handlers.domain.case import Case, CaseKind, CaseStatus
from handlers.domain.event import as_one_event
from handlers.domain.injury import InjuryClass, MisconductDegree
from handlers.domain.risk import Likelihood, Severity
from handlers.domain.rounds import in_time, is_ripe
from handlers.sketches import LAWS, TOTAL, Between, Cell, Sketch, Table, by_law, percent, shown
from handlers.suppression import Grid, Key

AGES = (("month_1", 31), ("months_2", 62), ("months_3", 92), ("months_6", 183), ("year", 366))
OLDEST = "older"
_VERY_LATE = timedelta(days=30)  # the last rung of the ladder
NO_EVENTS = (CaseStatus.MERGED, CaseStatus.HANDED_ON)

# Cells that several tables show.
EVENTS: Key = ("events",)
OPEN: Key = ("open",)
ASSESSED: Key = ("assessed",)
DISMISSED: Key = ("handling", "dismissed")

OWN = "own"  # what the municipality runs itself; every other operator goes by its name


def events_of(cases: Iterable[Case]) -> list[Case]:
    """Return the events of care: with what their merged reports say, nothing of the staff's own.

    Asked before anything is left out by its day: a report of the same event may have another.
    """
    found = list(cases)
    parts: dict[str, list[Case]] = defaultdict(list)
    for case in found:
        if case.status == CaseStatus.MERGED:
            parts[case.merged_into_id].append(case)
    return [
        as_one_event(case, parts.get(case.id, ())) for case in found if case.status not in NO_EVENTS
    ]


def all_tables(
    cases: Iterable[Case], today: date, providers: Mapping[str, str] | None = None
) -> tuple[Table, ...]:
    """Return every table; `providers` has the units that others run, with the operator's name."""
    return shown(*sketches_of(cases, today, providers))


def sketches_of(
    cases: Iterable[Case], today: date, providers: Mapping[str, str] | None = None
) -> tuple[tuple[Sketch, ...], Between]:
    """Return every table before small numbers are hidden, and what ties them together."""
    events = events_of(cases)
    sketches = (
        _inflow(events),
        _kinds(events),
        *([_operators(events, providers)] if providers else ()),
        _handling(events, today),
        _quality(events),
        _ageing(events, today),
        _in_law(events),
        _risk_matrix(events),
        _categories(events),
    )
    return sketches, _between(events)


def _between(events: Sequence[Case]) -> Between:
    """Return what one table's total less another's tells: the dismissed, in all and by law."""
    counts: dict[Key, int] = {}
    sums: list[list[Key]] = [[("categories", TOTAL, TOTAL), DISMISSED, EVENTS]]
    gone = [case for case in events if case.status == CaseStatus.DISMISSED]
    for law in LAWS:
        counts["dismissed", law] = sum(law in case.legal_areas for case in gone)
        sums.append([("categories", TOTAL, law), ("dismissed", law), ("inflow", TOTAL, law)])
    return counts, sums


def _inflow(events: Sequence[Case]) -> Sketch:
    """Events by month of receipt and law."""
    months = [case.received_on.strftime("%Y-%m") for case in events]
    return by_law("inflow", events, months, sorted(set(months)), EVENTS)


def _kinds(events: Sequence[Case]) -> Sketch:
    """Events by kind and law: deviations, risks, complaints, views, praise, from authorities."""
    codes = [str(case.kind) for case in events]
    order = [str(kind) for kind in CaseKind if kind in codes]
    return by_law("kinds", events, codes, order, EVENTS, totals="inflow")


def _operators(events: Sequence[Case], providers: Mapping[str, str]) -> Sketch:
    """Events by who runs the unit and law: the municipality itself first, then by name."""
    codes = [providers.get(case.unit_id, OWN) for case in events]
    order = [OWN, *sorted(set(providers.values()))]
    return by_law("operators", events, codes, order, EVENTS, totals="inflow")


def _categories(events: Sequence[Case]) -> Sketch:
    """Events by category and law, the most common first; dismissed ones are no events."""
    real = [case for case in events if case.status != CaseStatus.DISMISSED]
    codes = [case.category or "unknown" for case in real]
    common = sorted(set(codes), key=lambda code: (-codes.count(code), code))
    return by_law("categories", real, codes, common, ("categories", TOTAL, TOTAL))


def _handling(events: Sequence[Case], today: date) -> Sketch:
    """What has become of the events; `within_target` of those whose target day has passed.

    `very_late` are those still open a month after it, which the board is to know of.
    """
    closed = [case for case in events if case.status == CaseStatus.CLOSED]
    short = sum(bool(case.closed_without_investigation_reason) for case in closed)
    ripe = [case for case in events if is_ripe(case, today)]
    kept = sum(in_time(case) for case in ripe)
    very_late = sum(case.is_open and today - case.target_on > _VERY_LATE for case in events)
    within, late, due = (("handling", code) for code in ("within_target", "late", "due"))
    stale, fresh = (("handling", code) for code in ("very_late", "not_very_late"))
    states = {
        ("handling", "with_investigation"): len(closed) - short,
        ("handling", "without_investigation"): short,
        DISMISSED: sum(case.status == CaseStatus.DISMISSED for case in events),
        OPEN: sum(case.is_open for case in events),
    }

    def build(grid: Grid) -> Table:
        rows: list[tuple[Cell, ...]] = [
            (key[-1], grid[key], percent(grid, key, EVENTS)) for key in states
        ]
        rows.append((TOTAL, grid[EVENTS], 100.0 if grid[EVENTS] else None))
        rows.append(("within_target", grid[within], percent(grid, within, due)))
        rows.append(("very_late", grid[stale], percent(grid, stale, OPEN)))
        return Table(id="handling", columns=("state", "count", "percent"), rows=tuple(rows))

    counts: dict[Key, int] = {within: kept, late: len(ripe) - kept, due: len(ripe)}
    counts |= states | {EVENTS: len(events)}
    counts |= {stale: very_late, fresh: counts[OPEN] - very_late}
    sums: list[list[Key]] = [[*states, EVENTS], [within, late, due], [stale, fresh, OPEN]]
    return Sketch(counts=counts, sums=sums, build=build)


def _quality(events: Sequence[Case]) -> Sketch:
    """How many of all events have each part of a good handling."""
    checks: tuple[tuple[str, Callable[[Case], object]], ...] = (
        ("acknowledged", lambda case: case.status != CaseStatus.RECEIVED),
        ("risk", lambda case: case.risk is not None),
        ("cause", lambda case: case.causes),
        ("action", lambda case: case.actions or case.no_action_reason),
        ("effect", lambda case: any(action.helped for action in case.actions)),
        ("feedback", lambda case: case.feedback),
    )
    keys: dict[str, Key] = {code: ("quality", code) for code, _ in checks} | {"risk": ASSESSED}
    counts: dict[Key, int] = {EVENTS: len(events)}
    sums: list[list[Key]] = []
    for code, check in checks:
        rest: Key = ("quality", "not", code)
        counts[keys[code]] = sum(bool(check(case)) for case in events)
        counts[rest] = len(events) - counts[keys[code]]
        sums.append([keys[code], rest, EVENTS])

    def build(grid: Grid) -> Table:
        rows: list[tuple[Cell, ...]] = [
            (code, grid[key], percent(grid, key, EVENTS)) for code, key in keys.items()
        ]
        rows.append((TOTAL, grid[EVENTS], None))
        return Table(id="quality", columns=("part", "count", "percent"), rows=tuple(rows))

    return Sketch(counts=counts, sums=sums, build=build)


def _ageing(events: Sequence[Case], today: date) -> Sketch:
    """Open events by their age."""
    ages = Counter(_age(case, today) for case in events if case.is_open)
    keys: dict[str, Key] = {code: ("ageing", code) for code, _ in AGES}
    keys[OLDEST] = ("ageing", OLDEST)
    counts = {key: ages[code] for code, key in keys.items()} | {OPEN: ages.total()}

    def build(grid: Grid) -> Table:
        rows = tuple((code, grid[key]) for code, key in (*keys.items(), (TOTAL, OPEN)))
        return Table(id="ageing", columns=("age", "count"), rows=rows)

    return Sketch(counts=counts, sums=[[*keys.values(), OPEN]], build=build)


def _in_law(events: Sequence[Case]) -> Sketch:
    """Events by how grave they are in the words of the law, and those told to who was hurt."""
    found = Counter(f"injury.{case.injury}" for case in events if case.injury is not None)
    found += Counter(f"misconduct.{c.misconduct}" for c in events if c.misconduct is not None)
    hurt = [case for case in events if case.must_inform]
    told, untold, all_hurt = (("in_law", code) for code in ("told", "untold", "hurt"))
    grave: list[Key] = [("in_law", f"injury.{kind}") for kind in InjuryClass if kind.must_be_told]
    counts: dict[Key, int] = {told: sum(case.is_informed for case in hurt), all_hurt: len(hurt)}
    counts[untold] = len(hurt) - counts[told]
    sums: list[list[Key]] = [[told, untold, all_hurt], [*grave, all_hurt]]
    wholes: dict[Key, Key] = {}
    for name, kinds in (("injury", InjuryClass), ("misconduct", MisconductDegree)):
        whole: Key = ("in_law", name)
        keys: list[Key] = [("in_law", f"{name}.{kind}") for kind in kinds]
        counts |= {key: found[key[1]] for key in keys}
        counts[whole] = sum(counts[key] for key in keys)
        sums.append([*keys, whole])
        wholes |= dict.fromkeys(keys, whole)

    def build(grid: Grid) -> Table:
        rows = [(key[1], grid[key], percent(grid, key, whole)) for key, whole in wholes.items()]
        rows.append(("told", grid[told], percent(grid, told, all_hurt)))
        return Table(id="in_law", columns=("group", "count", "percent"), rows=tuple(rows))

    return Sketch(counts=counts, sums=sums, build=build)


def _risk_matrix(events: Sequence[Case]) -> Sketch:
    """Assessed events by severity and likelihood."""
    found = Counter(
        (str(int(case.risk.severity)), str(int(case.risk.likelihood)))
        for case in events
        if case.risk is not None
    )
    rows = [str(int(severity)) for severity in reversed(Severity)]
    columns = [str(int(likelihood)) for likelihood in Likelihood]

    def key(row: str, column: str) -> Key:
        return ASSESSED if row == column == TOTAL else ("matrix", row, column)

    counts = {key(r, c): found[r, c] for r in rows for c in columns}
    counts |= {key(row, TOTAL): sum(found[row, c] for c in columns) for row in rows}
    counts |= {key(TOTAL, column): sum(found[r, column] for r in rows) for column in columns}
    counts[ASSESSED] = found.total()
    sums = [[key(row, column) for column in (*columns, TOTAL)] for row in (*rows, TOTAL)]
    sums += [[key(row, column) for row in (*rows, TOTAL)] for column in (*columns, TOTAL)]

    def build(grid: Grid) -> Table:
        names = ("severity", *(f"likelihood_{column}" for column in columns), TOTAL)
        cells = tuple(
            (row, *(grid[key(row, c)] for c in (*columns, TOTAL))) for row in (*rows, TOTAL)
        )
        return Table(id="risk_matrix", columns=names, rows=cells)

    return Sketch(counts=counts, sums=sums, build=build)


def _age(case: Case, today: date) -> str:
    age = today - (case.known_on or case.received_on)
    return next((code for code, days in AGES if age <= timedelta(days=days)), OLDEST)
