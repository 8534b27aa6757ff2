"""From the organisation as it is to the organisation as a file says, with every difference named.

Nothing is deleted: what is not in the file any more ends yesterday, because cases and their history
still point at it. Absences stay. Deputies stay too when the file has none.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from handlers.domain.people import Area, Assignment, Organisation, Person, Role, Unit, Validity
from handlers.organisation_file import OrganisationFile, key_of, overlap

ROLE_NAMES = {
    Role.UNIT_MANAGER: "enhetschef",
    Role.AREA_MANAGER: "verksamhetschef",
    Role.MAS: "MAS",
    Role.SAS: "SAS",
    Role.REGISTRATOR: "registrator",
    Role.ADMINISTRATOR: "systemförvaltare",
    Role.BOARD: "nämnd",
    Role.LOG_REVIEWER: "loggranskare",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    organisation: Organisation
    differences: tuple[str, ...]  # + new, - ended, ~ changed
    ended_assignments: int
    kept_assignments: int
    warnings: tuple[str, ...] = ()  # empty chairs, and cases that somebody has to take care of

    @property
    def ends_most(self) -> bool:
        """Whether more ends than stays: a sign of half a file."""
        return self.ended_assignments > self.kept_assignments


def changed_by(before: Organisation, file: OrganisationFile, today: date) -> Change:
    differences: list[str] = []
    places = {unit.id: unit.name for unit in (*before.units, *file.units.values())}
    people = _people(before.people, file.people, places, differences)
    areas = _areas(before.areas, file.areas, differences)
    units = _units(before.units, file, today, differences)
    names = {person.id: person.name for person in people}
    names |= {area.id: area.name for area in areas} | {unit.id: unit.name for unit in units}
    assignments, ended, kept = _assignments(before, file, today, names, differences)
    after = replace(
        before,
        people=tuple(people),
        areas=tuple(areas),
        units=tuple(units),
        assignments=tuple(assignments),
    )
    return Change(
        organisation=after,
        differences=tuple(differences),
        ended_assignments=ended,
        kept_assignments=kept,
    )


def _people(
    before: Iterable[Person],
    wanted: dict[str, Person],
    names: dict[str, str],
    differences: list[str],
) -> list[Person]:
    """Return everybody. Where people work stays as it is when the file says it of nobody."""
    found = {person.id: person for person in before}
    places_too = any(person.unit_id for person in wanted.values())
    for gone in before:
        if places_too and gone.unit_id and gone.id not in wanted:
            differences.append(f"- arbetsplats {gone.name}")
            found[gone.id] = replace(gone, unit_id="")
    for person in wanted.values():
        known = found.get(person.id)
        if known is None:
            differences.append(f"+ person {person.name} <{person.email}>")
        elif (known.name, known.email) != (person.name, person.email):
            differences.append(f"~ person {known.name}: {person.name} <{person.email}>")
        base = known or person
        unit_id = person.unit_id if places_too else base.unit_id
        if unit_id != (known.unit_id if known else ""):
            differences.append(f"~ arbetsplats {person.name}: {names.get(unit_id, unit_id) or '–'}")
        found[person.id] = replace(base, name=person.name, email=person.email, unit_id=unit_id)
    return list(found.values())


def _areas(before: Iterable[Area], wanted: dict[str, Area], differences: list[str]) -> list[Area]:
    found = {area.id: area for area in before}
    for area in wanted.values():
        if area.id not in found:
            differences.append(f"+ område {area.name}")
        elif found[area.id] != area:
            differences.append(f"~ område {found[area.id].name}: {area.name}")
        found[area.id] = area
    return list(found.values())


def _units(
    before: Iterable[Unit], file: OrganisationFile, today: date, differences: list[str]
) -> list[Unit]:
    """Return every unit. Who runs one stays as it is when the file does not say it."""
    wanted = file.units
    found: dict[str, Unit] = {}
    for unit in before:
        in_use = unit.valid.last_on is None or unit.valid.last_on >= today
        if unit.id not in wanted and in_use:
            differences.append(f"- enhet {unit.name}")
            unit = replace(unit, valid=_ended(unit.valid, today))
        found[unit.id] = unit
    for unit in wanted.values():
        known = found.get(unit.id)
        valid = known.valid if known and known.valid.holds(today) else Validity(first_on=today)
        after = replace(unit, valid=valid)
        if known is not None and unit.id not in file.operated:
            after = replace(after, provider=known.provider)
        if known is not None and unit.id not in file.agreed:
            after = replace(after, health_apart=known.health_apart)
        after = replace(after, health_apart=after.health_apart and bool(after.provider))
        if known is None or not known.valid.holds(today):
            differences.append(f"+ enhet {unit.name}")
        elif known != after:
            runs = (after.provider or "egen regi") if after.provider != known.provider else ""
            seen = "" if after.health_apart == known.health_apart else _insight(after)
            said = ", ".join(one for one in (unit.name, *unit.legal_areas, runs, seen) if one)
            differences.append(f"~ enhet {known.name}: {said}")
        found[unit.id] = after
    return list(found.values())


def _insight(unit: Unit) -> str:
    return f"MAS ser {'inte ' if unit.health_apart else ''}hälso- och sjukvården"


def _assignments(
    before: Organisation,
    file: OrganisationFile,
    today: date,
    names: dict[str, str],
    differences: list[str],
) -> tuple[list[Assignment], int, int]:
    """Return all assignments, and how many ended and stayed."""
    deputies_too = any(one.deputy for one in file.assignments)
    rows, left = _rows_of(before.assignments, file, today)
    after: list[Assignment] = []
    ended = kept = 0
    for one, row in zip(before.assignments, rows, strict=True):
        if _is_over(one, today):
            after.append(one)
        elif row is None and (deputies_too or not one.deputy):
            differences.append(f"- {_words(one, names)}")
            after.append(replace(one, valid=_ended(one.valid, today)))
            ended += 1
        else:
            after += [one] if row is None else _redated(one, row, file, today, names, differences)
            kept += 1
    for one in left:
        differences.append(f"+ {_words(one, names)} från {one.valid.first_on}")
        after.append(one)
    return after, ended, kept


def _rows_of(
    before: Iterable[Assignment], file: OrganisationFile, today: date
) -> tuple[list[Assignment | None], list[Assignment]]:
    """Return the row of the file for each assignment there is, and the rows that are new.

    Somebody can have one assignment in several periods: first the same days are looked for, then
    days in common. What is over is met by the same days only and stays as it was.
    """
    ones = list(before)
    found: list[Assignment | None] = [None] * len(ones)
    left = [row for row in file.assignments if not (row in file.undated and _is_over(row, today))]
    for exact in (True, False):
        for n, one in enumerate(ones):
            if found[n] is not None or (not exact and _is_over(one, today)):
                continue
            meets = (row for row in left if _meets(one, row, file, exact=exact))
            found[n] = next(meets, None)
            left = [row for row in left if row is not found[n]]
    return found, left


def _meets(one: Assignment, row: Assignment, file: OrganisationFile, *, exact: bool) -> bool:
    if key_of(one) != key_of(row):
        return False
    if not exact:
        return overlap(one, row)
    same_first = row in file.undated or one.valid.first_on == row.valid.first_on
    return same_first and one.valid.last_on == row.valid.last_on


def _redated(
    one: Assignment,
    row: Assignment,
    file: OrganisationFile,
    today: date,
    names: dict[str, str],
    differences: list[str],
) -> list[Assignment]:
    """Return an assignment with the days of its row, every changed day named.

    One that has begun and is to begin later ends yesterday beside it: who held it stays known.
    """
    first_on = one.valid.first_on if row in file.undated else row.valid.first_on
    if first_on != one.valid.first_on:
        was = one.valid.first_on
        differences.append(f"~ {_words(one, names)}: från {first_on}, förut {was}")
    if row.valid.last_on != one.valid.last_on:
        differences.append(f"~ {_words(one, names)}: till {row.valid.last_on or 'vidare'}")
    changed = replace(one, valid=Validity(first_on=first_on, last_on=row.valid.last_on))
    if one.valid.first_on < today < first_on:
        return [replace(one, valid=_ended(one.valid, today)), changed]
    return [changed]


def _is_over(one: Assignment, today: date) -> bool:
    return one.valid.last_on is not None and one.valid.last_on < today


def _words(one: Assignment, names: dict[str, str]) -> str:
    deputy = "ersättare för " if one.deputy else ""
    place = f" {names.get(one.scope, one.scope)}" if one.scope else ""
    return f"{deputy}{ROLE_NAMES.get(one.role, one.role)}{place}: {names[one.person_id]}"


def _ended(valid: Validity, today: date) -> Validity:
    """End it yesterday; what was to begin later ends on its first day and so never holds."""
    yesterday = today - timedelta(days=1)
    return replace(valid, last_on=yesterday, first_on=min(valid.first_on, yesterday))
