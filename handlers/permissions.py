"""The matrix of rights as typed data, read from permissions.toml: holder x action x object."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from handlers.domain.people import Role
from handlers.errors import ConfigurationFault


class Action(StrEnum):
    LIST = "list"
    COUNT = "count"
    OPEN = "open"
    BE_TOLD = "be_told"  # notices, reminders, digests
    EXPORT = "export"
    WORK = "work"  # answer for the case: receive, classify, put off, merge, dismiss, answer
    INVESTIGATE = "investigate"  # risk, causes, actions, tasks
    COMMENT = "comment"
    MOVE = "move"
    REOPEN = "reopen"
    CLOSE = "close"
    CLOSE_SERIOUS = "close_serious"  # a severe one, or lower it
    SEE_REPORTER = "see_reporter"
    NAME = "name"  # let somebody into a case that an invitation alone does not open
    SHIELD = "shield"  # mark that the manager is involved
    UNSHIELD = "unshield"  # let the unit know of a case that is hidden from it
    EXCUSE = "excuse"  # say that a sender is owed less: that a complaint is none
    EDIT = "edit"
    EDIT_OWN = "edit_own"


class CaseObject(StrEnum):
    """What a case is to the matrix; the first that fits."""

    HELD_OUTSIDE = "held_outside"
    HELD = "held"
    SHIELDED_OUTSIDE = "shielded_outside"
    SHIELDED = "shielded"
    UNROUTED = "unrouted"
    GRAVE_COMPLAINT = "grave_complaint"
    PROVIDER_MISCONDUCT = "provider_misconduct"
    MISCONDUCT = "misconduct"
    COMPLAINT = "complaint"
    HSL = "hsl"
    PROVIDER_SOCIAL = "provider_social"
    PROVIDER_HEALTH = "provider_health"
    SOCIAL = "social"
    COMMON = "common"


class Thing(StrEnum):
    """What is not a case."""

    FIGURES = "figures"
    ORGANISATION = "organisation"
    ACCESS_LOG = "access_log"
    EMERGENCY = "emergency"
    DUTIES = "duties"
    MAILROOM = "mailroom"  # held mail and what could not be delivered


class Relation(StrEnum):
    """What ties a person to one case, or to the log for a while, beside the roles."""

    ALERTED = "alerted"
    INVITED = "invited"
    NAMED = "named"
    INVESTIGATOR = "investigator"
    WATCHER = "watcher"  # MAS or SAS, of what is or has been theirs by its law
    HIDER = "hider"
    LETTER_KEEPER = "letter_keeper"
    EMERGENCY = "emergency"
    LOG_STAND_IN = "log_stand_in"


Holder = Role | Relation
Object = CaseObject | Thing


@dataclass(frozen=True, slots=True)
class Permissions:
    """Not in the mapping is not allowed."""

    granted: Mapping[tuple[Holder, Object], frozenset[Action]]

    def allows(self, holder: Holder, action: Action, about: Object) -> bool:
        return action in self.granted.get((holder, about), frozenset())

    def anywhere(self, holder: Holder, action: Action) -> bool:
        """Whether a holder may do something with some kind of case."""
        return any(self.allows(holder, action, about) for about in CaseObject)


def load_permissions(folder: Path | None = None) -> Permissions:
    path = (folder or Path(__file__).parent) / "permissions.toml"
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ConfigurationFault(f"{path.name}: kan inte läsas: {error}") from error
    groups = data.get("groups", {})
    granted: dict[tuple[Holder, Object], frozenset[Action]] = {}
    kinds: tuple[tuple[str, type[Role] | type[Relation]], ...] = (
        ("roles", Role),
        ("relations", Relation),
    )
    for table, kind in kinds:
        for name, rights in data.get(table, {}).items():
            where = f"{path.name}: {table}.{name}"
            try:
                holder = kind(name)
            except ValueError as error:
                raise ConfigurationFault(f"{where}: okänd") from error
            granted.update(_rights(holder, rights, groups, where))
    return Permissions(granted)


def _rights(
    holder: Holder, rights: Mapping[str, Any], groups: Mapping[str, Any], where: str
) -> dict[tuple[Holder, Object], frozenset[Action]]:
    found: dict[tuple[Holder, Object], frozenset[Action]] = {}
    for name, actions in rights.items():
        about = _object(name, where)
        try:
            found[holder, about] = frozenset(Action(one) for one in _spread(actions, groups))
        except ValueError as error:
            raise ConfigurationFault(f"{where}.{name}: {error}") from error
    return found


def _object(name: str, where: str) -> Object:
    if name in set(CaseObject):
        return CaseObject(name)
    if name in set(Thing):
        return Thing(name)
    raise ConfigurationFault(f"{where}: okänt objekt {name}")


def _spread(actions: Iterable[str], groups: Mapping[str, Any]) -> Iterable[str]:
    for one in actions:
        if one in groups:
            yield from _spread(groups[one], groups)
        else:
            yield one
