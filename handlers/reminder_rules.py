"""The reminder ladder as typed data, read from reminder_rules.toml."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from handlers.domain.case import FROM_OUTSIDE, Case, CaseKind, CaseStatus
from handlers.domain.deadline import IsWorkingDay, add_working_days, before_working_days
from handlers.domain.people import (
    Organisation,
    Person,
    Role,
    is_providers_own,
    laws_of_event,
    watcher_of,
)
from handlers.errors import ConfigurationFault
from handlers.records import DueCase
from handlers.work_rules import WorkRule, work_rules

# What somebody is told of a case that others are late with: to help, not to do it herself.
OTHERS_DUTIES = frozenset({"escalated", "answer_late", "watch"})
_WHEN = ("after_receipt_days", "after_receipt_working_days", "after_target_days")


class Receiver(StrEnum):
    UNIT = "unit"
    AREA = "area"
    BY_LAW = "by_law"  # SAS for what is of SoL and LSS only, else MAS


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRule:
    """Exactly one of the three day counts is set."""

    id: str
    after_receipt_days: int | None
    after_receipt_working_days: int | None
    after_target_days: int | None
    kinds: frozenset[CaseKind]
    states: frozenset[CaseStatus]
    to: Receiver
    duty: str  # a key of the texts' [duty]
    snooze: bool  # whether a manager may put it off
    promised: bool | None = None  # only while an answer is waited for, or is not; None: both
    repeat_days: int | None = None  # until it comes again; None: once

    def concerns(self, case: Case) -> bool:
        """Whether it is a rung for such a case, whatever its day and state."""
        return case.kind in self.kinds and self.promised in (None, case.awaited_on is not None)

    def again_after(self, today: date) -> date | None:
        """Return the last day of a sending that lies so far back that the rung comes again."""
        return None if self.repeat_days is None else today - timedelta(days=self.repeat_days)

    def received_until(self, today: date, is_working_day: IsWorkingDay) -> date | None:
        """Return the last day of receipt for which the rung has fallen due."""
        if self.after_receipt_days is not None:
            return today - timedelta(days=self.after_receipt_days)
        if self.after_receipt_working_days is not None:
            return before_working_days(today, self.after_receipt_working_days, is_working_day)
        return None

    def target_until(self, today: date) -> date | None:
        days = self.after_target_days
        return None if days is None else today - timedelta(days=days)

    def due_on(self, case: DueCase, is_working_day: IsWorkingDay) -> date:
        """Return the day on which the rung falls due for a case."""
        if self.after_target_days is not None:
            return case.target_on + timedelta(days=self.after_target_days)
        since = case.promised_from if self.promised else case.counts_from
        if self.after_receipt_days is not None:
            return since + timedelta(days=self.after_receipt_days)
        days = self.after_receipt_working_days or 0
        return add_working_days(since, days, is_working_day)

    def receiver(self, organisation: Organisation, case: DueCase, today: date) -> Person:
        """Return the first present person of the chain who may know; there always is one."""
        involved = case.manager_involved_ids
        unit = organisation.unit(case.unit_id)
        laws = laws_of_event(case.reports_laws, unit)
        watcher = watcher_of(laws)
        theirs = is_providers_own(unit, watcher)
        if self.to == Receiver.BY_LAW and not theirs:
            return organisation.alert_chain(watcher, case.unit_id, today, without=involved)[0]
        if case.is_held:
            return organisation.looking_chain(
                case.unit_id, today, involved, from_outside=case.kind in FROM_OUTSIDE
            )[0]
        if case.manager_involved:
            return organisation.shielded_chain(case.unit_id, today, involved)[0]
        if self.to == Receiver.UNIT and unit is None:
            return (*organisation.holders(Role.REGISTRATOR, "", today), organisation.fallback)[0]
        if self.to == Receiver.UNIT:
            return organisation.case_chain(case.unit_id, laws, today)[0]
        area = organisation.holders(Role.AREA_MANAGER, unit.area_id, today) if unit else ()
        above = organisation.watchers(case.unit_id, laws, today)
        return (*area, *above, organisation.fallback)[0]


def load_work_rules(folder: Path | None = None) -> dict[str, WorkRule]:
    path = (folder or Path(__file__).parent) / "reminder_rules.toml"
    return work_rules(_read(path).get("work", {}), path.name)


def load_reminder_rules(folder: Path | None = None) -> tuple[ReminderRule, ...]:
    path = (folder or Path(__file__).parent) / "reminder_rules.toml"
    data = _read(path)
    groups = data.get("groups", {})
    rules = tuple(_rule(one, groups, path.name) for one in data.get("rule", ()))
    if len({rule.id for rule in rules}) != len(rules):
        raise ConfigurationFault(f"{path.name}: två regler har samma id")
    return rules


def _read(path: Path) -> Mapping[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationFault(f"{path.name}: kan inte läsas: {error}") from error


def _rule(data: Mapping[str, Any], groups: Mapping[str, Any], file: str) -> ReminderRule:
    where = f"{file}: rule {data.get('id', '?')}"
    if sum(name in data for name in _WHEN) != 1:
        raise ConfigurationFault(f"{where}: ange precis en av {', '.join(_WHEN)}")
    try:
        return ReminderRule(
            id=data["id"],
            after_receipt_days=data.get("after_receipt_days"),
            after_receipt_working_days=data.get("after_receipt_working_days"),
            after_target_days=data.get("after_target_days"),
            kinds=frozenset(CaseKind(one) for one in _spread(data.get("kinds", CaseKind), groups)),
            states=frozenset(CaseStatus(one) for one in _spread(data["states"], groups)),
            to=Receiver(data["to"]),
            duty=data["duty"],
            snooze=data.get("snooze", False),
            promised=data.get("promised"),
            repeat_days=data.get("repeat_days"),
        )
    except KeyError as error:
        raise ConfigurationFault(f"{where}: {error.args[0]} saknas") from error
    except ValueError as error:
        raise ConfigurationFault(f"{where}: {error}") from error


def _spread(names: Iterable[str], groups: Mapping[str, Any]) -> Iterator[str]:
    for name in names:
        yield from groups.get(name, (name,))
