"""The alert list as typed data, read from alert_rules.toml."""

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import time, timedelta
from pathlib import Path
from typing import Any

from handlers.domain.deadline import Daytime
from handlers.domain.injury import SOCIAL_LAWS
from handlers.domain.people import Role
from handlers.domain.sign import Sign
from handlers.errors import ConfigurationFault

EVERY_ID = tuple(f"A{number}" for number in range(1, 20))
# What a rule may ask beside its alert, with the answers to choose from, and advise.
ANSWERS: Mapping[str, tuple[str, ...]] = {"police": ("yes", "not_yet", "not_needed")}
ADVICE = frozenset({"device"})
UNANSWERED = "A17"  # how long an alert that no rule has named waits


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRule:
    """Thresholds that a rule has no use for are 0."""

    id: str
    about: str
    on: tuple[str, ...]
    to: tuple[Role, ...]
    escalate_minutes: int
    to_social: tuple[Role, ...] = ()
    urgent: bool = False
    every_time: bool = False  # told of each letter, also while the last alert waits
    enabled: bool = True
    floor: bool = False
    severity: int = 0
    potential: int = 0
    score: int = 0
    count: int = 0
    days: int = 0
    person_count: int = 0  # of cases that are said to be about one person, within `person_days`
    person_days: int = 0
    working_days: int = 0
    asks: str = ""  # a question to those who work in the case
    advises: str = ""  # to the reporter and in the case
    category: str = ""  # whose events get the advice also without an alert
    series: str = ""  # the sign that is counted: `count` cases of a unit within `days`

    @property
    def counts_series(self) -> bool:
        return self.enabled and bool(self.series)

    def receivers(self, laws: Collection[str]) -> tuple[Role, ...]:
        """Return the roles to tell; `laws` are the legal areas of the event, empty if unknown.

        An event under several laws is told to the watchers of each.
        """
        social = any(law in SOCIAL_LAWS for law in laws)
        return tuple(dict.fromkeys((*self.to, *(self.to_social if social else ()))))


@dataclass(frozen=True, slots=True)
class AlertRules:
    """`daytime` and the two spans say when an alert that nobody takes goes on (A17)."""

    rules: Mapping[str, AlertRule]
    daytime: Daytime
    again_urgent: timedelta
    again_other: timedelta

    def __getitem__(self, rule_id: str) -> AlertRule:
        return self.rules[rule_id]

    def active(self, rule_ids: Iterable[str]) -> tuple[AlertRule, ...]:
        found = (self.rules.get(rule_id) for rule_id in rule_ids)
        return tuple(rule for rule in found if rule is not None and rule.enabled)

    def patience(self, rule_ids: Iterable[str], *, urgent: bool) -> timedelta:
        """Return how long the receiver of an alert has before the next is told (A17)."""
        minutes = [rule.escalate_minutes for rule in self.active(rule_ids)]
        if urgent:
            minutes.append(self.rules["A1"].escalate_minutes)
        wait = min((m for m in minutes if m), default=self.rules[UNANSWERED].escalate_minutes)
        return timedelta(minutes=wait)

    def again(self, *, urgent: bool) -> timedelta:
        """Return how long the last of a chain has before being asked once more."""
        return self.again_urgent if urgent else self.again_other


def load_alert_rules(folder: Path | None = None) -> AlertRules:
    """Raise ConfigurationFault with file and rule when the list cannot be used."""
    path = (folder or Path(__file__).parent) / "alert_rules.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationFault(f"{path.name}: kan inte läsas: {error}") from error
    found = [_rule(one, path.name) for one in data.get("rule", ())]
    ids = [rule.id for rule in found]
    if sorted(ids) != sorted(EVERY_ID):
        wrong = sorted(set(EVERY_ID) ^ set(ids)) or sorted({i for i in ids if ids.count(i) > 1})
        raise ConfigurationFault(f"{path.name}: var och en av A1–A19 en gång: {wrong}")
    return _with_hours({rule.id: rule for rule in found}, data.get("unanswered", {}), path.name)


def _with_hours(rules: Mapping[str, AlertRule], data: Mapping[str, Any], file: str) -> AlertRules:
    try:
        first, until = time(data["day_from_hour"]), time(data["day_until_hour"])
        again = [data["again_hours_urgent"], data["again_hours"]]
        urgent, other = (timedelta(hours=hours) for hours in again)
    except KeyError as error:
        raise ConfigurationFault(f"{file}: unanswered: {error.args[0]} saknas") from error
    except (TypeError, ValueError) as error:
        raise ConfigurationFault(f"{file}: unanswered: {error}") from error
    if first >= until or min(again) < 1:
        raise ConfigurationFault(f"{file}: unanswered: dagen slutar efter att den börjar")
    return AlertRules(rules, Daytime(first, until), urgent, other)


def _rule(data: Mapping[str, Any], file: str) -> AlertRule:
    where = f"{file}: rule {data.get('id', '?')}"
    unknown = set(data) - {field.name for field in fields(AlertRule)}
    if unknown:
        raise ConfigurationFault(f"{where}: okänt: {', '.join(sorted(unknown))}")
    try:
        lists = {
            "on": tuple(data["on"]),
            "to": tuple(Role(role) for role in data["to"]),
            "to_social": tuple(Role(role) for role in data.get("to_social", ())),
        }
        rule = AlertRule(**(dict(data) | lists))
    except KeyError as error:
        raise ConfigurationFault(f"{where}: {error.args[0]} saknas") from error
    except (TypeError, ValueError) as error:
        raise ConfigurationFault(f"{where}: {error}") from error
    _check_floor(rule, where)
    _check_series(rule, where)
    if rule.id == "A14" and (min(rule.count, rule.person_count) < 2 or rule.person_days < 1):
        raise ConfigurationFault(f"{where}: count och person_count är minst 2, person_days minst 1")
    if rule.asks not in ("", *ANSWERS) or rule.advises not in ("", *ADVICE):
        known = f"asks är {', '.join(ANSWERS)}, advises är {', '.join(ADVICE)}"
        raise ConfigurationFault(f"{where}: {known}")
    return rule


def _check_series(rule: AlertRule, where: str) -> None:
    if bool(rule.series) != ("series" in rule.on):
        raise ConfigurationFault(f"{where}: series och on hör ihop")
    if not rule.series:
        return
    if rule.series not in set(Sign) or rule.count < 2 or rule.days < 1:
        raise ConfigurationFault(f"{where}: series är {', '.join(Sign)}, med count och days")


def _check_floor(rule: AlertRule, where: str) -> None:
    """Severity 4, and what could have become 4, reach MAS whatever somebody writes here."""
    if rule.id == "A1" and rule.severity != 4:
        raise ConfigurationFault(f"{where}: severity är 4 och går inte att ändra")
    if rule.id == "A1" and not rule.every_time:
        raise ConfigurationFault(f"{where}: every_time är sant och går inte att ändra")
    if rule.id == "A2" and rule.potential != 4:
        raise ConfigurationFault(f"{where}: potential är 4 och går inte att ändra")
    if rule.id in ("A1", "A2") and not (rule.enabled and Role.MAS in rule.to):
        raise ConfigurationFault(f"{where}: når alltid MAS och går inte att stänga av")
