"""Single changes to who is away and who stands in."""

from datetime import date

from sqlalchemy import ColumnElement, Connection, delete, insert, update

from handlers.domain.people import Absence, Assignment, Validity
from storage import tables

_ABSENCES, _ASSIGNMENTS = tables.absences, tables.assignments


class SqlStaff:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_absence(self, absence: Absence) -> None:
        self.remove_absence(absence.person_id, absence.valid.first_on)
        self._connection.execute(
            insert(_ABSENCES).values(
                person_id=absence.person_id,
                first_on=absence.valid.first_on,
                last_on=absence.valid.last_on,
            )
        )

    def remove_absence(self, person_id: str, first_on: date) -> None:
        here = (_ABSENCES.c.person_id == person_id, _ABSENCES.c.first_on == first_on)
        self._connection.execute(delete(_ABSENCES).where(*here))

    def add_assignment(self, one: Assignment) -> None:
        self._connection.execute(
            insert(_ASSIGNMENTS).values(
                person_id=one.person_id,
                role=one.role.value,
                scope=one.scope,
                deputy=one.deputy,
                first_on=one.valid.first_on,
                last_on=one.valid.last_on,
            )
        )

    def end_assignment(self, one: Assignment, valid: Validity) -> None:
        ends = update(_ASSIGNMENTS).where(*_here(one)).values(last_on=valid.last_on)
        self._connection.execute(ends)

    def remove_assignment(self, one: Assignment) -> None:
        self._connection.execute(delete(_ASSIGNMENTS).where(*_here(one)))


def _here(one: Assignment) -> tuple[ColumnElement[bool], ...]:
    return (
        _ASSIGNMENTS.c.person_id == one.person_id,
        _ASSIGNMENTS.c.role == one.role.value,
        _ASSIGNMENTS.c.scope == one.scope,
        _ASSIGNMENTS.c.deputy == one.deputy,
        _ASSIGNMENTS.c.first_on == one.valid.first_on,
    )
