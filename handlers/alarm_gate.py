"""What an alarm keeps from ending: one rule for closing, for the short way and for dismissal.

Whoever has a case may raise an alarm but never lower one (ADR 0006), so a case with an alert ends
when MAS or SAS has looked at it, and without an investigation by themselves only.
"""

from handlers.chairs import calls_for_watchers
from handlers.desk import Desk, may
from handlers.domain.case import Case
from handlers.domain.people import WATCHING, Role
from handlers.permissions import Action as Right
from handlers.ports import UnitOfWork
from handlers.records import Alert

UNANSWERED = "gate.alert"
BY_MAS_OR_SAS = "gate.alarmed"


def missing_of_alarm(desk: Desk, case: Case, *, investigated: bool) -> tuple[str, ...]:
    """Return the text keys of what MAS or SAS still have to do before this person ends a case."""
    raised = _alerts(desk.uow, case)
    unanswered = any(one.looked_at is None for one in raised)
    looked_at = bool(raised) and investigated
    theirs = bool(raised) or _is_marked(desk.uow, case)
    checks = (
        (UNANSWERED, not unanswered),
        (BY_MAS_OR_SAS, looked_at or not theirs or may(desk, Right.CLOSE_SERIOUS, case)),
    )
    return tuple(key for key, met in checks if not met)


def unanswered_alerts(uow: UnitOfWork, case: Case) -> tuple[Alert, ...]:
    """Return the alerts that MAS or SAS have not looked at, merged reports' included.

    Somebody else who takes one ends the waiting, and leaves the look to them.
    """
    return tuple(one for one in _alerts(uow, case) if one.looked_at is None)


def may_be_serious(uow: UnitOfWork, case: Case) -> bool:
    """Whether MAS or SAS has been alerted of an event, or anything said of it calls for them."""
    return bool(_alerts(uow, case)) or calls_for_watchers(uow, _parts(uow, case))


def cases_waited_for(uow: UnitOfWork) -> frozenset[str]:
    """Return the ids of all cases with such an alert."""
    return frozenset(one.case_id for one in uow.alerts.not_looked_at(WATCHING) if one.case_id)


def _alerts(uow: UnitOfWork, case: Case) -> tuple[Alert, ...]:
    """Return the alerts that somebody has to look at: MAS, SAS, or a provider's own head."""
    unit = uow.organisation.unit(case.unit_id)
    apart = {Role.AREA_MANAGER} if unit is not None and unit.health_apart else set[Role]()
    found = (one for part in _parts(uow, case) for one in uow.alerts.of_case(part.id))
    return tuple(one for one in found if one.role in WATCHING | apart)


def _is_marked(uow: UnitOfWork, case: Case) -> bool:
    parts = _parts(uow, case)
    return any(one.possible_medical_harm or one.possible_misconduct for one in parts)


def _parts(uow: UnitOfWork, case: Case) -> tuple[Case, ...]:
    return (case, *uow.cases.merged_into(case.id))
