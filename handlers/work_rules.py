"""When somebody is reminded of a piece of work, read from reminder_rules.toml."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from handlers.domain.deadline import IsWorkingDay, add_working_days, told_until
from handlers.errors import ConfigurationFault

KINDS = (
    "task", "action", "effect", "comment", "lex_maria", "lex_sarah", "lex_sarah_provider",
    "investigate", "advice",
    "look_at_alert", "name_investigator", "unopened_answer", "dead_code", "dismissal",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRule:
    """Working days: so long before the last day it is told, and so often when that has passed."""

    days_before: int
    again_days: int

    def first_on(self, due_on: date, is_working_day: IsWorkingDay) -> date:
        """Return the first day on which it is told."""
        day, left = due_on, self.days_before
        while left:
            day -= timedelta(days=1)
            left -= is_working_day(day)
        return day

    def is_due(
        self, due_on: date, told_on: date | None, today: date, is_working_day: IsWorkingDay
    ) -> bool:
        first_on = self.first_on(due_on, is_working_day)
        if told_on is None or told_on < first_on or told_on > told_until(today):
            return today >= first_on
        again_on = add_working_days(max(told_on, due_on), self.again_days, is_working_day)
        return today >= again_on


def work_rules(data: Mapping[str, Any], file: str) -> dict[str, WorkRule]:
    """Raise ConfigurationFault unless every kind of work has its days."""
    wrong = sorted(set(KINDS) ^ set(data))
    if wrong:
        raise ConfigurationFault(f"{file}: work: {', '.join(wrong)}")
    try:
        rules = {kind: WorkRule(**days) for kind, days in data.items()}
    except TypeError as error:
        raise ConfigurationFault(f"{file}: work: {error}") from error
    for kind, rule in rules.items():
        if not 0 <= rule.days_before <= 30 or not 1 <= rule.again_days <= 30:
            raise ConfigurationFault(f"{file}: work.{kind}: 0 till 30 dagar före, sedan 1 till 30")
    return rules
