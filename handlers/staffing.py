"""Deputies and absences, changed by people: an administrator for all, everybody for themselves."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from handlers.access import access_of
from handlers.domain.deadline import local_date
from handlers.domain.people import Absence, Assignment, Organisation, Person, Role, Validity
from handlers.errors import NotAllowed, UserFault
from handlers.municipality import Municipality
from handlers.organisation_file import key_of, overlap
from handlers.permissions import Action, Thing
from handlers.ports import UnitOfWork
from handlers.records import AuditEvent

_LONGEST_ABSENCE_DAYS = 366
# Professions, the board and administrators come with the file of the personnel system only.
_WIDE = (Role.MAS, Role.SAS, Role.REGISTRATOR, Role.LOG_REVIEWER)


def may_edit(
    uow: UnitOfWork, editor_id: str, person_id: str, now: datetime, municipality: Municipality
) -> bool:
    """Whether somebody may change a person's absences."""
    access = access_of(uow, municipality, editor_id, now)
    own = editor_id == person_id and access.may_with(Action.EDIT_OWN, Thing.ORGANISATION)
    return own or access.may_with(Action.EDIT, Thing.ORGANISATION)


def add_absence(
    uow: UnitOfWork,
    *,
    editor_id: str,
    person_id: str,
    first_on: date,
    last_on: date,
    now: datetime,
    municipality: Municipality,
) -> Absence:
    """While somebody is away, reminders and alerts go to who stands in."""
    if not may_edit(uow, editor_id, person_id, now, municipality):
        raise NotAllowed(person_id)
    if last_on < first_on or (last_on - first_on).days > _LONGEST_ABSENCE_DAYS:
        raise UserFault("fault.absence_days")
    if last_on < local_date(now):
        raise UserFault("fault.absence_past")
    absence = Absence(person_id=person_id, valid=Validity(first_on=first_on, last_on=last_on))
    uow.staff.add_absence(absence)
    _note(uow, editor_id, "absence_added", now, person=person_id)
    return absence


def end_absence(
    uow: UnitOfWork,
    *,
    editor_id: str,
    person_id: str,
    first_on: date,
    now: datetime,
    municipality: Municipality,
) -> None:
    if not may_edit(uow, editor_id, person_id, now, municipality):
        raise NotAllowed(person_id)
    uow.staff.remove_absence(person_id, first_on)
    _note(uow, editor_id, "absence_removed", now, person=person_id)


def add_deputy(
    uow: UnitOfWork,
    *,
    editor_id: str,
    deputy_id: str,
    role: Role,
    scope: str,
    first_on: date,
    last_on: date | None,
    now: datetime,
    municipality: Municipality,
) -> Assignment:
    """Name a deputy for a role. An administrator never names themselves: it would open cases."""
    _require_administrator(uow, editor_id, now, municipality)
    organisation, today = uow.organisation, local_date(now)
    offered = {(one, where) for one, where, _ in places(organisation, today)}
    if organisation.person(deputy_id) is None or (role, scope) not in offered:
        raise UserFault("fault.deputy_incomplete")
    if deputy_id == editor_id:
        raise UserFault("fault.deputy_oneself")
    if first_on < today:
        raise UserFault("fault.deputy_past")
    if last_on is not None and last_on < first_on:
        raise UserFault("fault.absence_days")
    valid = Validity(first_on=first_on, last_on=last_on)
    one = Assignment(person_id=deputy_id, role=role, scope=scope, deputy=True, valid=valid)
    if any(
        key_of(one) == key_of(other) and overlap(one, other) for other in organisation.assignments
    ):
        raise UserFault("fault.deputy_twice")
    uow.staff.add_assignment(one)
    _note(uow, editor_id, "deputy_added", now, person=deputy_id, role=role.value, scope=scope)
    return one


def end_deputy(
    uow: UnitOfWork,
    *,
    editor_id: str,
    assignment: Assignment,
    at_once: bool,
    now: datetime,
    municipality: Municipality,
) -> None:
    """End a deputy's assignment, with this day or at once; the rest of the history stands.

    At once: yesterday was the last day, and what began today has never been.
    """
    _require_administrator(uow, editor_id, now, municipality)
    if not assignment.deputy:
        raise UserFault("fault.deputy_incomplete")
    last_on = local_date(now) - timedelta(days=1 if at_once else 0)
    if last_on < assignment.valid.first_on:
        uow.staff.remove_assignment(assignment)
    else:
        uow.staff.end_assignment(assignment, replace(assignment.valid, last_on=last_on))
    _note(uow, editor_id, "deputy_ended", now, person=assignment.person_id)


def places(organisation: Organisation, today: date) -> list[tuple[Role, str, str]]:
    """Return what one can be named deputy for: role, scope, and the name of unit or area, if any.

    The page offers these, and no other is taken.
    """
    wide = [(role, "", "") for role in _WIDE]
    areas = [(Role.AREA_MANAGER, area.id, area.name) for area in organisation.areas]
    units = [(Role.UNIT_MANAGER, u.id, u.name) for u in organisation.current_units(today)]
    return [*wide, *areas, *units]


def vacant_days(person: Person, absences: tuple[Absence, ...], today: date) -> tuple[Absence, ...]:
    """Return a person's absences that are not over."""
    mine = (a for a in absences if a.person_id == person.id)
    left = [a for a in mine if a.valid.last_on is None or a.valid.last_on >= today]
    return tuple(sorted(left, key=lambda a: a.valid.first_on))


def _require_administrator(
    uow: UnitOfWork, editor_id: str, now: datetime, municipality: Municipality
) -> None:
    access = access_of(uow, municipality, editor_id, now)
    if not access.may_with(Action.EDIT, Thing.ORGANISATION):
        raise NotAllowed("organisation")


def _note(uow: UnitOfWork, editor_id: str, kind: str, now: datetime, **values: str) -> None:
    uow.audit.add(AuditEvent(at=now, actor_id=editor_id, kind=kind, values=values))
