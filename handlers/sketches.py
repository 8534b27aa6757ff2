"""How a table is made: counted first, small numbers hidden over all tables together, then shown.

A sketch names its counts by keys. Two sketches with a key in common show the same number there.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from handlers.domain.case import Case
from handlers.suppression import BESIDE, Grid, Key, share, suppress

LAWS = ("HSL", "SoL", "LSS")
TOTAL = "total"

Between = tuple[Mapping[Key, int], Sequence[Sequence[Key]]]
Cell = str | int | float | None  # None: hidden because it is small, or would tell a small one


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`columns` and the first cell of each row are codes; the texts' [figures] names them."""

    id: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """A table before its small numbers are hidden; also counts that can be worked out from it."""

    counts: dict[Key, int]
    sums: list[list[Key]]
    build: Callable[[Grid], Table]
    beside: tuple[tuple[Key, ...], ...] = ()  # sums with what of a whole is not the part, or 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """All that a reader of several tables can count with."""

    counts: dict[Key, int]
    sums: list[Sequence[Key]]
    beside: list[Sequence[Key]]


def laid_out(sketches: Sequence[Sketch], between: Between) -> Layout:
    """Put tables together; `between` ties them: counts that no table shows, and their sums."""
    counts, sums = dict(between[0]), list(between[1])
    beside: list[Sequence[Key]] = []
    for sketch in sketches:
        counts |= sketch.counts
        sums += sketch.sums
        beside += sketch.beside
    return Layout(counts=counts, sums=sums, beside=beside)


def shown(sketches: Sequence[Sketch], between: Between) -> tuple[Table, ...]:
    """Return tables with small numbers hidden over all of them together."""
    layout = laid_out(sketches, between)
    grid = suppress(layout.counts, layout.sums, layout.beside)
    return tuple(sketch.build(grid) for sketch in sketches)


def percent(grid: Grid, part: Key, whole: Key) -> float | None:
    """Return a share that tells nothing that the two numbers beside it do not."""
    count, among = grid[part], grid[whole]
    return None if count is None or among is None else share(count, among)


def by_law(
    table_id: str,
    events: Sequence[Case],
    codes: Sequence[str],
    order: Sequence[str],
    whole: Key,
    *,
    totals: str = "",
) -> Sketch:
    """Count under each law and once in the total, which is the cell `whole`.

    `totals` names another table of the same events, whose totals under each law are these too.
    """
    found: Counter[tuple[str, str]] = Counter()
    for case, code in zip(events, codes, strict=True):
        for law in (*(law for law in LAWS if law in case.legal_areas), TOTAL):
            found.update(((code, law), (TOTAL, law)))
    columns, lines = (*LAWS, TOTAL), (*order, TOTAL)

    def key(code: str, law: str) -> Key:
        if code == law == TOTAL:
            return whole
        return (totals or table_id if code == TOTAL else table_id, code, law)

    def rest(code: str, law: str) -> Key:
        return (BESIDE, *key(code, TOTAL), law)

    def build(grid: Grid) -> Table:
        rows = tuple((code, *(grid[key(code, law)] for law in columns)) for code in lines)
        return Table(id=table_id, columns=("group", *columns), rows=rows)

    return Sketch(
        counts={key(code, law): found[code, law] for code in lines for law in columns},
        sums=[[key(code, law) for code in lines] for law in columns],
        build=build,
        beside=(
            *((key(c, law), rest(c, law), key(c, TOTAL)) for c in lines for law in LAWS),
            *(tuple(rest(code, law) for code in lines) for law in LAWS),
        ),
    )
