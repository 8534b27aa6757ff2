"""Deadlines from 2024 to 2034: leap years, ends of months, holidays, the nights clocks change."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import swedish_working_days
from handlers.domain.deadline import (
    SEND_FROM,
    SEND_UNTIL,
    STOCKHOLM,
    add_months,
    add_working_days,
    before_working_days,
    local_date,
    may_send,
    next_sending_moment,
    target_on,
)
from handlers.duty_rules import Every, load_duty_rules, period_of

FIRST, LAST = date(2024, 1, 1), date(2034, 12, 31)
works = swedish_working_days()
days = st.dates(FIRST, LAST)
seconds = st.integers(0, int(timedelta(days=4017).total_seconds()))
moments = seconds.map(lambda passed: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=passed))
counts = st.integers(0, 60)


def last_sunday(year: int, month: int) -> date:
    day = date(year, month + 1, 1) - timedelta(days=1)
    return day - timedelta(days=(day.weekday() + 1) % 7)


CLOCK_CHANGES = [last_sunday(year, month) for year in range(2024, 2035) for month in (3, 10)]


@given(days)
def test_one_month_is_the_same_day_next_month_or_its_last(day: date):
    target = target_on(day)
    assert (target.year * 12 + target.month) - (day.year * 12 + day.month) == 1
    ends = (target + timedelta(days=1)).day == 1
    assert target.day == day.day or (ends and target.day < day.day)
    assert 28 <= (target - day).days <= 31


@given(days, days)
def test_who_came_first_is_due_first(one: date, other: date):
    first, second = sorted((one, other))
    assert target_on(first) <= target_on(second)


@pytest.mark.parametrize(
    ("received", "target"),
    [
        ("2024-01-29", "2024-02-29"),
        ("2024-01-31", "2024-02-29"),
        ("2025-01-29", "2025-02-28"),
        ("2028-01-31", "2028-02-29"),
        ("2024-02-29", "2024-03-29"),
        ("2026-03-31", "2026-04-30"),
        ("2026-12-31", "2027-01-31"),
        ("2032-12-15", "2033-01-15"),
    ],
)
def test_ends_of_months_and_leap_days(received: str, target: str):
    assert target_on(date.fromisoformat(received)) == date.fromisoformat(target)


@given(days, st.integers(0, 24))
def test_many_months_are_as_many_single_months_counted_from_the_first_day(day: date, months: int):
    result = add_months(day, months)
    assert (result.year * 12 + result.month) == (day.year * 12 + day.month + months)
    assert result.day == day.day or (result + timedelta(days=1)).day == 1


@given(days, counts)
def test_working_days_are_counted_one_by_one(day: date, count: int):
    result = add_working_days(day, count, works)
    between = [day + timedelta(days=n + 1) for n in range((result - day).days)]
    assert sum(map(works, between)) == count
    assert count == 0 or works(result)


@given(days, counts)
def test_looking_back_over_working_days_finds_the_last_start_that_is_due(day: date, count: int):
    start = before_working_days(day, count, works)
    assert add_working_days(start, count, works) <= day
    assert add_working_days(start + timedelta(days=1), count, works) > day


@given(days)
def test_a_working_day_is_no_weekend_no_red_day_and_no_eve_that_is_free_in_practice(day: date):
    free = day.weekday() >= 5 or (day.month, day.day) in {
        (1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26), (12, 31),
    }  # fmt: skip
    if free:
        assert not works(day)


@pytest.mark.parametrize(
    "day",
    [
        "2024-03-29", "2024-04-01", "2024-05-09", "2024-06-21", "2026-04-03", "2026-06-19",
        "2027-05-06", "2030-04-19", "2034-06-23",
    ],
)  # fmt: skip
def test_moving_holidays_are_known(day: str):
    assert not works(date.fromisoformat(day))


def test_local_closures_are_no_working_days():
    closed = frozenset({date(2026, 5, 15)})
    assert works(date(2026, 5, 15))
    assert not swedish_working_days(closed)(date(2026, 5, 15))


@given(moments)
def test_the_next_sending_moment_is_the_first_allowed_one(moment: datetime):
    found = next_sending_moment(moment, works)
    assert found >= moment
    assert may_send(found, works)
    assert (found == moment) == may_send(moment, works)
    if found != moment:
        assert found.astimezone(STOCKHOLM).time() == SEND_FROM
        between = [moment + timedelta(minutes=30 * n) for n in range(400)]
        assert not any(may_send(one, works) for one in between if one < found)


@given(moments)
def test_nothing_is_ever_sent_outside_eight_to_five_on_working_days(moment: datetime):
    local = moment.astimezone(STOCKHOLM)
    inside = SEND_FROM <= local.time() < SEND_UNTIL and works(local.date())
    assert may_send(moment, works) == inside


@pytest.mark.parametrize("sunday", CLOCK_CHANGES, ids=str)
def test_every_half_hour_of_a_clock_change_night_belongs_to_its_day(sunday: date):
    start = datetime.combine(sunday, time(0), tzinfo=STOCKHOLM).astimezone(UTC)
    end = datetime.combine(sunday + timedelta(days=1), time(0), tzinfo=STOCKHOLM).astimezone(UTC)
    hours = (end - start) / timedelta(hours=1)
    assert hours == (23 if sunday.month == 3 else 25)
    steps = int(hours * 2)
    assert {local_date(start + timedelta(minutes=30 * n)) for n in range(steps)} == {sunday}
    assert local_date(start - timedelta(seconds=1)) == sunday - timedelta(days=1)
    assert local_date(end) == sunday + timedelta(days=1)
    monday = next_sending_moment(start, works).astimezone(STOCKHOLM)
    assert monday.time() == SEND_FROM
    assert works(monday.date())


@given(days)
def test_every_day_lies_in_one_period_of_each_length(day: date):
    for every in Every:
        period = period_of(every, day)
        assert period.first_on <= day
        assert period_of(every, period.first_on) == period
        before = period_of(every, period.first_on - timedelta(days=1))
        assert before.key != period.key


@given(days)
def test_a_duty_is_made_on_a_working_day_and_leaves_time_to_do_it(day: date):
    for rule in load_duty_rules():
        period = rule.period(day)
        made = rule.made_on(period, works)
        assert works(made)
        assert made < rule.due_on(period, works)
        assert made - period.first_on < timedelta(days=14)
