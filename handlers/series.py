"""Several events that each weigh little and together much: alert rules with a `series`.

The rule asks for the same person. No report says who it is about, so the unit is what is counted,
and the reason says so. Dismissed cases and further reports of a merged event do not count; hidden
ones do, and whoever is involved in one of them is not told. Days are those of receipt.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from handlers import alerts
from handlers.alert_rules import AlertRule
from handlers.domain.case import Case
from handlers.domain.deadline import STOCKHOLM, local_date
from handlers.municipality import Municipality
from handlers.ports import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Enough cases of one sign at one unit within the days of the rule, up to `until_on`."""

    rule: AlertRule
    unit_id: str
    cases: tuple[Case, ...]  # oldest first
    until_on: date

    @property
    def anchor(self) -> Case:
        """The case whose page shows the alert: a hidden one before any that its manager sees."""
        hidden = [case for case in self.cases if case.manager_involved_ids]
        return (hidden or self.cases)[-1]


def queue_due_series(uow: UnitOfWork, now: datetime, municipality: Municipality) -> int:
    """Alert of every series that nobody has been told of; return how many alerts were raised.

    A series is told of once: while it lasts, and for the days of its rule after the alert, further
    cases belong to it. What still goes on after that is told again.
    """
    rules = [rule for rule in municipality.alert_rules.rules.values() if rule.counts_series]
    if not rules:
        return 0
    today, longest = local_date(now), max(rule.days for rule in rules)
    since = today - timedelta(days=2 * longest)
    cases = uow.cases.with_signs(since)
    told = uow.alerts.of_series(datetime.combine(since, time.min, STOCKHOLM))
    raised = 0
    for rule in rules:
        days = [
            (found.unit_id, local_date(found.raised_at))
            for found in told
            if rule.id in found.rule_ids and local_date(found.raised_at) <= today
        ]
        for series in new_series(rule, cases, days, today):
            raised += _tell(uow, series, now, municipality)
    return raised


def new_series(
    rule: AlertRule, cases: Iterable[Case], told: Collection[tuple[str, date]], today: date
) -> Iterator[Series]:
    """Return the first series of each unit that no alert covers.

    `told` are the units and days of alerts by the same rule. An alert covers every window that
    reaches back to its day or further.
    """
    counted = sorted(
        (case for case in cases if rule.series in case.signs and case.received_on <= today),
        key=lambda case: (case.unit_id, case.received_at, case.number),
    )
    for unit_id, group in groupby(counted, key=lambda case: case.unit_id):
        days = [day for unit, day in told if unit == unit_id]
        series = _first_uncovered(rule, unit_id, tuple(group), days)
        if series is not None:
            yield series


def _first_uncovered(
    rule: AlertRule, unit_id: str, cases: Sequence[Case], told_on: Collection[date]
) -> Series | None:
    for until_on in sorted({case.received_on for case in cases}):
        first_on = until_on - timedelta(days=rule.days)
        window = tuple(case for case in cases if first_on <= case.received_on <= until_on)
        if len(window) >= rule.count and not any(day >= first_on for day in told_on):
            return Series(rule=rule, unit_id=unit_id, cases=window, until_on=until_on)
    return None


def _tell(uow: UnitOfWork, series: Series, now: datetime, municipality: Municipality) -> int:
    rule = series.rule
    reason = municipality.catalogue.get(
        f"alarm.series_{rule.series}", "sv", count=len(series.cases), days=rule.days
    )
    return sum(
        alerts.raise_for_series(
            uow, series.cases, series.anchor, role, rule, reason, now, municipality
        )
        for role in rule.receivers(())
    )
