"""What a unit still sees of the cases that it has sent on."""

from dataclasses import dataclass
from datetime import date, datetime

from handlers.access import access_of
from handlers.domain.case import CaseStatus
from handlers.municipality import Municipality
from handlers.permissions import Action as Right
from handlers.ports import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class SentOn:
    """What a unit still sees of a case that it has sent on: how it goes, and nothing in it."""

    number: str
    status: CaseStatus
    target_on: date


def sent_on_by(
    uow: UnitOfWork, municipality: Municipality, person_id: str, now: datetime
) -> tuple[SentOn, ...]:
    """Return the open cases that a person's units have sent on and cannot open any more."""
    access = access_of(uow, municipality, person_id, now)
    units = uow.organisation.managed_units(person_id, access.day)
    return tuple(
        SentOn(number=case.number, status=case.status, target_on=case.due_on)
        for case in uow.cases.sent_on()
        if units & set(case.origin_unit_ids)
        and not case.manager_involved  # nothing is seen of a hidden case, sent on before or after
        and not access.may(Right.OPEN, case)
    )
