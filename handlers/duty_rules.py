"""The recurring duties as typed data, read from duties.toml: which period, who, by when."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from handlers.domain.deadline import IsWorkingDay, add_working_days, last_working_day
from handlers.domain.people import Role
from handlers.errors import ConfigurationFault

_DAYS_OF_WEEK = 7
_MONTHS_OF_HALF = 6


class Every(StrEnum):
    WEEK = "week"
    MONTH = "month"
    HALF_YEAR = "half_year"
    YEAR = "year"


class Scope(StrEnum):
    UNIT = "unit"
    MUNICIPALITY = "municipality"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """`key` names it in the store: 2026-W23, 2026-06, 2026-H1, 2026."""

    key: str
    first_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyRule:
    """Either `due_days` or the fixed `due_month` and `due_day` is set."""

    id: str
    every: Every
    on: int
    due_days: int | None
    due_month: int | None
    due_day: int | None
    scope: Scope
    owners: tuple[Role, ...]
    link: str
    stand_ins: tuple[Role, ...] = ()
    asks_result: bool = False  # what it came to is written down with it
    days_before: int = 0  # working days before the last day that it is told once more; 0: not

    def period(self, day: date) -> Period:
        return period_of(self.every, day)

    def made_on(self, period: Period, is_working_day: IsWorkingDay) -> date:
        """Return the first working day from the period's chosen day."""
        day = period.first_on + timedelta(days=self.on - 1)
        return day if is_working_day(day) else add_working_days(day, 1, is_working_day)

    def due_on(self, period: Period, is_working_day: IsWorkingDay) -> date:
        """Return the last day to do it: a working day, and not after a day that is fixed."""
        if self.due_month is not None and self.due_day is not None:
            fixed = date(period.first_on.year, self.due_month, self.due_day)
            return last_working_day(fixed, is_working_day)
        made = self.made_on(period, is_working_day)
        return add_working_days(made, self.due_days or 0, is_working_day)


def period_of(every: Every, day: date) -> Period:
    """Return the period that a day lies in; weeks are ISO weeks."""
    match every:
        case Every.WEEK:
            year, week, weekday = day.isocalendar()
            first = day - timedelta(days=weekday - 1)
            return Period(key=f"{year}-W{week:02d}", first_on=first)
        case Every.MONTH:
            return Period(key=f"{day.year}-{day.month:02d}", first_on=day.replace(day=1))
        case Every.HALF_YEAR:
            half = 1 if day.month <= _MONTHS_OF_HALF else 2
            first = date(day.year, 1 if half == 1 else _MONTHS_OF_HALF + 1, 1)
            return Period(key=f"{day.year}-H{half}", first_on=first)
        case Every.YEAR:
            return Period(key=str(day.year), first_on=date(day.year, 1, 1))


def load_duty_rules(folder: Path | None = None) -> tuple[DutyRule, ...]:
    path = (folder or Path(__file__).parent) / "duties.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationFault(f"{path.name}: kan inte läsas: {error}") from error
    rules = tuple(_rule(one, path.name) for one in data.get("duty", ()))
    if len({rule.id for rule in rules}) != len(rules):
        raise ConfigurationFault(f"{path.name}: två plikter har samma id")
    return rules


def _rule(data: Mapping[str, Any], file: str) -> DutyRule:
    where = f"{file}: duty {data.get('id', '?')}"
    if ("due_days" in data) == ("due_month" in data and "due_day" in data):
        raise ConfigurationFault(f"{where}: ange due_days, eller due_month och due_day")
    try:
        rule = DutyRule(
            id=data["id"],
            every=Every(data["every"]),
            on=data["on"],
            due_days=data.get("due_days"),
            due_month=data.get("due_month"),
            due_day=data.get("due_day"),
            scope=Scope(data["scope"]),
            owners=tuple(Role(one) for one in data["owners"]),
            link=data["link"],
            stand_ins=tuple(Role(one) for one in data.get("stand_ins", ())),
            asks_result=data.get("asks_result", False),
            days_before=data.get("days_before", 0),
        )
        if rule.due_month is not None and rule.due_day is not None:
            date(2026, rule.due_month, rule.due_day)
    except KeyError as error:
        raise ConfigurationFault(f"{where}: {error.args[0]} saknas") from error
    except ValueError as error:
        raise ConfigurationFault(f"{where}: {error}") from error
    if not 1 <= rule.on <= _DAYS_OF_WEEK or not rule.owners:
        raise ConfigurationFault(f"{where}: on är 1 till 7, och owners har minst en roll")
    days: object = data.get("days_before", 0)
    if not isinstance(days, int) or days < 0:
        raise ConfigurationFault(f"{where}: days_before är ett antal arbetsdagar")
    return rule
