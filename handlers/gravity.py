"""How grave a case is for the order of a list: what can be said before and after the assessment."""

from enum import IntEnum

from handlers.domain.case import Case
from handlers.domain.event import as_one_event
from handlers.domain.people import Role
from handlers.domain.risk import Severity
from handlers.ports import UnitOfWork

_WATCHERS = frozenset({Role.MAS, Role.SAS, Role.AREA_MANAGER})  # a provider's head among them


class Gravity(IntEnum):
    ORDINARY = 0
    GRAVE = 1
    GRAVEST = 2  # death, severity 4, or an alert at once


def gravity_of(uow: UnitOfWork, case: Case) -> Gravity:
    """Return how grave a case is: by its assessment, else by the alerts that rules have raised.

    What is merged into it counts as its own.

    What only the model suspects is not marked here; its alert stands first anyway (ADR 0006).
    """
    parts = uow.cases.merged_into(case.id)
    raised = (alert for one in (case, *parts) for alert in uow.alerts.of_case(one.id))
    waiting = [one for one in raised if one.role in _WATCHERS and one.rule_ids]
    event = as_one_event(case, parts)
    risk = event.risk
    if risk is not None:
        waiting = [one for one in waiting if one.acknowledged_at is None]
    if any(one.urgent for one in waiting) or (risk and risk.worst == Severity.CATASTROPHIC):
        return Gravity.GRAVEST
    grave = risk is not None and risk.needs_mas_to_close
    return Gravity.GRAVE if grave or waiting or event.must_inform else Gravity.ORDINARY
