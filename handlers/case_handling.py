"""What managers and MAS do with a case: receive, assess, find causes, act, answer, close.

Every change leaves a line in the case's history in the same transaction.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from handlers import alerts, notices
from handlers.access import Access, access_of, allowed
from handlers.alerts import Concern
from handlers.domain.case import Action, Case, CaseStatus, Cause, CauseArea
from handlers.domain.deadline import local_date
from handlers.domain.people import Role
from handlers.domain.risk import Likelihood, RiskAssessment, Severity
from handlers.domain.text import clean
from handlers.errors import GateNotMet, NotAllowed, StaleVersion, UserFault
from handlers.municipality import Municipality
from handlers.permissions import Action as Right
from handlers.ports import UnitOfWork
from handlers.records import CaseEvent
from handlers.reporting import receiver_of


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


def missing_for_closing(desk: Desk, case: Case) -> tuple[str, ...]:
    """Return the text keys of all that keeps this person from closing the case."""
    missing = case.missing_for_closing(by_mas=may(desk, Right.CLOSE_SERIOUS, case))
    return missing if may(desk, Right.CLOSE, case) else (*missing, "gate.sas")


def note_read(desk: Desk) -> Case:
    """Return the case to read; the reading itself is kept in its history (PDL 4:3)."""
    case = open_for_work(desk)
    _note(desk, case, "read")
    return case


def acknowledge(desk: Desk) -> Case:
    """A named person receives the case."""
    case = _open(desk)
    if case.status != CaseStatus.RECEIVED:
        return case
    return _saved(desk, _advanced(desk, case, CaseStatus.ACKNOWLEDGED))


def assess_risk(
    desk: Desk, *, severity: Severity, likelihood: Likelihood, rationale: str = ""
) -> Case:
    """Severity 4 at any likelihood, and a score from 8, tell MAS at once."""
    case = _advanced(desk, _open(desk), CaseStatus.ASSESSED)
    risk = RiskAssessment(
        severity=severity,
        likelihood=likelihood,
        assessed_by=desk.person_id,
        assessed_at=desk.now,
        rationale=clean(rationale),
    )
    values = {"severity": str(int(severity)), "likelihood": str(int(likelihood))}
    saved = _saved(desk, replace(case, risk=risk), "risk_assessed", **values)
    if risk.alerts_mas:
        grave = severity == Severity.CATASTROPHIC
        key = "alarm.severity_four" if grave else "alarm.high_score"
        concern = Concern(
            role=Role.MAS,
            reasons=(desk.municipality.catalogue.get(key, "sv"),),
            rule_ids=("A1" if grave else "A3",),
            urgent=grave,
        )
        source = "severity" if grave else "score"
        alerts.raise_for_case(desk.uow, saved, [concern], source, desk.now, desk.municipality)
    return saved


def add_cause(desk: Desk, *, area: CauseArea, text: str) -> Case:
    case = _advanced(desk, _open(desk), CaseStatus.INVESTIGATING)
    cause = Cause(id=desk.municipality.new_id(), area=area, text=_required(text))
    return _saved(desk, replace(case, causes=(*case.causes, cause)), "cause_added", area=area)


def add_action(desk: Desk, *, cause_id: str, text: str, owner_id: str, due_on: date) -> Case:
    """An action answers to a cause of the same case, has an owner and a day to come."""
    case = _open(desk)
    if cause_id not in {cause.id for cause in case.causes}:
        raise UserFault("fault.cause_first")
    owner = desk.uow.organisation.person(owner_id)
    if not clean(text) or owner is None or owner.id in case.manager_involved_ids:
        raise UserFault("fault.action_incomplete")
    if due_on < desk.today:
        raise UserFault("fault.action_past")
    action = Action(
        id=desk.municipality.new_id(),
        cause_id=cause_id,
        text=clean(text),
        owner_id=owner_id,
        due_on=due_on,
    )
    acting = _advanced(desk, case, CaseStatus.ACTING)
    return _saved(desk, replace(acting, actions=(*case.actions, action)), "action_added")


def finish_action(desk: Desk, *, action_id: str, effect: str) -> Case:
    case = _open(desk)
    done = tuple(
        replace(a, done_at=desk.now, effect=clean(effect)) if a.id == action_id else a
        for a in case.actions
    )
    return _saved(desk, replace(case, actions=done), "action_done")


def need_no_action(desk: Desk, *, reason: str) -> Case:
    case = replace(_open(desk), no_action_reason=_required(reason))
    return _saved(desk, case, "no_action")


def write_feedback(desk: Desk, *, text: str) -> Case:
    """Keep the sentence to the reporter; it is sent when the case closes."""
    case = replace(_open(desk), feedback=_required(text))
    return _saved(desk, case, "feedback_written")


def change_category(desk: Desk, *, category: str) -> Case:
    case = replace(_open(desk), category=category, category_source="manager")
    return _saved(desk, case, "category_changed", category=category)


def move_to_unit(desk: Desk, *, unit_id: str) -> Case:
    """Give the case to another unit; the clock keeps running, and its manager is told."""
    case = _open(desk, Right.MOVE)
    unit = desk.uow.organisation.unit(unit_id)
    if unit is None or not unit.valid.holds(desk.today):
        raise UserFault("fault.bad_input")
    involved = set(case.manager_involved_ids)
    if case.manager_involved:
        involved.update(desk.uow.organisation.everyone_managing(unit_id, desk.today))
    changed = replace(case, unit_id=unit_id, manager_involved_ids=tuple(sorted(involved)))
    moved = _saved(desk, changed, "unit_changed", unit=unit_id)
    receiver = receiver_of(desk.uow, moved, desk.now)
    notices.queue(desk.uow, notices.new_case(moved, receiver, desk.municipality), desk.now)
    return moved


def close_case(desk: Desk) -> Case:
    """Close and answer the reporter, or raise GateNotMet with everything that is missing."""
    return _closed(desk, _open(desk), "closed")


def close_without_investigation(desk: Desk, *, reason: str) -> Case:
    """The fast lane: low risk only, with a reason, counted in every figure (ADR 0009)."""
    case = _open(desk)
    if case.risk is None or not case.risk.is_low:
        raise UserFault("fault.not_low_risk")
    short = replace(case, closed_without_investigation_reason=_required(reason))
    return _closed(desk, short, "closed_without_investigation")


def reopen(desk: Desk) -> Case:
    case = _require(desk, open_for_work(desk), Right.REOPEN)
    reopened = replace(case.moved(CaseStatus.INVESTIGATING), closed_at=None)
    return _saved(desk, reopened, "reopened")


def _require(desk: Desk, case: Case, right: Right) -> Case:
    if not may(desk, right, case):
        raise UserFault("fault.no_right")
    return case


def _open(desk: Desk, right: Right = Right.WORK) -> Case:
    case = _require(desk, open_for_work(desk), right)
    if not case.is_open:
        raise UserFault("fault.closed_case")
    return case


def _closed(desk: Desk, case: Case, kind: str) -> Case:
    missing = missing_for_closing(desk, case)
    if missing:
        raise GateNotMet(missing)
    by_mas = may(desk, Right.CLOSE_SERIOUS, case)
    closed = _saved(desk, case.closed(desk.now, by_mas=by_mas), kind)
    report = desk.uow.reports.of_case(case.id)
    if report is not None and closed.feedback and closed.reporter_reachable:
        message = notices.feedback(closed, report.reporter, desk.municipality)
        desk.uow.outbox.add(message, desk.now)
    return closed


def _advanced(desk: Desk, case: Case, to: CaseStatus) -> Case:
    """Walk the main path up to a state, one line of history for each step."""
    for status in case.path_to(to):
        case = case.moved(status)
        if status == CaseStatus.ACKNOWLEDGED:
            case = replace(case, responsible_id=desk.person_id)
        _note(desk, case, "moved", to=status)
    return case


def _saved(desk: Desk, case: Case, kind: str = "", **values: str) -> Case:
    saved = desk.uow.cases.save(case)
    if kind:
        _note(desk, saved, kind, **values)
    return saved


def _note(desk: Desk, case: Case, kind: str, **values: str) -> None:
    history: Mapping[str, str] = values
    event = CaseEvent(
        case_id=case.id, at=desk.now, actor_id=desk.person_id, kind=kind, values=history
    )
    desk.uow.cases.add_event(event)


def _required(text: str) -> str:
    cleaned = clean(text)
    if not cleaned:
        raise UserFault("fault.empty_text")
    return cleaned
