"""The figures of the board: made once for each half-year, and the same ever after.

Tables that are made anew from day to day tell small numbers by subtraction, however well each hides
its own: one assessed event more shows how that event was assessed. So the board, which counts
everything and opens nothing, gets a copy, as a printed report would be.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from handlers.access import Access, cases_for, counts_all
from handlers.counted import case_of, line_of
from handlers.domain.case import Case
from handlers.domain.deadline import add_months
from handlers.domain.people import Role
from handlers.municipality import Municipality
from handlers.periods import Span, ended_halves, span_of
from handlers.permissions import Action
from handlers.ports import UnitOfWork
from handlers.records import BoardFigures
from handlers.sketches import Table
from handlers.statistics import all_tables, events_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """The board's figures as one reader may know them: nothing tells if a case is left out."""

    made_on: date
    tables: tuple[Table, ...]


def board_periods(today: date, municipality: Municipality) -> tuple[str, ...]:
    """Return the half-years whose last events have had their time, newest first.

    A copy made on the first day after would say for ever that those are open.
    """
    return ended_halves(add_months(today, -municipality.target_months))


def board_figures(uow: UnitOfWork, access: Access, period: str) -> Copy:
    """Return the copy of a half-year for somebody who counts everything; the first makes it.

    It is one copy for the whole board, whose members read the same papers, so that a case in which
    any of them is involved is not counted. Who is involved in a case that it counts, because she
    came to the board later or nobody knew then, reads it without that case. What she has read once
    never changes: a number that falls would tell her of the case. The caller commits.
    """
    span = span_of(period)
    kept = uow.board_figures.find(period)
    if span is None:
        return Copy(made_on=access.day, tables=())
    if kept is None:
        uow.board_figures.add(_made(uow, access, span))
    kept = uow.board_figures.find_locked(period) or _made(uow, access, span)
    if not kept.counted:
        return _of_before(uow, access, kept, span)
    if access.person_id not in kept.left_out:
        left_out = sorted(_ids_in(kept) - _countable(uow, access))
        kept = replace(kept, left_out={**kept.left_out, access.person_id: left_out})
        uow.board_figures.save(kept)
    return _without(kept, kept.left_out[access.person_id])


def board_copy_for(uow: UnitOfWork, access: Access, period: str) -> Copy | None:
    """Return the board's copy, if there is one, of what somebody else may count of it today."""
    kept = uow.board_figures.find(period)
    span = span_of(period)
    if kept is None or span is None:
        return None
    if not kept.counted:
        return _of_before(uow, access, kept, span)
    return _without(kept, _ids_in(kept) - _countable(uow, access))


def _made(uow: UnitOfWork, access: Access, span: Span) -> BoardFigures:
    board = {
        one.person_id
        for one in access.organisation.assignments
        if one.role == Role.BOARD and one.valid.holds(access.day)
    }
    found = cases_for(uow, access, open_only=False, action=Action.COUNT)
    cases = [case for case in found if not board & set(case.manager_involved_ids)]
    inside = {case.id for case in cases if span.holds(case.received_on)}
    lines = [line_of(case) for case in cases if inside & {case.id, case.merged_into_id}]
    providers = access.organisation.providers
    return BoardFigures(
        id=span.key,
        made_on=access.day,
        tables=[
            {"id": one.id, "columns": list(one.columns), "rows": [list(row) for row in one.rows]}
            for one in _tables(cases, span, access.day, providers)
        ],
        counted={"providers": providers, "lines": lines},
        left_out={},
    )


def _without(kept: BoardFigures, left_out: Collection[str]) -> Copy:
    span = span_of(kept.id)
    if not left_out or span is None:
        return Copy(made_on=kept.made_on, tables=_tables_in(kept))
    cases = [case_of(one) for one in _lines_in(kept) if one["id"] not in left_out]
    tables = _tables(cases, span, kept.made_on, kept.counted["providers"])
    return Copy(made_on=kept.made_on, tables=tables)


def _of_before(uow: UnitOfWork, access: Access, kept: BoardFigures, span: Span) -> Copy:
    """Return a copy from before it was kept what it counts: made anew where it may count too much.

    That is for who may not know of some case of the time: nobody can say if the copy counts it.
    """
    if counts_all(uow, access, span):
        return Copy(made_on=kept.made_on, tables=_tables_in(kept))
    cases = cases_for(uow, access, open_only=False, action=Action.COUNT)
    tables = _tables(cases, span, access.day, access.organisation.providers)
    return Copy(made_on=access.day, tables=tables)


def _tables(
    cases: Iterable[Case], span: Span, today: date, providers: Mapping[str, str]
) -> tuple[Table, ...]:
    events = [one for one in events_of(cases) if span.holds(one.received_on)]
    return all_tables(events, today, providers)


def _countable(uow: UnitOfWork, access: Access) -> set[str]:
    return {case.id for case in cases_for(uow, access, open_only=False, action=Action.COUNT)}


def _lines_in(kept: BoardFigures) -> Sequence[Mapping[str, Any]]:
    lines: Sequence[Mapping[str, Any]] = kept.counted["lines"]
    return lines


def _ids_in(kept: BoardFigures) -> set[str]:
    return {one["id"] for one in _lines_in(kept)}


def _tables_in(kept: BoardFigures) -> tuple[Table, ...]:
    return tuple(
        Table(
            id=one["id"],
            columns=tuple(one["columns"]),
            rows=tuple(tuple(row) for row in one["rows"]),
        )
        for one in kept.tables
    )
