"""Figures: every event once in a total, small numbers hidden for good."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers import sketches
from handlers.domain.case import Case, CaseKind, CaseStatus
from handlers.domain.event import as_one_event
from handlers.domain.injury import Informing, InjuryClass
from handlers.domain.risk import Likelihood, RiskAssessment, Severity
from handlers.sketches import LAWS, TOTAL
from handlers.statistics import all_tables, events_of
from handlers.suppression import SMALLEST_CELL, Key, share, suppress
from tests.clock import T0

TODAY = date(2026, 6, 30)


def a_case(number: int, **changes) -> Case:
    case = Case(
        id=f"c{number}",
        number=f"AVV-2026-{number:05}",
        kind=CaseKind.DEVIATION,
        status=CaseStatus.RECEIVED,
        category="fall",
        category_source="reporter",
        unit_id="bjorkgarden",
        received_at=T0,
        received_on=T0.date(),
        target_on=T0.date() + timedelta(days=30),
        legal_areas=("HSL",),
    )
    return replace(case, **changes)


def assessed(severity: int, likelihood: int) -> tuple[RiskAssessment, ...]:
    return (
        RiskAssessment(
            severity=Severity(severity),
            likelihood=Likelihood(likelihood),
            assessed_by="somebody",
            assessed_at=T0,
        ),
    )


cases = st.lists(
    st.builds(
        a_case,
        st.integers(1, 99_999),
        status=st.sampled_from(CaseStatus),
        category=st.sampled_from(["fall", "medication", "alarm", ""]),
        legal_areas=st.sets(st.sampled_from(LAWS)).map(
            lambda laws: tuple(law for law in LAWS if law in laws)
        ),
        received_on=st.dates(date(2025, 1, 1), TODAY),
        assessments=st.one_of(
            st.just(()), st.builds(assessed, st.integers(1, 4), st.integers(1, 4))
        ),
    ),
    max_size=120,
)


def table(found: tuple[sketches.Table, ...], name: str) -> dict[str, tuple[object, ...]]:
    one = next(table for table in found if table.id == name)
    return {str(row[0]): row[1:] for row in one.rows}


@settings(deadline=None)
@given(cases)
def test_no_small_number_is_shown_in_any_table(found):
    for one in all_tables(found, TODAY):
        for row in one.rows:
            counts = [value for value in row[1:] if isinstance(value, int)]
            assert all(count == 0 or count >= SMALLEST_CELL for count in counts), (one.id, row)


@given(st.lists(st.lists(st.integers(0, 12), min_size=3, max_size=3), min_size=2, max_size=4))
def test_a_hidden_number_cannot_be_found_by_subtraction(numbers):
    rows = [f"r{i}" for i in range(len(numbers))]
    columns = ["a", "b", "c"]
    counts: dict[Key, int] = {
        (r, c): numbers[i][j] for i, r in enumerate(rows) for j, c in enumerate(columns)
    }
    counts |= {(r, TOTAL): sum(numbers[i]) for i, r in enumerate(rows)}
    counts |= {(TOTAL, c): sum(row[j] for row in numbers) for j, c in enumerate(columns)}
    counts[TOTAL, TOTAL] = sum(map(sum, numbers))
    lines: list[list[Key]] = [[(r, c) for c in (*columns, TOTAL)] for r in (*rows, TOTAL)]
    lines += [[(r, c) for r in (*rows, TOTAL)] for c in (*columns, TOTAL)]
    shown = suppress(counts, lines)
    for key, count in counts.items():
        assert shown[key] in (None, count)
        assert shown[key] is None or count == 0 or count >= SMALLEST_CELL
    for line in lines:
        assert sum(shown[key] is None for key in line) != 1


@given(st.integers(0, 500), st.integers(0, 500))
def test_a_share_never_tells_of_fewer_than_five(part, rest):
    found = share(part, part + rest)
    small = 0 < part < SMALLEST_CELL or 0 < rest < SMALLEST_CELL
    assert (found is None) == (small or part + rest == 0)


def test_an_event_of_two_laws_is_counted_in_both_and_once_in_the_total():
    found = [a_case(n, legal_areas=("HSL", "SoL")) for n in range(10)]
    rows = table(all_tables(found, TODAY), "categories")
    assert rows["fall"] == (10, 10, 0, 10)
    assert rows[TOTAL] == (10, 10, 0, 10)


def test_a_merged_report_is_not_an_event():
    found = [a_case(n) for n in range(10)]
    found += [a_case(99, status=CaseStatus.MERGED, merged_into_id="c1")]
    assert table(all_tables(found, TODAY), "inflow")[TOTAL][-1] == 10


def test_a_merged_report_brings_its_law_injury_and_risk_into_the_event():
    light = [a_case(n, legal_areas=("SoL",), assessments=assessed(1, 1)) for n in range(6)]
    grave = [
        a_case(
            10 + n,
            status=CaseStatus.MERGED,
            merged_into_id=f"c{n}",
            received_on=T0.date() - timedelta(days=40),
            assessments=assessed(3, 2),
            injury=InjuryClass.SERIOUS_INJURY,
        )
        for n in range(6)
    ]
    # As the pages do: the reports of an event are found before any of them is left out by its day.
    events = [one for one in events_of([*grave, *light]) if one.received_on == T0.date()]
    found = all_tables(events, TODAY)
    assert table(found, "inflow")[TOTAL] == (6, 6, 0, 6)
    assert table(found, "in_law")["injury.serious_injury"][0] == 6
    assert table(found, "risk_matrix")["3"][-1] == 6


def test_a_person_counts_as_told_when_every_grave_report_says_so():
    done = Informing(impossible="Personen har avlidit utan anhöriga")
    light, injured = a_case(1), a_case(2, injury=InjuryClass.SERIOUS_INJURY)
    told = replace(injured, informing=done)
    assert not as_one_event(light, [injured]).is_informed
    assert as_one_event(light, [told]).is_informed
    assert not as_one_event(light, [told, injured]).is_informed
    assert as_one_event(replace(light, informing=done), [injured]).is_informed


def test_the_matrix_has_all_sixteen_cells():
    found = [
        a_case(n, assessments=assessed(severity, likelihood))
        for severity in range(1, 5)
        for likelihood in range(1, 5)
        for n in range(6)
    ]
    rows = table(all_tables(found, TODAY), "risk_matrix")
    assert rows["4"] == (6, 6, 6, 6, 24)
    assert rows[TOTAL] == (24, 24, 24, 24, 96)


def test_closing_in_time_is_counted_of_those_whose_day_has_passed():
    past = T0.date() - timedelta(days=1)
    found = [
        a_case(n, status=CaseStatus.CLOSED, closed_at=T0 - timedelta(days=3), target_on=past)
        for n in range(15)
    ]
    found += [a_case(100 + n, target_on=past) for n in range(5)]
    found += [a_case(200 + n, target_on=TODAY) for n in range(7)]
    rows = table(all_tables(found, TODAY), "handling")
    assert rows["within_target"] == (15, 75.0)
    assert rows["open"][0] == 12


def test_ages_are_told_from_the_day_of_receipt():
    found = [a_case(n, received_on=TODAY - timedelta(days=400)) for n in range(6)]
    assert table(all_tables(found, TODAY), "ageing")["older"] == (6,)


def test_every_kind_is_counted_once_with_its_laws():
    found = [a_case(n) for n in range(20)]
    found += [a_case(100 + n, kind=CaseKind.COMPLAINT, legal_areas=("SoL",)) for n in range(8)]
    found += [a_case(200 + n, kind=CaseKind.PRAISE, legal_areas=()) for n in range(6)]
    rows = table(all_tables(found, TODAY), "kinds")
    assert rows["deviation"] == (20, 0, 0, 20)
    assert rows["complaint"] == (0, 8, 0, 8)
    assert rows["praise"] == (0, 0, 0, 6)
    assert rows[TOTAL] == (20, 8, 0, 34)
    assert list(rows) == ["deviation", "complaint", "praise", TOTAL]


def test_a_kind_that_is_small_is_hidden_and_not_the_rest_of_another_table():
    found = [a_case(n, kind=CaseKind.RISK) for n in range(20)]
    found += [a_case(100 + n, kind=CaseKind.PRAISE) for n in range(2)]
    tables = all_tables(found, TODAY)
    rows = table(tables, "kinds")
    assert rows["praise"][-1] is None
    assert table(tables, "inflow")[TOTAL] == rows[TOTAL]
    shown = {rows["risk"][-1], rows[TOTAL][-1], table(tables, "quality")[TOTAL][0]}
    assert not {20, 22} <= shown


def test_whoever_runs_a_unit_is_counted_apart():
    found = [a_case(n) for n in range(20)]
    found += [a_case(100 + n, unit_id="solrosen", legal_areas=("SoL",)) for n in range(7)]
    rows = table(all_tables(found, TODAY, {"solrosen": "Omsorgen AB"}), "operators")
    assert rows == {
        "own": (20, 0, 0, 20),
        "Omsorgen AB": (0, 7, 0, 7),
        TOTAL: (20, 7, 0, 27),
    }
    assert "operators" not in {one.id for one in all_tables(found, TODAY)}
