"""The reminder ladder as typed data, read from reminder_rules.toml."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from handlers.domain.case import CaseStatus
from handlers.domain.people import Organisation, Person, Role
from handlers.errors import ConfigurationFault
from handlers.records import DueCase


class Receiver(StrEnum):
    UNIT = "unit"
    AREA = "area"
    MAS = "mas"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRule:
    """Exactly one of the two day counts is set."""

    id: str
    after_receipt_days: int | None
    after_target_days: int | None
    states: frozenset[CaseStatus]
    to: Receiver
    duty: str  # a key of the texts' [duty]

    def received_until(self, today: date) -> date | None:
        days = self.after_receipt_days
        return None if days is None else today - timedelta(days=days)

    def target_until(self, today: date) -> date | None:
        days = self.after_target_days
        return None if days is None else today - timedelta(days=days)

    def receiver(self, organisation: Organisation, case: DueCase, today: date) -> Person:
        """Return the first present person of the chain who may know; there always is one."""
        involved = case.manager_involved_ids
        if self.to == Receiver.MAS:
            return organisation.alert_chain(Role.MAS, case.unit_id, today, without=involved)[0]
        if case.manager_involved:
            return organisation.shielded_chain(case.unit_id, today, involved)[0]
        unit = organisation.unit(case.unit_id)
        if self.to == Receiver.UNIT:
            return organisation.unit_chain(case.unit_id, today)[0]
        area = organisation.holders(Role.AREA_MANAGER, unit.area_id, today) if unit else ()
        return (*area, organisation.fallback)[0]


def load_reminder_rules(folder: Path | None = None) -> tuple[ReminderRule, ...]:
    path = (folder or Path(__file__).parent) / "reminder_rules.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationFault(f"{path.name}: kan inte läsas: {error}") from error
    rules = tuple(_rule(one, path.name) for one in data.get("rule", ()))
    if len({rule.id for rule in rules}) != len(rules):
        raise ConfigurationFault(f"{path.name}: två regler har samma id")
    return rules


def _rule(data: Mapping[str, Any], file: str) -> ReminderRule:
    where = f"{file}: rule {data.get('id', '?')}"
    if ("after_receipt_days" in data) == ("after_target_days" in data):
        raise ConfigurationFault(f"{where}: ange after_receipt_days eller after_target_days")
    try:
        return ReminderRule(
            id=data["id"],
            after_receipt_days=data.get("after_receipt_days"),
            after_target_days=data.get("after_target_days"),
            states=frozenset(CaseStatus(state) for state in data["states"]),
            to=Receiver(data["to"]),
            duty=data["duty"],
        )
    except KeyError as error:
        raise ConfigurationFault(f"{where}: {error.args[0]} saknas") from error
    except ValueError as error:
        raise ConfigurationFault(f"{where}: {error}") from error
