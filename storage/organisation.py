"""Reading and writing the organisation: areas, units, people, assignments, absences."""

from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from handlers.domain.people import (
    Absence,
    Area,
    Assignment,
    ChatAddress,
    Organisation,
    Person,
    Role,
    Unit,
    Validity,
)
from storage import tables


def load_organisation(connection: Connection, fallback: Person) -> Organisation:
    return Organisation(
        areas=tuple(Area(id=r.id, name=r.name) for r in _rows(connection, tables.areas)),
        units=tuple(_unit(r) for r in _rows(connection, tables.units)),
        people=_people(connection),
        assignments=tuple(_assignment(r) for r in _rows(connection, tables.assignments)),
        absences=tuple(
            Absence(person_id=r.person_id, valid=_validity(r))
            for r in _rows(connection, tables.absences)
        ),
        fallback=fallback,
    )


def _rows(connection: Connection, table: Any) -> list[Row[Any]]:  # noqa: ANN401 - a Table
    return list(connection.execute(select(table)))


def _people(connection: Connection) -> tuple[Person, ...]:
    chats: dict[str, list[ChatAddress]] = {}
    for row in _rows(connection, tables.chat_addresses):
        known = chats.setdefault(row.person_id, [])
        known.append(ChatAddress(channel=row.channel, address=row.address))
    return tuple(
        Person(
            id=row.id,
            name=row.name,
            email=row.email,
            language=row.language,
            unit_id=row.unit_id,
            chats=tuple(chats.get(row.id, ())),
        )
        for row in _rows(connection, tables.people)
    )


def _unit(row: Row[Any]) -> Unit:
    return Unit(
        id=row.id,
        name=row.name,
        kind=row.kind,
        area_id=row.area_id,
        legal_areas=tuple(row.legal_areas),
        provider=row.provider,
        health_apart=row.health_apart,
        valid=_validity(row),
    )


def _assignment(row: Row[Any]) -> Assignment:
    return Assignment(
        person_id=row.person_id,
        role=Role(row.role),
        scope=row.scope,
        deputy=row.deputy,
        valid=_validity(row),
    )


def replace_organisation(connection: Connection, organisation: Organisation) -> None:
    """Write an organisation over what is there; cases keep the ids of their units."""
    wanted: list[tuple[Any, list[dict[str, Any]]]] = [
        (tables.areas, [{"id": a.id, "name": a.name} for a in organisation.areas]),
        (tables.units, [_unit_values(unit) for unit in organisation.units]),
        (tables.people, [_person_values(person) for person in organisation.people]),
        (tables.assignments, [_assignment_values(a) for a in organisation.assignments]),
        (
            tables.absences,
            [{"person_id": a.person_id, **_days(a.valid)} for a in organisation.absences],
        ),
    ]
    for table, _ in reversed(wanted):
        connection.execute(delete(table))
    for table, rows in wanted:
        if rows:
            connection.execute(insert(table), rows)


def _unit_values(unit: Unit) -> dict[str, Any]:
    return {
        "id": unit.id,
        "name": unit.name,
        "kind": unit.kind,
        "area_id": unit.area_id,
        "legal_areas": list(unit.legal_areas),
        "provider": unit.provider,
        "health_apart": unit.health_apart,
        **_days(unit.valid),
    }


def _person_values(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "language": person.language,
        "unit_id": person.unit_id,
    }


def _assignment_values(assignment: Assignment) -> dict[str, Any]:
    return {
        "person_id": assignment.person_id,
        "role": assignment.role.value,
        "scope": assignment.scope,
        "deputy": assignment.deputy,
        **_days(assignment.valid),
    }


def _days(valid: Validity) -> dict[str, Any]:
    return {"first_on": valid.first_on, "last_on": valid.last_on}


def _validity(row: Row[Any]) -> Validity:
    return Validity(first_on=row.first_on, last_on=row.last_on)
