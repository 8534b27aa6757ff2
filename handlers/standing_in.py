"""Who stands in for somebody who is away or has left: the same role at the same place."""

from collections.abc import Iterator
from datetime import date

from handlers.case_records import AdviceRequest
from handlers.chairs import organisation_of
from handlers.domain.case import Case
from handlers.domain.people import (
    FALLBACK,
    Assignment,
    Organisation,
    Person,
    Role,
    Unit,
    laws_of_event,
)
from handlers.in_office import OUTSIDE_CASES, offices_in_cases
from handlers.ports import UnitOfWork


def is_at_work(organisation: Organisation, person_id: str, day: date) -> bool:
    """Whether somebody is in an office here that works with cases, and not away."""
    if person_id == FALLBACK:
        return True
    in_office = bool(offices_in_cases(organisation, person_id, day))
    return in_office and not organisation.is_absent(person_id, day)


def people_away(organisation: Organisation, day: date) -> frozenset[str]:
    """Return the ids of everybody whose work somebody else may have to do today.

    Who is away, and who has left an office: what it brought is hers no more, also in another one.
    """
    people = (person.id for person in organisation.people)
    away = (one for one in people if not is_at_work(organisation, one, day))
    return frozenset((*away, *(one.person_id for _, one in _ended(organisation, day))))


def stand_in(organisation: Organisation, case: Case, person_id: str, day: date) -> Person | None:
    """Return who does somebody's work in a case meanwhile; None: nobody holds the same role.

    A hidden case has no stand-ins: SAS names whoever may know of it.
    """
    if case.manager_involved or is_at_work(organisation, person_id, day):
        return None
    unit = organisation.unit(case.unit_id)
    for assignment in _places(organisation, unit, person_id, day):
        for person in _same_role(organisation, assignment, day):
            if person.id != person_id and person.id not in case.manager_involved_ids:
                return person
    return None


def adviser(uow: UnitOfWork, case: Case, question: AdviceRequest, day: date) -> Person:
    """Return who is to answer: who was asked last while at work, else the first who is."""
    organisation = organisation_of(uow, case, day)
    last = organisation.person(question.told_ids[-1]) if question.told_ids else None
    free = last is not None and last.id not in case.manager_involved_ids
    if last is not None and free and is_at_work(organisation, last.id, day):
        return last
    without = case.manager_involved_ids
    laws = laws_of_event(case.reports_laws, organisation.unit(case.unit_id))
    role = organisation.told_instead(Role.MAS, case.unit_id, laws)
    return organisation.alert_chain(role, case.unit_id, day, without=without)[0]


def _places(
    organisation: Organisation, unit: Unit | None, person_id: str, day: date
) -> list[Assignment]:
    """Return what the person is, or was last, beginning with what has to do with the unit."""
    held = offices_in_cases(organisation, person_id, day)
    held = held or _last_held(organisation, person_id, day)
    near = {"", unit.id, unit.area_id} if unit else {""}
    return sorted(held, key=lambda one: (one.scope not in near, one.deputy))


def _last_held(organisation: Organisation, person_id: str, day: date) -> tuple[Assignment, ...]:
    ended = [
        (last_on, one)
        for last_on, one in _ended(organisation, day)
        if one.person_id == person_id and one.role not in OUTSIDE_CASES
    ]
    last = max((last_on for last_on, _ in ended), default=None)
    return tuple(one for last_on, one in ended if last_on == last)


def _ended(organisation: Organisation, day: date) -> Iterator[tuple[date, Assignment]]:
    for one in organisation.assignments:
        if one.valid.last_on is not None and one.valid.last_on < day:
            yield one.valid.last_on, one


def _same_role(organisation: Organisation, held: Assignment, day: date) -> Iterator[Person]:
    """Yield who has the role at the place; a profession is also found in the area, or anywhere."""
    yield from organisation.holders(held.role, held.scope, day)
    if held.role not in _PROFESSIONS:
        return
    unit = organisation.unit(held.scope)
    for scope in dict.fromkeys((unit.area_id if unit else "", "")):
        yield from organisation.holders(held.role, scope, day)


_PROFESSIONS = frozenset({Role.NURSE, Role.OCCUPATIONAL_THERAPIST, Role.PHYSIOTHERAPIST})
