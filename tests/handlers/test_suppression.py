"""Hidden numbers, attacked: whoever sees the rest of the tables tries to work them out."""

from datetime import date
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.domain.case import CaseStatus
from handlers.statistics import TOTAL, all_tables
from handlers.suppression import SMALLEST_CELL, Grid, Key, suppress, worked_out
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
            if name not in (TOTAL, "within_target"):
                assert percent is None or total is not None, (one.id, name)
