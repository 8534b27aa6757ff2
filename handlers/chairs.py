"""Where the chair of MAS or SAS gives its holder nothing: in what is grave at a unit of her own.

In a small municipality the deputy SAS is a manager too. In a case that is hidden, may be
misconduct, or that MAS or SAS is alerted of, she would be her own second pair of eyes. So her chair
rests there, also when she holds it herself and is nobody's deputy: what it brings goes to the next
who holds it, then to the other chair, then to the fallback address. As a manager she may what
managers may. A registrator's chair rests in the same way: it lets held letters loose, and knows who
has complained.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date

from handlers.domain.case import Case
from handlers.domain.deadline import local_date
from handlers.domain.injury import MisconductDegree
from handlers.domain.people import MANAGING, WATCHING, Organisation, Person, Role
from handlers.merged import whole_event
from handlers.ports import UnitOfWork
from handlers.records import Alert

Chairs = frozenset[Role]
CHAIRS: tuple[Chairs, ...] = (WATCHING, frozenset({Role.REGISTRATOR}))


def organisation_of(uow: UnitOfWork, case: Case | None, day: date) -> Organisation:
    """Return the organisation as it is for one case: without the chairs that rest in it."""
    organisation = uow.organisation
    if case is None:
        return organisation
    for chairs in CHAIRS:
        organisation = _without_chairs(organisation, resting_in(uow, case, day, chairs), chairs)
    return organisation


def organisation_of_due(uow: UnitOfWork, case_id: str, day: date) -> Organisation:
    """Return the same for a case that is not read yet; most organisations need not read it."""
    if not any(_with_two_chairs(uow.organisation, day, chairs) for chairs in CHAIRS):
        return uow.organisation
    return organisation_of(uow, uow.cases.find(case_id), day)


def organisation_of_alert(uow: UnitOfWork, found: Alert, day: date) -> Organisation:
    """Return the organisation as it is for an alert, of a case or of a report that is not sent."""
    return _without_chairs(uow.organisation, resting_for(uow, found, day))


def organisation_of_track(uow: UnitOfWork, case: Case, day: date) -> Organisation:
    """Return the organisation for lex Maria and lex Sarah, which no manager leads at her unit."""
    return _without_chairs(uow.organisation, _tied(uow, [case], day))


def resting_in(uow: UnitOfWork, case: Case, day: date, chairs: Chairs) -> frozenset[str]:
    """Return the ids of those for whom these chairs rest in a case."""
    tied = _tied(uow, [case], day, chairs)
    return tied if tied and is_grave(uow, _event_of(uow, case)) else frozenset()


def resting_for(uow: UnitOfWork, found: Alert, day: date) -> frozenset[str]:
    """Return the ids of those whose chair rests for an alert, by what it is about."""
    ids = dict.fromkeys((found.case_id, *found.series_case_ids))
    cases = [case for case in (uow.cases.find(one) for one in ids if one) if case]
    if cases:
        return _tied(uow, cases, day)
    days = {day, local_date(found.raised_at)}
    return _with_two_chairs(uow.organisation, day) & _answering(
        uow.organisation, {found.unit_id}, days
    )


def units_left_alone(organisation: Organisation, day: date) -> frozenset[str]:
    """Return units whose grave cases can be without anybody in a chair, though it is not empty.

    Everybody at work in one answers for the unit, or has.
    """
    at_work = {one.id for role in WATCHING for one in organisation.holders(role, "", day)}
    managed = [_ever_managed(organisation, one) for one in at_work]
    return frozenset.intersection(*managed) if managed else frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoChairs:
    """Somebody who is MAS or SAS, and a manager."""

    person: Person
    chairs: tuple[Role, ...]
    unit_ids: tuple[str, ...]  # that she answers for
    alone: bool  # nobody else is MAS or SAS, who does not answer for the same units


def two_chairs(organisation: Organisation, day: date) -> tuple[TwoChairs, ...]:
    """Return everybody whose chair rests somewhere today, to be seen before it matters."""
    held = [a for a in organisation.assignments if a.role in WATCHING and a.valid.holds(day)]
    current = {unit.id for unit in organisation.current_units(day)}
    managed = {a.person_id: organisation.managed_units(a.person_id, day) & current for a in held}
    found = []
    for person in (one for one in organisation.people if managed.get(one.id)):
        roles = {a.role for a in held if a.person_id == person.id}
        own = managed[person.id]
        found.append(
            TwoChairs(
                person=person,
                chairs=tuple(sorted(roles)),
                unit_ids=tuple(sorted(own)),
                alone=any(all(unit in theirs for theirs in managed.values()) for unit in own),
            )
        )
    return tuple(found)


def is_grave(uow: UnitOfWork, event: Collection[Case]) -> bool:
    """Whether a manager is not to decide by herself: hidden, misconduct, or for MAS or SAS."""
    hidden = any(one.manager_involved or one.is_held for one in event)
    return hidden or calls_for_watchers(uow, event) or _is_on_track(uow, event)


def calls_for_watchers(uow: UnitOfWork, event: Collection[Case]) -> bool:
    """Whether MAS or SAS has been alerted of an event, or anything said of it calls for them."""
    return any(_says_grave(one) for one in event) or any(
        alert.role in WATCHING for one in event for alert in uow.alerts.of_case(one.id)
    )


def _says_grave(case: Case) -> bool:
    marked = case.possible_medical_harm or case.possible_misconduct
    named = case.misconduct not in (None, MisconductDegree.NONE)
    harmed = case.must_inform or case.needed_care
    return marked or named or harmed or (case.risk is not None and case.risk.needs_mas_to_close)


def _is_on_track(uow: UnitOfWork, event: Iterable[Case]) -> bool:
    return any(uow.work.tracks.where(case_id=one.id) for one in event)


def _tied(
    uow: UnitOfWork, cases: Iterable[Case], day: date, chairs: Chairs = WATCHING
) -> frozenset[str]:
    """Return who holds one of the chairs and answers for a unit of an event.

    Where it happened or has come from, today or on the day that it was reported.
    """
    both = _with_two_chairs(uow.organisation, day, chairs)
    if not both:
        return both
    event = [part for case in cases for part in _event_of(uow, case)]
    units = {unit for one in event for unit in (one.unit_id, *one.origin_unit_ids)}
    days = {day, *(one.received_on for one in event)}
    return both & _answering(uow.organisation, units, days)


def _event_of(uow: UnitOfWork, case: Case) -> tuple[Case, ...]:
    """Return the whole event; the store is asked only when anything is merged with the case."""
    return whole_event(uow, case) if case.parts_laws or case.merged_into_id else (case,)


def has_two_chairs(organisation: Organisation, person_id: str, day: date) -> bool:
    """Whether MAS or SAS answers for any unit, or has: there her chair may rest."""
    return person_id in _with_two_chairs(organisation, day)


def _with_two_chairs(
    organisation: Organisation, day: date, chairs: Chairs = WATCHING
) -> frozenset[str]:
    """Return who holds one of the chairs and answers for any unit, or has."""
    watching = (one for one in organisation.assignments if one.role in chairs)
    holders = {one.person_id for one in watching if one.valid.holds(day)}
    managing = (one for one in organisation.assignments if one.role in MANAGING)
    return frozenset(one.person_id for one in managing if one.person_id in holders)


def _answering(
    organisation: Organisation, unit_ids: Iterable[str], days: Collection[date]
) -> frozenset[str]:
    return frozenset(
        person_id
        for unit_id in unit_ids
        if unit_id
        for day in days
        for person_id in (
            *organisation.everyone_managing(unit_id, day),
            *organisation.everyone_above(unit_id, day),
        )
    )


def _ever_managed(organisation: Organisation, person_id: str) -> frozenset[str]:
    held = [one for one in organisation.assignments if one.person_id == person_id]
    units = {one.scope for one in held if one.role == Role.UNIT_MANAGER}
    areas = {one.scope for one in held if one.role == Role.AREA_MANAGER}
    return frozenset(units | {unit.id for unit in organisation.units if unit.area_id in areas})


def _without_chairs(
    organisation: Organisation, person_ids: Collection[str], chairs: Chairs = WATCHING
) -> Organisation:
    """Return the organisation with these people in none of the chairs on any day."""
    if not person_ids:
        return organisation
    held = organisation.assignments
    left = (a for a in held if a.role not in chairs or a.person_id not in person_ids)
    return replace(organisation, assignments=tuple(left))
