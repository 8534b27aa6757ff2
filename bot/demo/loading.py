"""Loads the invented municipality into an empty database."""

import tomllib
from pathlib import Path
from typing import Any

from bot.app import Services
from handlers.domain.people import (
    Area,
    Assignment,
    Organisation,
    Person,
    Role,
    Unit,
    Validity,
)
from storage.organisation import replace_organisation

_FOLDER = Path(__file__).parent


def load_demo(services: Services) -> bool:
    """Return False when there is an organisation already."""
    with services.unit_of_work() as uow:
        if uow.organisation.units:
            return False
        replace_organisation(uow.connection, read_organisation(services.fallback))
        uow.commit()
    return True


def read_organisation(fallback: Person, path: Path = _FOLDER / "lotskoping.toml") -> Organisation:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    valid = Validity(first_on=data["first_on"])
    return Organisation(
        areas=tuple(Area(id=area["id"], name=area["name"]) for area in data["area"]),
        units=tuple(
            Unit(
                id=unit["id"],
                name=unit["name"],
                kind=unit["kind"],
                area_id=unit["area"],
                legal_areas=tuple(unit["laws"]),
                valid=valid,
            )
            for unit in data["unit"]
        ),
        people=tuple(
            Person(
                id=person_id,
                name=name,
                email=f"{person_id}@lotskoping.example",
                unit_id=data["works_in"].get(person_id, ""),
            )
            for person_id, name in data["people"].items()
        ),
        assignments=tuple(_assignments(data, valid)),
        absences=(),
        fallback=fallback,
    )


def _assignments(data: dict[str, Any], valid: Validity) -> list[Assignment]:
    def assigned(person_id: str, role: Role, scope: str, *, deputy: bool) -> Assignment:
        return Assignment(person_id=person_id, role=role, scope=scope, deputy=deputy, valid=valid)

    found = [
        assigned(area["manager"], Role.AREA_MANAGER, area["id"], deputy=False)
        for area in data["area"]
    ]
    for unit in data["unit"]:
        found.append(assigned(unit["manager"], Role.UNIT_MANAGER, unit["id"], deputy=False))
        found.append(assigned(unit["deputy"], Role.UNIT_MANAGER, unit["id"], deputy=True))
    for one in data["role"]:
        found.append(assigned(one["holder"], Role(one["role"]), "", deputy=False))
        if "deputy" in one:
            found.append(assigned(one["deputy"], Role(one["role"]), "", deputy=True))
    return found
