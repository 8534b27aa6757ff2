"""Hidden numbers, attacked: whoever sees the rest of the tables tries to work them out."""

from datetime import date
from itertools import product

from hypothesis import example, given, settings
from hypothesis import strategies as st

from handlers.domain.case import Case, CaseStatus
from handlers.sketches import TOTAL, laid_out
from handlers.statistics import all_tables, sketches_of
from handlers.suppression import BESIDE, SMALLEST_CELL, Grid, Key, suppress, worked_out
from tests.handlers.test_statistics import a_case, assessed, cases, table

TODAY = date(2026, 6, 30)
HIGHEST = 10  # that the attacker tries


def crossed(numbers: list[list[int]]) -> tuple[dict[Key, int], list[list[Key]]]:
    """Return a table of numbers with its sums along both sides."""
    rows = [f"r{i}" for i in range(len(numbers))]
    columns = [f"c{j}" for j in range(len(numbers[0]))]
    counts: dict[Key, int] = {
        (r, c): numbers[i][j] for i, r in enumerate(rows) for j, c in enumerate(columns)
    }
    counts |= {(r, TOTAL): sum(numbers[i]) for i, r in enumerate(rows)}
    counts |= {(TOTAL, c): sum(row[j] for row in numbers) for j, c in enumerate(columns)}
    counts[TOTAL, TOTAL] = sum(map(sum, numbers))
    lines: list[list[Key]] = [[(r, c) for c in (*columns, TOTAL)] for r in (*rows, TOTAL)]
    lines += [[(r, c) for r in (*rows, TOTAL)] for c in (*columns, TOTAL)]
    return counts, lines


def possible(shown: Grid, lines: list[list[Key]], least: int) -> dict[Key, set[int]]:
    """Try every table of 2 x 2 that agrees with what is shown; return what each cell can be."""
    parts: list[Key] = [("r0", "c0"), ("r0", "c1"), ("r1", "c0"), ("r1", "c1")]
    known = {key: value for key, value in shown.items() if value is not None}
    ranges = [[known[k]] if k in known else range(least, HIGHEST + 1) for k in parts]
    found: dict[Key, set[int]] = {key: set() for key in shown}
    for values in product(*ranges):
        (a, b), (c, d) = values[:2], values[2:]
        whole, _ = crossed([[a, b], [c, d]])
        if all(whole[key] == value for key, value in known.items()):
            for key, value in whole.items():
                found[key].add(value)
    return found


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 9), min_size=2, max_size=2), min_size=2, max_size=2))
def test_who_tries_every_table_finds_more_than_one_value_for_each_small_number(numbers):
    counts, lines = crossed(numbers)
    shown = suppress(counts, lines)
    hidden = [key for key in counts if shown[key] is None]
    least = min([1, *(counts[key] for key in hidden)])
    values = possible(shown, lines, least)
    for key in hidden:
        if 0 < counts[key] < SMALLEST_CELL:
            assert len(values[key]) > 1, (key, numbers, shown)


@settings(deadline=None)
@given(
    st.integers(2, 4).flatmap(
        lambda width: st.lists(
            st.lists(st.integers(0, 12), min_size=width, max_size=width), min_size=2, max_size=4
        )
    )
)
def test_solving_all_sums_together_gives_no_small_number(numbers):
    counts, lines = crossed(numbers)
    shown = suppress(counts, lines)
    assert all(shown[key] in (None, count) for key, count in counts.items())
    known = worked_out(shown, lines)
    assert not [key for key in known if 0 < counts[key] < SMALLEST_CELL]


def test_a_sum_that_leaves_no_room_is_hidden_too():
    counts: dict[Key, int] = {("a",): 1, ("b",): 1, ("c",): 30, (TOTAL,): 32}
    shown = suppress(counts, [list(counts)])
    assert sum(value is None for value in shown.values()) >= 3


def test_the_dismissed_are_not_the_difference_between_two_tables():
    found = [a_case(n) for n in range(40)]
    found += [a_case(100 + n, status=CaseStatus.DISMISSED) for n in range(2)]
    tables = all_tables(found, TODAY)
    totals = {
        table(tables, "inflow")[TOTAL][-1],
        table(tables, "categories")[TOTAL][-1],
        table(tables, "quality")[TOTAL][0],
    }
    assert table(tables, "handling")["dismissed"] == (None, None)
    assert not {40, 42} <= totals


