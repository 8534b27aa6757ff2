"""Several events at one unit: counted in a window, told of once, hidden from the involved."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.schedule import sweep
from handlers import alert_chain, alerts, shielding
from handlers.access import told_of
from handlers.alert_rules import AlertRule, load_alert_rules
from handlers.domain.case import Case, CaseKind, CaseStatus
from handlers.errors import NotAllowed
from handlers.records import Alert, Purpose
from handlers.series import new_series
from tests.clock import T0
from tests.lotskoping import DAVID, INGER, MARIA, MONIKA, Lotskoping

MISSED = "Kunden fick inte sin medicin i morse. Dosen låg kvar."
INFECTED = "En boende har magsjuka och kräks."
RULES = load_alert_rules()
MISSED_DOSE = RULES["A7"]
FIRST = date(2026, 3, 2)


def case_on(day: int, number: int, *, unit: str = "here", signs=("missed_dose",)) -> Case:
    received_on = FIRST + timedelta(days=day)
    return Case(
        id=f"case-{number}",
        number=f"AVV-2026-{number:05}",
        kind=CaseKind.DEVIATION,
        status=CaseStatus.RECEIVED,
        category="medication",
        category_source="model",
        unit_id=unit,
        received_at=datetime.combine(received_on, T0.time(), T0.tzinfo),
        received_on=received_on,
        target_on=received_on,
        signs=tuple(signs),
    )


def live(rule: AlertRule, days: Sequence[int]) -> list[date]:
    """Let the cases of some days come in, look every day, and return the days of the alerts."""
    cases = [case_on(day, number) for number, day in enumerate(sorted(days))]
    told: list[tuple[str, date]] = []
    for day in range(max(days, default=0) + 1):
        today = FIRST + timedelta(days=day)
        known = [case for case in cases if case.received_on <= today]
        told += [(series.unit_id, today) for series in new_series(rule, known, told, today)]
    return [day for _, day in told]


@given(st.lists(st.integers(min_value=0, max_value=60), max_size=25))
def test_no_window_with_enough_cases_goes_untold_and_none_is_told_of_twice(days: list[int]):
    rule = MISSED_DOSE
    told = live(rule, days)
    counted = Counter(FIRST + timedelta(days=day) for day in days)
    width = timedelta(days=rule.days)
    for until_on in counted:
        inside = sum(n for day, n in counted.items() if until_on - width <= day <= until_on)
        covered = any(until_on - width <= day <= until_on for day in told)
        if inside >= rule.count:
            assert covered, "a series that nobody was told of"
    for day in told:
        inside = sum(n for one, n in counted.items() if day - width <= one <= day)
        assert inside >= rule.count, "an alert without a series"
    assert all(later - earlier > width for earlier, later in pairwise(told))


@given(
    st.lists(st.tuples(st.integers(0, 30), st.sampled_from(["here", "there"])), max_size=20),
    st.randoms(use_true_random=False),
)
def test_units_do_not_mix_and_the_order_of_the_cases_means_nothing(days, random):
    cases = [case_on(day, number, unit=unit) for number, (day, unit) in enumerate(days)]
    today = FIRST + timedelta(days=31)
    both = {one.unit_id: one.cases for one in new_series(MISSED_DOSE, cases, (), today)}
    random.shuffle(cases)
    again = {one.unit_id: one.cases for one in new_series(MISSED_DOSE, cases, (), today)}
    alone = {
        unit: one.cases
        for unit in ("here", "there")
        for one in new_series(MISSED_DOSE, [c for c in cases if c.unit_id == unit], (), today)
    }
    assert both == again == alone


@pytest.mark.parametrize(("gap", "expected"), [(7, 1), (8, 0)])
def test_the_window_reaches_back_the_days_of_the_rule(gap: int, expected: int):
    assert len(live(replace(RULES["A10"], series="missed_dose"), [0, gap])) == expected


def series_of(lotskoping: Lotskoping) -> list[Alert]:
    with lotskoping.unit_of_work() as uow:
        return [found for found in uow.alerts.all() if found.series_case_ids]


def test_the_third_missed_dose_of_a_unit_tells_mas_once(lotskoping: Lotskoping):
    for _ in range(2):
        lotskoping.report(MISSED)
        sweep(lotskoping.services)
        assert series_of(lotskoping) == []
        lotskoping.clock.now += timedelta(days=2)
    lotskoping.report(MISSED, unit="solrosen")  # another unit's
    last = lotskoping.report(MISSED)
    for _ in range(2):
        sweep(lotskoping.services)
    [found] = series_of(lotskoping)
    assert (found.role, found.rule_ids, found.recipient_id) == ("mas", ("A7",), INGER)
    assert found.case_id == last.id
    assert found.reasons == (
        "3 rapporter om utebliven dos på samma enhet inom 7 dagar. "
        "Rapporterna säger inte om det är samma person.",
    )
    texts = [
        queued.message.text
        for queued in lotskoping.outbox()
        if queued.message.purpose == Purpose.ALERT and queued.message.alert_id == found.id
    ]
    assert texts
    assert all("samma slag" in text and "dos" not in text for text in texts)
    lotskoping.clock.now += timedelta(days=1)
    lotskoping.report(MISSED)
    sweep(lotskoping.services)
    assert len(series_of(lotskoping)) == 1


def test_two_infections_at_a_unit_may_be_an_outbreak(lotskoping: Lotskoping):
    lotskoping.report(INFECTED)
    lotskoping.clock.now += timedelta(days=7)
    lotskoping.report(INFECTED)
    sweep(lotskoping.services)
    [found] = series_of(lotskoping)
    assert found.rule_ids == ("A10",)
    assert "utbrott" in found.reasons[0]


def test_a_series_that_nobody_takes_goes_on_like_every_alert(lotskoping: Lotskoping):
    for _ in range(2):
        lotskoping.report(INFECTED)
    sweep(lotskoping.services)
    lotskoping.clock.now += timedelta(minutes=61)
    sweep(lotskoping.services)
    [found] = series_of(lotskoping)
    assert found.recipient_id == DAVID


def test_a_hidden_case_counts_and_its_manager_learns_nothing_of_it(lotskoping: Lotskoping):
    hidden = lotskoping.report(INFECTED)
    with lotskoping.unit_of_work() as uow:
        shielding.shield(lotskoping.desk(uow, hidden, MONIKA))
        uow.commit()
    seen = lotskoping.report(INFECTED)
    sweep(lotskoping.services)
    [found] = series_of(lotskoping)
    assert found.case_id == hidden.id
    with lotskoping.unit_of_work() as uow:
        assert not alert_chain.may_see(uow, found, MARIA, lotskoping.clock())
        assert alert_chain.may_see(uow, found, INGER, lotskoping.clock())
        with pytest.raises(NotAllowed):
            alerts.acknowledge(uow, found.id, MARIA, lotskoping.clock())
        of_seen = told_of(uow, uow.cases.events(seen.id), MARIA)
    assert "alert_raised" not in {event.kind for event in of_seen}
    told = {queued.message.person_id for queued in lotskoping.outbox()}
    assert INGER in told


def test_whoever_is_involved_in_one_of_the_cases_is_passed_over(lotskoping: Lotskoping):
    for _ in range(2):
        lotskoping.report(INFECTED)
    with lotskoping.unit_of_work() as uow:
        [one, _] = uow.cases.listed(None, open_only=True)
        uow.cases.save(replace(one, manager_involved=True, manager_involved_ids=(INGER,)))
        uow.commit()
    sweep(lotskoping.services)
    [found] = series_of(lotskoping)
    assert found.recipient_id == DAVID


def test_dismissed_and_merged_cases_are_no_events_of_their_own(lotskoping: Lotskoping):
    for status in (CaseStatus.DISMISSED, CaseStatus.MERGED):
        case = lotskoping.report(INFECTED)
        with lotskoping.unit_of_work() as uow:
            uow.cases.save(replace(case, status=status))
            uow.commit()
    lotskoping.report(INFECTED)
    sweep(lotskoping.services)
    assert series_of(lotskoping) == []


def test_working_in_one_case_does_not_take_the_alert_of_them_all(lotskoping: Lotskoping):
    cases = [lotskoping.report(INFECTED) for _ in range(2)]
    sweep(lotskoping.services)
    with lotskoping.unit_of_work() as uow:
        alerts.take_by_working(uow, cases[-1], INGER, lotskoping.clock())
        uow.commit()
    [found] = series_of(lotskoping)
    assert found.acknowledged_at is None
