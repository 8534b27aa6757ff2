"""What every deed in a case begins and ends with: the right to it, the version, the history."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from handlers import alerts
from handlers.access import Access, access_of, allowed
from handlers.chairs import organisation_of
from handlers.domain.case import Case, CaseStatus
from handlers.domain.deadline import local_date
from handlers.domain.moves import Machine, find_move
from handlers.domain.text import clean
from handlers.errors import NotAllowed, StaleVersion, UserFault
from handlers.merged import where_it_lives
from handlers.municipality import Municipality
from handlers.permissions import Action as Right
from handlers.ports import UnitOfWork
from handlers.records import CaseEvent
from handlers.standing_in import stand_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Who does something, when, and the case version that they were looking at."""

    uow: UnitOfWork
    municipality: Municipality
    person_id: str
    now: datetime
    case_id: str
    version: int | None = None  # None: whatever it is now

    @property
    def today(self) -> date:
        return local_date(self.now)

    def at(self, case_id: str) -> "Desk":
        """Return the same person at another case, in whatever version it is."""
        return replace(self, case_id=case_id, version=None)


def open_for_work(desk: Desk) -> Case:
    """Return the case, or raise NotAllowed as if it did not exist."""
    case = desk.uow.cases.find(desk.case_id)
    if case is None or not may(desk, Right.OPEN, case):
        raise NotAllowed(desk.case_id)
    if desk.version is not None and desk.version != case.version:
        raise StaleVersion
    return case


def access_at(desk: Desk) -> Access:
    return access_of(desk.uow, desk.municipality, desk.person_id, desk.now)


def may(desk: Desk, right: Right, case: Case) -> bool:
    return allowed(desk.uow, access_at(desk), right, case, desk.now)


def has_to_do(desk: Desk, case: Case, owner_id: str) -> bool:
    """Whether work of somebody's is this person's: her own, or with her while the other is away."""
    if desk.person_id == owner_id:
        return True
    organisation = organisation_of(desk.uow, case, desk.today)
    other = stand_in(organisation, case, owner_id, desk.today)
    return other is not None and other.id == desk.person_id


def require(desk: Desk, case: Case, right: Right) -> Case:
    if not may(desk, right, case):
        raise UserFault("fault.no_right")
    return case


def open_case(desk: Desk, right: Right = Right.WORK) -> Case:
    """Return a case that is not ended and that the person may do this with."""
    case = require(desk, open_for_work(desk), right)
    if not case.is_open:
        raise UserFault("fault.closed_case")
    return case


def answered_for(desk: Desk) -> Case:
    """Return a case whose sender can still be answered: open, or merged into one that is open."""
    case = require(desk, open_for_work(desk), Right.WORK)
    if not where_it_lives(desk.uow, case).is_open:
        raise UserFault("fault.closed_case")
    return case


def advanced(desk: Desk, case: Case, to: CaseStatus) -> Case:
    """Walk the main path up to a state, one line of history for each step.

    Whoever is only asked in receives no case and makes no preliminary assessment unnecessary:
    what they write is kept, and the case stays where its manager has to see to it.
    """
    early = case.status == CaseStatus.RECEIVED
    unassessed = case.risk is None and to != CaseStatus.ASSESSED
    if (early or unassessed) and not may(desk, Right.WORK, case):
        return case
    for status in case.path_to(to):
        case = moved(desk, case, status)
    return case


def moved(desk: Desk, case: Case, to: CaseStatus) -> Case:
    case = case.moved(to)
    if to == CaseStatus.ACKNOWLEDGED:
        case = replace(case, responsible_id=desk.person_id)
    note(desk, case, "moved", to=to)
    return _without_vain_proposal(desk, case)


def _without_vain_proposal(desk: Desk, case: Case) -> Case:
    """End a proposal that nobody can agree to any more: somebody has begun to investigate."""
    if case.dismissal is None or find_move(Machine.CASE, case.status, CaseStatus.DISMISSED):
        return case
    note(desk, case, "proposal_ended")
    return replace(case, dismissal=None)


def saved(desk: Desk, case: Case, kind: str = "", **values: str) -> Case:
    stored = desk.uow.cases.save(case)
    if kind:
        note(desk, stored, kind, **values)
    alerts.take_by_working(desk.uow, stored, desk.person_id, desk.now)
    return stored


def note(desk: Desk, case: Case, kind: str, **values: str) -> None:
    history: Mapping[str, str] = values
    event = CaseEvent(
        case_id=case.id, at=desk.now, actor_id=desk.person_id, kind=kind, values=history
    )
    desk.uow.cases.add_event(event)


def required(text: str) -> str:
    cleaned = clean(text)
    if not cleaned:
        raise UserFault("fault.empty_text")
    return cleaned
