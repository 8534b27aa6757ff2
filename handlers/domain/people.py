"""Who is responsible for what, on which day: units, people, roles, deputies, absences.

A question put here always has an answer: the chains end in the municipality's fallback address, so
that no notice and no alert is without a receiver.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Role(StrEnum):
    UNIT_MANAGER = "unit_manager"
    AREA_MANAGER = "area_manager"
    MAS = "mas"
    SAS = "sas"
    REGISTRATOR = "registrator"
    ADMINISTRATOR = "administrator"
    BOARD = "board"
    LOG_REVIEWER = "log_reviewer"
    NURSE = "nurse"
    OCCUPATIONAL_THERAPIST = "occupational_therapist"
    PHYSIOTHERAPIST = "physiotherapist"


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity:
    """From the first day to the last, both included; an open end is None."""

    first_on: date
    last_on: date | None = None

    def holds(self, day: date) -> bool:
        return self.first_on <= day and (self.last_on is None or day <= self.last_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    id: str
    name: str
    kind: str  # care_home, home_care, night_patrol, group_home ...
    area_id: str
    legal_areas: tuple[str, ...]
    valid: Validity
    provider: str = ""  # who runs it on the municipality's behalf; empty: the municipality itself
    health_apart: bool = False  # the provider has not agreed that MAS sees its health care


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatAddress:
    channel: str  # slack or teams
    address: str  # what the channel calls the person's private conversation


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    id: str
    name: str
    email: str
    language: str = "sv"
    unit_id: str = ""  # where the person works, whatever the role; gives no right to anything
    chats: tuple[ChatAddress, ...] = ()  # where the person has opened a private conversation


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """`scope` is a unit's or an area's id, or empty for the whole municipality."""

    person_id: str
    role: Role
    scope: str
    deputy: bool
    valid: Validity


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    person_id: str
    valid: Validity


_LEX_SARAH = ("SoL", "LSS")
WATCHING = frozenset({Role.MAS, Role.SAS})
MANAGING = frozenset({Role.UNIT_MANAGER, Role.AREA_MANAGER})
FALLBACK = "fallback"  # the person id of the municipality's fallback address


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    areas: tuple[Area, ...]
    units: tuple[Unit, ...]
    people: tuple[Person, ...]
    assignments: tuple[Assignment, ...]
    absences: tuple[Absence, ...]
    fallback: Person  # reached when a whole chain is vacant

    def unit(self, unit_id: str) -> Unit | None:
        return next((unit for unit in self.units if unit.id == unit_id), None)

    @property
    def providers(self) -> dict[str, str]:
        """Return who runs the units that the municipality does not run itself, by the unit's id."""
        return {unit.id: unit.provider for unit in self.units if unit.provider}

    def person(self, person_id: str) -> Person | None:
        everybody = (*self.people, self.fallback)
        return next((person for person in everybody if person.id == person_id), None)

    def current_units(self, day: date) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.units if unit.valid.holds(day))

    def is_absent(self, person_id: str, day: date) -> bool:
        return any(a.person_id == person_id and a.valid.holds(day) for a in self.absences)

    def assignments_of(self, person_id: str, day: date) -> tuple[Assignment, ...]:
        return tuple(a for a in self.assignments if a.person_id == person_id and a.valid.holds(day))

    def holders(self, role: Role, scope: str, day: date) -> tuple[Person, ...]:
        """Return who holds a role now and is present, ordinary holders before deputies."""
        found = [
            a
            for a in self.assignments
            if a.role == role
            and a.scope == scope
            and a.valid.holds(day)
            and not self.is_absent(a.person_id, day)
        ]
        found.sort(key=lambda a: a.deputy)
        return _people(self, (a.person_id for a in found))

    def unit_chain(self, unit_id: str, day: date) -> tuple[Person, ...]:
        """Return everybody who answers for a unit, nearest first; never empty."""
        managers = self.holders(Role.UNIT_MANAGER, unit_id, day)
        return _distinct((*managers, *self._area_managers(unit_id, day), self.fallback))

    def case_chain(
        self, unit_id: str, legal_areas: Collection[str], day: date
    ) -> tuple[Person, ...]:
        """Return who answers for a case of a unit, nearest first; never empty.

        While everybody of the unit's chain is away it stands with who watches over such cases, and
        may work with it, before the fallback address, where nobody has it in front of them.
        """
        *above, fallback = self.unit_chain(unit_id, day)
        return _distinct((*above, *self.watchers(unit_id, legal_areas, day), fallback))

    def watchers(self, unit_id: str, legal_areas: Collection[str], day: date) -> tuple[Person, ...]:
        """Return who watches over a case and may work with it.

        Nobody over what is of SoL and LSS only at a unit that a private provider runs, nor over its
        health care when it has not agreed to that: the provider answers for it.
        """
        unit = self.unit(unit_id)
        role = watcher_of(laws_of(legal_areas, unit))
        return () if is_providers_own(unit, role) else self.holders(role, "", day)

    def told_instead(self, role: Role, unit_id: str, laws: Collection[str]) -> Role:
        """Return who is told in a role's place of an event of these laws.

        Of the health care of a provider that keeps it to itself: its own head instead of MAS.
        """
        unit = self.unit(unit_id)
        apart = unit is not None and unit.health_apart and "HSL" in laws
        return Role.AREA_MANAGER if role == Role.MAS and apart else role

    def shielded_chain(
        self, unit_id: str, day: date, without: Collection[str]
    ) -> tuple[Person, ...]:
        """Return who answers for a case that a unit's own managers may not know of.

        The managers above, then SAS and MAS, then the fallback address (alert rule A16).
        """
        above = self._area_managers(unit_id, day)
        both = (*self.holders(Role.SAS, "", day), *self.holders(Role.MAS, "", day))
        return _distinct(p for p in (*above, *both, self.fallback) if p.id not in without)

    def looking_chain(
        self, unit_id: str, day: date, without: Collection[str], *, from_outside: bool
    ) -> tuple[Person, ...]:
        """Return who decides whether a unit may know of a case that may be about its manager.

        SAS, the registrator for what comes from outside or has no unit yet, MAS, then the fallback
        address. No manager above: it may be about them, too.
        """
        registered = from_outside or self.unit(unit_id) is None
        roles = (Role.SAS, Role.REGISTRATOR) if registered else (Role.SAS,)
        first = (person for role in roles for person in self.holders(role, "", day))
        chain = (*first, *self.holders(Role.MAS, "", day), self.fallback)
        return _distinct(person for person in chain if person.id not in without)

    def everyone_managing(self, unit_id: str, day: date) -> tuple[str, ...]:
        """Return the ids of a unit's managers and their deputies, absent ones too."""
        return self._everyone(Role.UNIT_MANAGER, unit_id, day)

    def everyone_above(self, unit_id: str, day: date) -> tuple[str, ...]:
        """Return the ids of the managers of a unit's area and their deputies, absent ones too."""
        unit = self.unit(unit_id)
        return self._everyone(Role.AREA_MANAGER, unit.area_id, day) if unit else ()

    def _everyone(self, role: Role, scope: str, day: date) -> tuple[str, ...]:
        held = {
            a.person_id
            for a in self.assignments
            if a.role == role and a.scope == scope and a.valid.holds(day)
        }
        return tuple(sorted(held))

    def _area_managers(self, unit_id: str, day: date) -> tuple[Person, ...]:
        unit = self.unit(unit_id)
        return self.holders(Role.AREA_MANAGER, unit.area_id, day) if unit else ()

    def alert_chain(
        self, role: Role, unit_id: str, day: date, *, without: Collection[str] = ()
    ) -> tuple[Person, ...]:
        """Return who is told of an alert, in the order of escalation; never empty.

        Who holds the role, with deputies (an area manager: of the unit's area), then MAS and SAS,
        then the area manager, then the fallback address (alert rule A17). `without` are those who
        are involved in what it is about. Beyond a provider that keeps its health care to itself
        comes MAS before SAS: nothing is left without a receiver.
        """
        unit = self.unit(unit_id)
        apart = unit is not None and unit.health_apart
        mas_first = role == Role.MAS or (apart and role == Role.AREA_MANAGER)
        area = self._area_managers(unit_id, day)
        mas, sas = (self.holders(one, "", day) for one in (Role.MAS, Role.SAS))
        both = (*mas, *sas) if mas_first else (*sas, *mas)
        first = area if role == Role.AREA_MANAGER else self.holders(role, "", day)
        chain = (*first, *both, *area, self.fallback)
        return _distinct(person for person in chain if person.id not in without)

    def managed_units(self, person_id: str, day: date) -> frozenset[str]:
        """Return the ids of all units that the person answers for, deputies included."""
        own = self.assignments_of(person_id, day)
        units = {a.scope for a in own if a.role == Role.UNIT_MANAGER}
        areas = {a.scope for a in own if a.role == Role.AREA_MANAGER}
        return frozenset(units | {unit.id for unit in self.units if unit.area_id in areas})

    def has_role(self, person_id: str, role: Role, day: date) -> bool:
        return any(a.role == role for a in self.assignments_of(person_id, day))

    def watches(self, person_id: str, day: date) -> bool:
        """Whether the person is MAS or SAS, or a deputy of one, on the day."""
        return any(self.has_role(person_id, role, day) for role in WATCHING)


