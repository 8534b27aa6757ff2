"""Municipalities of known sizes as typed data, and the invented organisation that each has."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from handlers.domain.people import (
    Absence,
    Area,
    Assignment,
    Organisation,
    Person,
    Role,
    Unit,
    Validity,
)

DAYS_OF_YEAR = 365
SUMMER_FIRST_DAY, SUMMER_LAST_DAY = 167, 228  # mid June to mid August, from 1 January
HOLIDAY_DAYS = 28
SICK_DAYS = 4
_THERAPISTS = (Role.OCCUPATIONAL_THERAPIST, Role.PHYSIOTHERAPIST)
LEAVES_ON_DAY = 40  # from the first simulated one: a nurse of every area


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaProfile:
    id: str
    title: str
    kind: str
    laws: tuple[str, ...]
    units: int
    share: int  # of the reports


@dataclass(frozen=True, slots=True, kw_only=True)
class Vacancy:
    role: Role
    first_day: int  # from the first simulated one
    last_day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    id: str
    title: str
    reports_a_day: float
    mails_a_day: float
    letters_a_day: float  # later ones, to a case that there is
    daily_chance: tuple[float, float]
    after_reminder: float
    sick_share: float  # of a manager's working days
    chat_share: float  # of the people, who are written to by chat
    outages_a_month: float  # when the chat takes nothing for some hours
    vacancies: tuple[Vacancy, ...]
    weights: Mapping[str, int]  # category -> how often; empty: all texts alike
    areas: tuple[AreaProfile, ...]  # empty: the demo municipality's own


def load_profile(name: str, folder: Path | None = None) -> Profile:
    path = (folder or Path(__file__).parent) / "municipalities.toml"
    data: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))[name]
    low, high = data["daily_chance"]
    return Profile(
        id=name,
        title=data["title"],
        reports_a_day=data["reports_a_year"] / DAYS_OF_YEAR,
        mails_a_day=data["mails_a_year"] / DAYS_OF_YEAR,
        letters_a_day=data["letters_a_year"] / DAYS_OF_YEAR,
        daily_chance=(low, high),
        after_reminder=data["after_reminder"],
        sick_share=data["sick_share"],
        chat_share=data["chat_share"],
        outages_a_month=data["outages_a_month"],
        vacancies=tuple(
            Vacancy(role=Role(one["role"]), first_day=one["from"], last_day=one["to"])
            for one in data["vacant"]
        ),
        weights=data.get("weights", {}),
        areas=tuple(
            AreaProfile(**(one | {"laws": tuple(one["laws"])})) for one in data.get("area", ())
        ),
    )


def organisation_of(
    profile: Profile, before: Organisation, first: date, days: int, random: Random
) -> Organisation:
    """Return the profile's organisation, absent and vacant chairs too; without areas `before`."""
    if not profile.areas:
        return before
    valid = Validity(first_on=first - timedelta(days=DAYS_OF_YEAR))
    leaves_on = first + timedelta(days=LEAVES_ON_DAY)
    people: dict[str, Person] = {}
    assignments: list[Assignment] = []

    def hold(
        person_id: str, role: Role, scope: str, *, deputy: bool, until: date | None = None
    ) -> None:
        email = f"{person_id}@kommunen.example"
        people.setdefault(person_id, Person(id=person_id, name=person_id, email=email))
        held = replace(valid, last_on=until)
        one = Assignment(person_id=person_id, role=role, scope=scope, deputy=deputy, valid=held)
        assignments.append(one)

    for area in profile.areas:
        hold(f"verksamhetschef-{area.id}", Role.AREA_MANAGER, area.id, deputy=False)
        for number in range(1, area.units + 1):
            unit_id = f"{area.id}-{number:02d}"
            hold(_manager(area, number), Role.UNIT_MANAGER, unit_id, deputy=False)
            hold(_manager(area, number + 2), Role.UNIT_MANAGER, unit_id, deputy=True)
        hold(f"ssk-{area.id}", Role.NURSE, area.id, deputy=False)
        hold(f"ssk-{area.id}-2", Role.NURSE, area.id, deputy=True)
        hold(f"ssk-{area.id}-3", Role.NURSE, area.id, deputy=False, until=leaves_on)
    for role in (*_THERAPISTS, Role.MAS, Role.SAS, Role.REGISTRATOR):
        hold(role.value, role, "", deputy=False)
        hold(f"{role.value}-2", role, "", deputy=True)
    return Organisation(
        areas=tuple(Area(id=area.id, name=area.title) for area in profile.areas),
        units=tuple(_units(profile, valid)),
        people=tuple(people.values()),
        assignments=tuple(_with_vacancies(profile, assignments, first)),
        absences=tuple(_absences(profile, people, first, days, random)),
        fallback=before.fallback,
    )


def _manager(area: AreaProfile, number: int) -> str:
    """Two units share a manager, as they often do."""
    return f"chef-{area.id}-{((number - 1) % area.units) // 2 + 1:02d}"


def _units(profile: Profile, valid: Validity) -> Iterator[Unit]:
    for area in profile.areas:
        for number in range(1, area.units + 1):
            yield Unit(
                id=f"{area.id}-{number:02d}",
                name=f"{area.title} {number}",
                kind=area.kind,
                area_id=area.id,
                legal_areas=area.laws,
                valid=valid,
            )


def _with_vacancies(
    profile: Profile, assignments: list[Assignment], first: date
) -> Iterator[Assignment]:
    """Cut the vacant days out of a role's assignments, deputies included: nobody holds it."""
    for one in assignments:
        gaps = [v for v in profile.vacancies if v.role == one.role]
        if not gaps:
            yield one
            continue
        begins = first + timedelta(days=gaps[0].first_day)
        ends = first + timedelta(days=gaps[0].last_day)
        spans = (
            Validity(first_on=one.valid.first_on, last_on=begins - timedelta(days=1)),
            Validity(first_on=ends + timedelta(days=1)),
        )
        for valid in spans:
            yield Assignment(
                person_id=one.person_id,
                role=one.role,
                scope=one.scope,
                deputy=one.deputy,
                valid=valid,
            )


def _absences(
    profile: Profile, people: Mapping[str, Person], first: date, days: int, random: Random
) -> Iterator[Absence]:
    """Four weeks each summer, spread, and short illnesses all the year."""
    for person_id in people:
        for year in range(first.year, (first + timedelta(days=days)).year + 1):
            latest = SUMMER_LAST_DAY - HOLIDAY_DAYS
            start = date(year, 1, 1) + timedelta(days=random.randrange(SUMMER_FIRST_DAY, latest))
            yield _away(person_id, start, HOLIDAY_DAYS)
        for day in range(0, days, SICK_DAYS):
            if random.random() < profile.sick_share:
                yield _away(person_id, first + timedelta(days=day), SICK_DAYS)


def _away(person_id: str, start: date, length: int) -> Absence:
    valid = Validity(first_on=start, last_on=start + timedelta(days=length - 1))
    return Absence(person_id=person_id, valid=valid)
