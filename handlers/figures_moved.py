"""Which figures have moved since a copy of them was made."""

from collections.abc import Iterable
from dataclasses import dataclass

from handlers.sketches import Cell, Table

_CELLS = dict[tuple[str, str, str], Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """`table`, `row` and `column` are codes as in the tables; a hidden number is None."""

    table: str
    row: str
    column: str
    before: Cell
    now: Cell


def moved(copy: Iterable[Table], live: Iterable[Table]) -> tuple[Moved, ...]:
    """Return every cell that is not what it was; a row that a table lacks counted nothing."""
    before, now = _cells(copy), _cells(live)
    return tuple(
        Moved(table=key[0], row=key[1], column=key[2], before=then, now=new)
        for key in dict.fromkeys((*before, *now))
        if (then := _cell(before, key)) != (new := _cell(now, key))
    )


def _cells(tables: Iterable[Table]) -> _CELLS:
    return {
        (table.id, str(row[0]), column): value
        for table in tables
        for row in table.rows
        for column, value in zip(table.columns[1:], row[1:], strict=True)
    }


def _cell(cells: _CELLS, key: tuple[str, str, str]) -> Cell:
    return cells.get(key, None if key[2] == "percent" else 0)