def laws_of(legal_areas: Collection[str], unit: Unit | None) -> Collection[str]:
    """Return the laws of one report: its own, else those of its unit."""
    return legal_areas or (unit.legal_areas if unit else ())


def laws_of_event(reports_laws: Iterable[Collection[str]], unit: Unit | None) -> frozenset[str]:
    """Return the laws of an event, by what each report that is merged into one says of its own."""
    return frozenset(law for laws in reports_laws for law in laws_of(laws, unit))


def is_providers_own(unit: Unit | None, watcher: Role) -> bool:
    """Whether a private provider answers itself for what MAS or SAS would else watch over."""
    if unit is None or not unit.provider:
        return False
    return watcher == Role.SAS or unit.health_apart


def with_social_law(laws: tuple[str, ...], unit: Unit | None) -> tuple[str, ...]:
    """Return the laws of what may be misconduct: those that lex Sarah stands in are among them.

    Of an event whose laws nobody knows yet they are those of the unit; a unit of healthcare alone
    has no such law.
    """
    own = unit.legal_areas if unit else _LEX_SARAH[:1]
    missing = tuple(law for law in own if law in _LEX_SARAH)
    return laws if not laws or set(laws) & set(_LEX_SARAH) else (*laws, *missing)


def watcher_of(laws: Collection[str]) -> Role:
    """Return who watches over an event: SAS if it is of SoL and LSS only, else MAS."""
    return Role.SAS if laws and "HSL" not in laws else Role.MAS


def _people(organisation: Organisation, ids: Iterable[str]) -> tuple[Person, ...]:
    return tuple(p for p in (organisation.person(one) for one in ids) if p is not None)


def _distinct(people: Iterable[Person]) -> tuple[Person, ...]:
    return tuple({person.id: person for person in people}.values())
