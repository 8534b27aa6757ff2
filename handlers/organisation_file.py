"""The organisation out of a table, one assignment a row; every fault names its line.

The columns are those that an export from a personnel system can have: the unit, its area and laws,
a role, a person, and from when to when. Columns may stand in any order; unknown ones are ignored.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from handlers.domain.people import Area, Assignment, Person, Role, Unit, Validity
from handlers.organisation_cells import (
    RowFault,
    cell_of,
    provider_in,
    require_cells,
    slug_of,
    yes_or_no,
)
from handlers.organisation_gaps import vacancies
from handlers.organisation_people import doubled, id_of, require_person

COLUMNS = (
    "enhet_id", "enhet", "typ", "område_id", "område", "lagrum", "utförare", "mas_insyn",
    "roll", "person_id", "namn", "epost", "ersättare", "från", "till",
)  # fmt: skip
_NEEDED = ("roll", "namn", "epost")
_ROLES = {
    "enhetschef": Role.UNIT_MANAGER,
    "verksamhetschef": Role.AREA_MANAGER,
    "mas": Role.MAS,
    "sas": Role.SAS,
    "registrator": Role.REGISTRATOR,
    "systemförvaltare": Role.ADMINISTRATOR,
    "nämnd": Role.BOARD,
    "loggranskare": Role.LOG_REVIEWER,
} | {role.value: role for role in Role}
_LAWS = {"hsl": "HSL", "sol": "SoL", "lss": "LSS"}
_WITH_SCOPE = (Role.UNIT_MANAGER, Role.AREA_MANAGER)  # the unit of their rows is what they lead
VACANT = "vakant"  # for a name: the chair is there, and nobody sits in it
STAFF = "medarbetare"  # works in a unit and has no role: it can report, and that is all
NumberedRow = tuple[int, Mapping[str, str]]  # the line of the file, and the cells by heading


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    line: int  # of the file, the heading is 1; 0: the file as a whole
    text: str

    def __str__(self) -> str:
        return f"rad {self.line}: {self.text}" if self.line else self.text


@dataclass(slots=True, kw_only=True)
class OrganisationFile:
    """What a file says; with any fault it may not be used."""

    areas: dict[str, Area] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    assignments: list[Assignment] = field(default_factory=list)
    known: dict[str, Person] = field(default_factory=dict)  # by id, before the file
    ids: dict[str, str] = field(default_factory=dict)  # by address, known and of the file
    lines: dict[str, int] = field(default_factory=dict)  # where each person stands first
    undated: set[Assignment] = field(default_factory=set)  # of no "från": as it was, or from today
    operated: set[str] = field(default_factory=set)  # units of which the file says who runs them
    agreed: set[str] = field(default_factory=set)  # and of which it says if MAS sees health care
    faults: list[Fault] = field(default_factory=list)
    vacancies: list[str] = field(default_factory=list)  # chairs that nobody sits in; no faults


def read_rows(
    rows: Iterable[NumberedRow], known: Iterable[Person], today: date
) -> OrganisationFile:
    """Read rows in order; `known` people keep their ids when the file gives an address only."""
    found = OrganisationFile(known={person.id: person for person in known})
    found.ids |= {person.email.casefold(): person.id for person in found.known.values()}
    for line, row in rows:
        values = {name: cell_of(row.get(name) or "") for name in COLUMNS}
        if not any(values.values()):
            continue
        try:
            found.lines.setdefault(_take(found, values, today), line)
        except RowFault as fault:
            found.faults.append(Fault(line=line, text=str(fault)))
    for person_id, text in doubled(list(found.people.values()), found.known):
        found.faults.append(Fault(line=found.lines[person_id], text=text))
    if not found.assignments and not found.faults:
        found.faults.append(Fault(line=0, text="Filen har inga rader under rubriken."))
    found.vacancies += vacancies(found.units.values(), found.assignments, today)
    return found


def missing_columns(heading: Iterable[str]) -> list[str]:
    return [name for name in _NEEDED if name not in set(heading)]


def _take(found: OrganisationFile, values: dict[str, str], today: date) -> str:
    """Take a row over; return the id of its person, or nothing for a vacant chair."""
    vacant = values["namn"].casefold() == VACANT and not values["epost"]
    require_cells(values, ("roll",) if vacant else _NEEDED)
    role = _role(values["roll"])
    area = _area(found, values)
    unit = _unit(found, values, area, today)
    if role is None and unit is None:
        raise RowFault("en medarbetare behöver en enhet")
    person_id = ""
    if vacant:
        _require_chair(role, unit, area)
    else:
        person_id = _take_person(found, values, (role, unit, area), today)
    if area is not None:
        found.areas[area.id] = area
    if unit is not None:
        found.units[unit.id] = unit
    return person_id


def _take_person(
    found: OrganisationFile,
    values: dict[str, str],
    chair: tuple[Role | None, Unit | None, Area | None],
    today: date,
) -> str:
    role, unit, area = chair
    person = _person(found, values, unit if role not in _WITH_SCOPE else None)
    if role is not None:
        one = _assignment(found, values, role, (person, unit, area), today)
        found.assignments.append(one)
        if not values["från"]:
            found.undated.add(one)
    found.people[person.id] = person
    found.ids[person.email.casefold()] = person.id
    return person.id


def _require_chair(role: Role | None, unit: Unit | None, area: Area | None) -> None:
    if role is None:
        raise RowFault("en medarbetare behöver ett namn")
    _scope(role, unit, area)


def _role(word: str) -> Role | None:
    """Return the role; None for somebody who works in a unit without one."""
    if word.casefold() == STAFF:
        return None
    try:
        return _ROLES[word.casefold()]
    except KeyError as error:
        raise RowFault(f"rollen {word} finns inte") from error


def _assignment(
    found: OrganisationFile,
    values: dict[str, str],
    role: Role,
    parts: tuple[Person, Unit | None, Area | None],
    today: date,
) -> Assignment:
    person, unit, area = parts
    one = Assignment(
        person_id=person.id,
        role=role,
        scope=_scope(role, unit, area),
        deputy=yes_or_no(values["ersättare"]),
        valid=_validity(values, today),
    )
    if any(key_of(one) == key_of(other) and overlap(one, other) for other in found.assignments):
        raise RowFault("samma uppdrag står på en rad till, för samma dagar")
    return one


def key_of(one: Assignment) -> tuple[str, Role, str, bool]:
    return one.person_id, one.role, one.scope, one.deputy


def overlap(one: Assignment, other: Assignment) -> bool:
    """Whether two assignments have a day in common."""
    first = max(one.valid.first_on, other.valid.first_on)
    last = min(one.valid.last_on or date.max, other.valid.last_on or date.max)
    return first <= last


def _validity(values: dict[str, str], today: date) -> Validity:
    days: list[date | None] = []
    for name in ("från", "till"):
        try:
            days.append(date.fromisoformat(values[name]) if values[name] else None)
        except ValueError as error:
            raise RowFault(f"{name}: {values[name]} är inget datum som 2026-11-22") from error
    first, last = days
    if first and last and last < first:
        raise RowFault("till ligger före från")
    return Validity(first_on=first or today, last_on=last)


def _person(found: OrganisationFile, values: dict[str, str], works_in: Unit | None) -> Person:
    email = values["epost"]
    require_person(values["namn"], email)
    person_id = id_of(values["person_id"], email, found.ids, found.known)
    before = found.people.get(person_id)
    unit_id = before.unit_id if before else ""  # of several units the first one counts
    unit_id = unit_id or (works_in.id if works_in else "")
    person = Person(id=person_id, name=values["namn"], email=email, unit_id=unit_id)
    if before is not None and replace(before, unit_id=unit_id) != person:
        raise RowFault(f"personen {person_id} har ett annat namn eller en annan adress ovanför")
    others = (p for p in found.people.values() if p.id != person_id)
    if any(other.email.casefold() == email.casefold() for other in others):
        raise RowFault(f"epost: {email} tillhör redan någon annan")
    return person


def _area(found: OrganisationFile, values: dict[str, str]) -> Area | None:
    area_id = values["område_id"] or slug_of(values["område"])
    if not area_id:
        return None
    name = values["område"] or (found.areas[area_id].name if area_id in found.areas else "")
    if not name:
        raise RowFault("område saknas")
    area = Area(id=area_id, name=name)
    if found.areas.get(area_id, area) != area:
        raise RowFault(f"området {area_id} har ett annat namn ovanför")
    return area


def _unit(
    found: OrganisationFile, values: dict[str, str], area: Area | None, today: date
) -> Unit | None:
    unit_id = values["enhet_id"] or slug_of(values["enhet"])
    if not unit_id:
        return None
    if area is None:
        raise RowFault("enheten har inget område")
    words = values["lagrum"].replace(",", " ").replace("+", " ").split()
    laws = tuple(_LAWS.get(word.casefold(), "") for word in words)
    if not laws or "" in laws:
        raise RowFault(f"lagrum: {values['lagrum'] or 'saknas'}; ange HSL, SoL eller LSS")
    unit = Unit(
        id=unit_id,
        name=values["enhet"] or unit_id,
        kind=values["typ"] or "unit",
        area_id=area.id,
        legal_areas=tuple(dict.fromkeys(laws)),
        valid=Validity(first_on=today),
        provider=_provider(found, values["utförare"], unit_id),
        health_apart=_health_apart(found, values["mas_insyn"], unit_id),
    )
    if found.units.get(unit_id, unit) != unit:
        raise RowFault(f"enheten {unit_id} har andra uppgifter ovanför")
    return unit


def _provider(found: OrganisationFile, word: str, unit_id: str) -> str:
    """Return who runs a unit; said in one row it holds for the rows of the unit below."""
    if word:
        found.operated.add(unit_id)
        return provider_in(word)
    return found.units[unit_id].provider if unit_id in found.units else ""


def _health_apart(found: OrganisationFile, word: str, unit_id: str) -> bool:
    """Return whether a provider keeps its health care to itself; said once as `_provider`."""
    if word:
        found.agreed.add(unit_id)
        return not yes_or_no(word, "mas_insyn")
    return unit_id in found.units and found.units[unit_id].health_apart


def _scope(role: Role, unit: Unit | None, area: Area | None) -> str:
    if role == Role.UNIT_MANAGER:
        if unit is None:
            raise RowFault("en enhetschef behöver en enhet")
        return unit.id
    if role == Role.AREA_MANAGER:
        if area is None:
            raise RowFault("en verksamhetschef behöver ett område")
        return area.id
    return ""
