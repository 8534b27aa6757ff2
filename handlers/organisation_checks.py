"""What to think of before an organisation becomes what a file says, and what no file may say."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from handlers.chairs import two_chairs
from handlers.domain.case import Case
from handlers.domain.people import Organisation, Role
from handlers.organisation_change import ROLE_NAMES
from handlers.organisation_people import mistaken


def warnings_of(
    before: Organisation, after: Organisation, cases: Iterable[Case], today: date
) -> tuple[str, ...]:
    """Return a line for each unit with open cases that goes away or has no manager of its own left.

    Before them stand people who may have been taken for others, after them who is MAS or SAS beside
    being a manager.

    Hidden cases are in the number: whoever runs the import counts nobody's cases but these.
    """
    open_at = Counter(case.unit_id for case in cases if case.unit_id)
    found = list(mistaken(before, after))
    for unit in before.current_units(today):
        count = open_at[unit.id]
        still = after.unit(unit.id)
        if not count:
            continue
        if still is None or not still.valid.holds(today):
            found.append(f"! {unit.name} försvinner. Öppna ärenden att flytta: {count}")
            continue
        gone = _managers(before, unit.id, today) - _managers(after, unit.id, today)
        if gone and _managers(after, unit.id, today):
            found.append(f"! {unit.name} byter chef. Öppna ärenden: {count}")
        elif gone:
            found.append(f"! {unit.name} står utan chef. Öppna ärenden: {count}")
    return (*found, *_two_chairs(after, today))


def _two_chairs(organisation: Organisation, today: date) -> Iterator[str]:
    for one in two_chairs(organisation, today):
        units = ", ".join(unit.name for unit in organisation.units if unit.id in one.unit_ids)
        chairs = " och ".join(ROLE_NAMES[role] for role in one.chairs)
        goes = "Ingen annan kan ta larm därifrån" if one.alone else "Larm därifrån går till nästa"
        yield f"! {one.person.name} är {chairs} och svarar för {units}. {goes}"


def shared_areas(organisation: Organisation, today: date) -> tuple[str, ...]:
    """Return a line for each area that several operators share: one would see the other's cases."""
    operators: dict[str, set[str]] = defaultdict(set)
    for unit in organisation.current_units(today):
        operators[unit.area_id].add(unit.provider)
    return tuple(
        f"området {area.name} har enheter av flera utförare: ge var och en ett eget område"
        for area in organisation.areas
        if len(operators[area.id]) > 1
    )


def split_insight(organisation: Organisation, today: date) -> tuple[str, ...]:
    """Return a line for each provider of which MAS would see the health care of some units only."""
    said: dict[str, set[bool]] = defaultdict(set)
    for unit in organisation.current_units(today):
        said[unit.provider].add(unit.health_apart)
    return tuple(
        f"{provider} har både ja och nej under mas_insyn: skriv samma på alla enheter"
        for provider in sorted(said)
        if len(said[provider]) > 1
    )


def _managers(organisation: Organisation, unit_id: str, day: date) -> set[str]:
    ordinary = (a for a in organisation.assignments if not a.deputy and a.valid.holds(day))
    return {a.person_id for a in ordinary if a.role == Role.UNIT_MANAGER and a.scope == unit_id}