def test_a_total_that_is_hidden_in_one_table_is_hidden_in_all():
    found = [a_case(n, assessments=assessed(1, 1)) for n in range(30)]
    found += [a_case(100 + n) for n in range(3)]
    tables = all_tables(found, TODAY)
    assert table(tables, "quality")["risk"][0] == table(tables, "risk_matrix")[TOTAL][-1]
    assert not {30, 33} <= {
        table(tables, "quality")["risk"][0],
        table(tables, "quality")[TOTAL][0],
        table(tables, "inflow")[TOTAL][-1],
    }


@settings(max_examples=40, deadline=None)
@given(cases)
def test_a_share_and_a_count_never_give_a_total_that_is_hidden(found):
    for one in all_tables(found, TODAY):
        if "percent" not in one.columns:
            continue
        rows = {row[0]: row[1:] for row in one.rows}
        total = rows.get(TOTAL, (0,))[0]
        for name, (count, percent) in rows.items():
            assert percent is None or count is not None, (one.id, name)
            if name not in (TOTAL, "within_target", "very_late"):  # of the due, of the open
                assert percent is None or total is not None, (one.id, name)


ROWS = ("a", "b", "c")
Rows = tuple[tuple[int, int], ...]  # of each row: under one law, and in all
MOST = 6  # that the attacker tries; the numbers are smaller


def under_a_law(rows: Rows) -> tuple[dict[Key, int], list[list[Key]], list[list[Key]]]:
    """Return rows of a part and its whole with their sums, as by_law has them."""
    columns = dict(
        zip((*ROWS, TOTAL), (*rows, tuple(map(sum, zip(*rows, strict=True)))), strict=True)
    )
    counts: dict[Key, int] = {
        (row, name): n for row, pair in columns.items() for name, n in zip("lt", pair, strict=True)
    }
    sums: list[list[Key]] = [[(row, name) for row in columns] for name in "lt"]
    beside: list[list[Key]] = [[(r, "l"), (BESIDE, r), (r, "t")] for r in columns]
    return counts, sums, [*beside, [(BESIDE, row) for row in columns]]


def agreeing(known: dict[Key, int], least: int) -> dict[Key, set[int]]:
    """Try every table that agrees with what is shown; return what each cell can be."""
    found: dict[Key, set[int]] = {}
    pairs = [(part, whole) for whole in range(MOST + 1) for part in range(whole + 1)]
    fitting = [
        [(p, w) for p, w in pairs if known.get((r, "l"), p) == p and known.get((r, "t"), w) == w]
        for r in ROWS
    ]
    for rows in product(*fitting):
        counts, _, _ = under_a_law(rows)
        hidden = {key: n for key, n in counts.items() if key not in known}
        if (
            all(counts[k] == n for k, n in known.items())
            and min(hidden.values(), default=9) >= least
        ):
            for key, n in hidden.items():
                found.setdefault(key, set()).add(n)
    return found


parts = st.tuples(st.integers(0, 4), st.integers(0, 2)).map(lambda one: (one[0], sum(one)))


@settings(max_examples=25, deadline=None)
@given(st.tuples(parts, parts, parts))
@example(((4, 4), (4, 4), (0, 1)))
@example(((3, 3), (0, 1), (2, 2)))
def test_who_knows_that_a_part_is_no_more_than_its_whole_finds_no_small_number(rows):
    counts, sums, beside = under_a_law(rows)
    shown = suppress(counts, sums, beside)
    known = {key: value for key, value in shown.items() if value is not None}
    hidden = [key for key in counts if shown[key] is None]
    values = agreeing(known, min([1, *(counts[key] for key in hidden)]))
    for key in hidden:
        if 0 < counts[key] < SMALLEST_CELL:
            assert len(values[key]) > 1, (key, rows, shown)


def worked_out_of(found: list[Case]) -> list[Key]:
    """Return the small numbers that follow from the yearly tables, whatever is taken for hidden."""
    layout = laid_out(*sketches_of(found, TODAY, {"solrosen": "Omsorgen AB"}))
    shown = suppress(layout.counts, layout.sums, layout.beside)
    known: dict[Key, int] = {}
    for least in (0, 1):
        known |= worked_out(shown, layout.sums, layout.beside, least=least)
    return [key for key in known if 0 < layout.counts[key] < SMALLEST_CELL]


def test_eleven_of_twelve_under_one_law_do_not_tell_when_the_twelfth_came():
    found = [a_case(n, received_on=date(2026, 1 + n % 4, 5)) for n in range(11)]
    found.append(a_case(99, received_on=date(2026, 6, 5), legal_areas=("LSS",)))
    assert worked_out_of(found) == []
    rows = table(all_tables(found, TODAY), "inflow")
    assert not {11, 12} <= set(rows[TOTAL])


@settings(max_examples=15, deadline=None)
@given(cases)
def test_no_small_number_follows_from_the_yearly_tables(found):
    assert worked_out_of(found) == []
