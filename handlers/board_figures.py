"""The figures of the board: made once for each half-year, and the same ever after.

Tables that are made anew from day to day tell small numbers by subtraction, however well each hides
its own: one assessed event more shows how that event was assessed. So the board, which counts
everything and opens nothing, gets a copy, as a printed report would be.
"""

from datetime import date

from handlers.access import Access, cases_for
from handlers.domain.deadline import add_months
from handlers.domain.people import Role
from handlers.municipality import Municipality
from handlers.periods import ended_halves, span_of
from handlers.permissions import Action
from handlers.ports import UnitOfWork
from handlers.records import BoardFigures
from handlers.sketches import Table
from handlers.statistics import all_tables


def board_periods(today: date, municipality: Municipality) -> tuple[str, ...]:
    """Return the half-years whose last events have had their time, newest first.

    A copy made on the first day after would say for ever that those are open.
    """
    return ended_halves(add_months(today, -municipality.target_months))


def board_figures(uow: UnitOfWork, access: Access, period: str) -> BoardFigures:
    """Return the copy of a half-year for somebody who counts everything; the first makes it.

    It is one copy for the whole board, whose members read the same papers, so that a case in which
    any of them is involved is not counted. The caller commits.
    """
    kept = uow.board_figures.find(period)
    span = span_of(period)
    if kept is not None or span is None:
        return kept or BoardFigures(id=period, made_on=access.day, tables=[])
    board = {
        one.person_id
        for one in access.organisation.assignments
        if one.role == Role.BOARD and one.valid.holds(access.day)
    }
    counted = cases_for(uow, access, open_only=False, action=Action.COUNT)
    cases = [
        case
        for case in counted
        if span.holds(case.received_on) and not board & set(case.manager_involved_ids)
    ]
    tables = [
        {"id": one.id, "columns": list(one.columns), "rows": [list(row) for row in one.rows]}
        for one in all_tables(cases, access.day, access.organisation.providers)
    ]
    made = BoardFigures(id=period, made_on=access.day, tables=tables)
    uow.board_figures.add(made)
    return uow.board_figures.find(period) or made  # somebody else may have been faster


def tables_in(kept: BoardFigures) -> tuple[Table, ...]:
    return tuple(
        Table(
            id=one["id"],
            columns=tuple(one["columns"]),
            rows=tuple(tuple(row) for row in one["rows"]),
        )
        for one in kept.tables
    )
