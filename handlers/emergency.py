"""Opening one case in an emergency: an administrator, with a reason, for some hours, and told.

An administrator sees no case otherwise. What is opened stands in the case's history, in the audit
log and in a notice to MAS, at once and always.
"""

from datetime import datetime, timedelta

from handlers import notices
from handlers.access import access_of
from handlers.chairs import organisation_of
from handlers.domain.case import Case
from handlers.domain.deadline import local_date
from handlers.domain.people import Role, laws_of_event
from handlers.domain.text import clean
from handlers.errors import NotAllowed, UserFault
from handlers.municipality import Municipality
from handlers.permissions import Action, Thing
from handlers.ports import UnitOfWork
from handlers.records import AuditEvent, CaseEvent, EmergencyAccess

LASTS = timedelta(hours=4)
SHORTEST_REASON = 15  # characters; "test" is no reason


def open_case(
    uow: UnitOfWork,
    *,
    number: str,
    person_id: str,
    reason: str,
    now: datetime,
    municipality: Municipality,
) -> Case:
    """Let somebody read one case until LASTS has passed.

    A case that does not exist and one that the person is involved in are answered alike.
    """
    access = access_of(uow, municipality, person_id, now)
    if not access.may_with(Action.OPEN, Thing.EMERGENCY):
        raise NotAllowed("emergency")
    given = clean(reason)
    if len(given) < SHORTEST_REASON:
        raise UserFault("fault.reason_too_short")
    case = uow.cases.find_number(number.strip().upper())
    if case is None or person_id in case.manager_involved_ids:
        raise UserFault("fault.no_such_case")
    opened = EmergencyAccess(
        id=municipality.new_id(),
        case_id=case.id,
        person_id=person_id,
        reason=given,
        opened_at=now,
        until_at=now + LASTS,
    )
    _note(uow, opened)
    _tell(uow, case, opened, now, municipality)
    return case


def _note(uow: UnitOfWork, opened: EmergencyAccess) -> None:
    """Keep it, and let it stand in the case's history and in the audit log."""
    who, at, kind = opened.person_id, opened.opened_at, "emergency_opened"
    uow.emergencies.add(opened)
    values = {"access": opened.id}
    uow.cases.add_event(
        CaseEvent(case_id=opened.case_id, at=at, actor_id=who, kind=kind, values=values)
    )
    uow.audit.add(AuditEvent(at=at, actor_id=who, kind=kind, values={"case": opened.case_id}))


def _tell(
    uow: UnitOfWork,
    case: Case,
    opened: EmergencyAccess,
    now: datetime,
    municipality: Municipality,
) -> None:
    """Tell MAS or who stands in; never the one who opened it, nor anybody involved."""
    without = {*case.manager_involved_ids, opened.person_id}
    day = local_date(now)
    organisation = organisation_of(uow, case, day)
    laws = laws_of_event(case.reports_laws, organisation.unit(case.unit_id))
    role = organisation.told_instead(Role.MAS, case.unit_id, laws)
    chain = organisation.alert_chain(role, case.unit_id, day, without=without)
    message = notices.emergency_opened(case, opened.id, chain[0], municipality)
    notices.queue(uow, message, now)
