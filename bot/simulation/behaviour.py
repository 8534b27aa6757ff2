"""What depends on how managers behave, as a range: nothing here is measured, and it says so.

The simulated managers are an assumption. How much their habits decide is shown by living the same
cases again with the same luck, where a reminder makes a manager more or less likely to act. This
runs on the ladder's own days but not through the store, so that the whole range costs seconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from handlers.domain.case import Case
from handlers.domain.deadline import IsWorkingDay
from handlers.municipality import Municipality
from handlers.records import DueCase
from handlers.reminder_rules import ReminderRule

MULTIPLIERS = (1.0, 1.5, 2.0, 3.0)
STEPS = 3  # assess, investigate, close
LAST_CALL = timedelta(days=9)  # the rung before the target
ASSUMPTION = (
    "Antagande: på varje arbetsdag tar en chef nästa steg i ett ärende med en chans mellan {low} "
    "och {high}, olika för varje enhet. När ärendet har påmints blir chansen så många gånger "
    "större som raden säger. 1.0 betyder att påminnelser inte hjälper alls. Ingenting av det här "
    "är mätt; det visar hur mycket svaret beror på hur chefer beter sig."
)


@dataclass(frozen=True, slots=True)
class Habits:
    low: float
    high: float
    seed: int

    def chance_of(self, unit_id: str) -> float:
        return Random(f"{self.seed}/{unit_id}").uniform(self.low, self.high)  # noqa: S311


def closed_in_time_by_multiplier(
    cases: Sequence[Case], habits: Habits, municipality: Municipality, today: date
) -> dict[str, Any]:
    """Return the share closed within the target for each effect of a reminder.

    Only cases whose target has passed count; a share of nothing is null.
    """
    due = [case for case in cases if case.target_on < today]
    shares = {
        str(multiplier): _share(due, habits, municipality, multiplier) for multiplier in MULTIPLIERS
    }
    return {
        "closed_within_month_by_effect_of_a_reminder": shares,
        "assumption": ASSUMPTION.format(low=habits.low, high=habits.high),
    }


def _share(
    cases: Sequence[Case], habits: Habits, municipality: Municipality, multiplier: float
) -> float | None:
    if not cases:
        return None
    done = [_in_time(case, habits, municipality, multiplier) for case in cases]
    return round(sum(done) / len(cases), 3)


def _in_time(case: Case, habits: Habits, municipality: Municipality, multiplier: float) -> bool:
    """Live one case from receipt to target; the same case has the same luck every time."""
    works = municipality.is_working_day
    luck = Random(f"{habits.seed}/{case.number}")  # noqa: S311
    chance = habits.chance_of(case.unit_id)
    steps, day, reminded = 0, case.received_on, False
    first_reminder = _first_reminder(case, municipality.reminder_rules, works)
    last = case.target_on if case.reopened_at is None else municipality.target_for(day)
    while day <= last:
        if works(day):
            untouched = steps == 0 and day >= first_reminder
            reminded = reminded or untouched or day >= last - LAST_CALL
            steps += luck.random() < chance * (multiplier if reminded else 1.0)
            if steps == STEPS:
                return True
        day += timedelta(days=1)
    return False


def _first_reminder(case: Case, rules: Sequence[ReminderRule], works: IsWorkingDay) -> date:
    """Return the working day of the first rung for a case that nobody has touched."""
    plain = DueCase(
        case_id=case.id,
        number=case.number,
        unit_id=case.unit_id,
        received_on=case.received_on,
        target_on=case.target_on,
    )
    due = min(rule.due_on(plain, works) for rule in rules if rule.concerns(case))
    while not works(due):
        due += timedelta(days=1)
    return due
