"""In which office somebody acts in a case: what she was told or asked as ends with that office.

A deputy of one week opens nothing in the week after, and takes no alert off whoever has the office.
"""

from datetime import date

from handlers.case_records import Profession, TeamMember
from handlers.chairs import organisation_of_alert
from handlers.domain.deadline import local_date
from handlers.domain.people import FALLBACK, Assignment, Organisation, Role
from handlers.ports import UnitOfWork
from handlers.records import Alert

OUTSIDE_CASES = frozenset({Role.BOARD, Role.ADMINISTRATOR, Role.LOG_REVIEWER})
ROLE_OF = {
    Profession.NURSE: Role.NURSE,
    Profession.OCCUPATIONAL_THERAPIST: Role.OCCUPATIONAL_THERAPIST,
    Profession.PHYSIOTHERAPIST: Role.PHYSIOTHERAPIST,
}
_IN_EVERY_CHAIN = frozenset({Role.MAS, Role.SAS, Role.AREA_MANAGER})


def offices_in_cases(
    organisation: Organisation, person_id: str, day: date
) -> tuple[Assignment, ...]:
    """Return what somebody is, without the offices that only count, run Lotsen or review."""
    held = organisation.assignments_of(person_id, day)
    return tuple(one for one in held if one.role not in OUTSIDE_CASES)


def place_of(uow: UnitOfWork, found: Alert) -> str:
    """Return the unit that an alert is about today: the case's own, which may have been moved."""
    case = uow.cases.find(found.case_id) if found.case_id else None
    return case.unit_id if case else found.unit_id


def is_kept_from_above(uow: UnitOfWork, found: Alert) -> bool:
    """Whether the managers above may not know of an alert yet: it may be about any of them.

    Nobody has looked at the case, or the report is not sent, and what it says is read by nobody.
    """
    case = uow.cases.find(found.case_id) if found.case_id else None
    return case.is_held if case else bool(found.draft_id)


def was_told(found: Alert, person_id: str) -> bool:
    return person_id == found.recipient_id or person_id in found.told_ids


def is_told_as(uow: UnitOfWork, found: Alert, person_id: str, day: date) -> bool:
    """Whether somebody was told, and is today, at work or away, what the alert's chain leads to."""
    if not was_told(found, person_id):
        return False
    organisation = organisation_of_alert(uow, found, day)
    unit = organisation.unit(place_of(uow, found))
    near = {"", unit.id, unit.area_id} if unit else {""}
    leads_to = {*_IN_EVERY_CHAIN, found.role}
    if is_kept_from_above(uow, found):
        leads_to -= {Role.AREA_MANAGER}
    held = offices_in_cases(organisation, person_id, day)
    return person_id == FALLBACK or any(one.role in leads_to and one.scope in near for one in held)


def is_asked_as(organisation: Organisation, member: TeamMember, day: date) -> bool:
    """Whether a member of a team still is what she was when she was asked in.

    Asked as a nurse: a nurse. Asked by name: in one of the roles of that day, wherever.
    """
    held = {one.role for one in offices_in_cases(organisation, member.person_id, day)}
    asked_on = local_date(member.invited_at)
    before = offices_in_cases(organisation, member.person_id, asked_on)
    asked_as = {one.role for one in before} or held  # a first day that was put right since
    profession = ROLE_OF.get(member.profession)
    return bool(held & ({profession} if profession in asked_as else asked_as))
