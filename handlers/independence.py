"""Who stands free of an event: the independent investigation of lex Sarah (SoL 27:5).

Nobody is free who leads or works where it happened or where the case has come to, today or on the
day of the report, and nobody who is involved in it or in a report that is merged with it. A private
provider investigates with people of its own (SoL 27:5); its head, over all its units, may do so.
"""

from datetime import date

from handlers.domain.case import Case
from handlers.domain.moves import Machine
from handlers.domain.people import Organisation, Person, Role
from handlers.merged import whole_event
from handlers.ports import UnitOfWork
from handlers.standing_in import is_at_work

_OUTSIDE_CARE = frozenset(
    {Role.BOARD, Role.ADMINISTRATOR, Role.LOG_REVIEWER, Role.REGISTRATOR}
)  # they have no part in what happened, and no knowledge of it either


def fault_of(
    uow: UnitOfWork,
    case: Case,
    person_id: str,
    day: date,
    machine: Machine = Machine.LEX_SARAH,
) -> str:
    """Return the text key of why somebody cannot investigate; empty when nothing speaks against."""
    organisation = uow.organisation
    provider = _provider_of(organisation, case, machine)
    if organisation.person(person_id) is None:
        return "fault.investigator_missing"
    roles = {one.role for one in organisation.assignments_of(person_id, day)}
    if not roles - _OUTSIDE_CARE:
        return "fault.investigator_outside_care"
    if provider and not _is_of(organisation, person_id, provider, day):
        return "fault.investigator_not_theirs"
    if not stands_free(uow, case, person_id, day, of_provider=bool(provider)):
        return "fault.investigator_not_free"
    if not is_at_work(organisation, person_id, day):
        return "fault.investigator_away"
    return ""


def free_people(
    uow: UnitOfWork, case: Case, day: date, machine: Machine = Machine.LEX_SARAH
) -> tuple[Person, ...]:
    """Return everybody whom SAS, or the provider, can ask to investigate."""
    people = uow.organisation.people
    return tuple(one for one in people if not fault_of(uow, case, one.id, day, machine))


def stands_free(
    uow: UnitOfWork, case: Case, person_id: str, day: date, *, of_provider: bool = False
) -> bool:
    event = whole_event(uow, case)
    if any(person_id in one.manager_involved_ids for one in event):
        return False
    units = {unit for one in event for unit in (one.unit_id, *one.origin_unit_ids) if unit}
    days = {day, *(one.received_on for one in event)}
    return not _belongs_to(uow.organisation, person_id, units, days, areas=not of_provider)


def _provider_of(organisation: Organisation, case: Case, machine: Machine) -> str:
    unit = organisation.unit(case.unit_id)
    return unit.provider if unit and machine == Machine.LEX_SARAH_PROVIDER else ""


def _is_of(organisation: Organisation, person_id: str, provider: str, day: date) -> bool:
    """Whether somebody works or has a role with a private provider."""
    places = {
        place for u in organisation.units if u.provider == provider for place in (u.id, u.area_id)
    }
    person = organisation.person(person_id)
    held = {one.scope for one in organisation.assignments_of(person_id, day)}
    return bool(held & places) or (person is not None and person.unit_id in places)


def _belongs_to(
    organisation: Organisation,
    person_id: str,
    unit_ids: set[str],
    days: set[date],
    *,
    areas: bool,
) -> bool:
    """Whether somebody works in one of the units, or has a role in it or, if so, in its area."""
    person = organisation.person(person_id)
    if person is not None and person.unit_id in unit_ids:
        return True
    units = (organisation.unit(one) for one in unit_ids if areas)
    scopes = unit_ids | {unit.area_id for unit in units if unit}
    held = (one for day in days for one in organisation.assignments_of(person_id, day))
    return any(one.scope in scopes for one in held)
