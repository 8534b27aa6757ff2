"""What managers and MAS do with a case: receive, assess, find causes, act, answer, close.

Every change leaves a line in the case's history in the same transaction.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from handlers import gates, snoozing, team
from handlers.case_records import Snooze
from handlers.desk import Desk as Desk
from handlers.desk import (
    access_at as access_at,
)
from handlers.desk import (
    advanced,
    note,
    open_case,
    required,
    saved,
)
from handlers.desk import (
    may as may,
)
from handlers.desk import (
    open_for_work as open_for_work,
)
from handlers.domain.case import Action, Case, CaseStatus, Cause, CauseArea
from handlers.domain.causes import says_nothing
from handlers.domain.injury import PersonTold
from handlers.domain.risk import Likelihood, RiskAssessment, Severity
from handlers.domain.text import clean
from handlers.ending import close_case as close_case
from handlers.ending import close_without_investigation as close_without_investigation
from handlers.ending import missing_for_closing as missing_for_closing
from handlers.ending import names_somebody_in_a_chat
from handlers.ending import reopen as reopen
from handlers.errors import UserFault
from handlers.laws import first_laws, tell_watchers
from handlers.moving import move_to_unit as move_to_unit
from handlers.permissions import Action as Right
from handlers.risk_telling import tell_of_risk

LONGEST_SNOOZE = timedelta(days=14)
MOST_SNOOZES = 2


def note_read(desk: Desk) -> Case:
    """Return the case to read; the reading itself is kept in its history (PDL 4:3)."""
    case = open_for_work(desk)
    note(desk, case, "read")
    return case


def acknowledge(desk: Desk) -> Case:
    """A named person receives the case.

    A colleague who is asked in can have assessed it already; one that has moved is assessed anew.
    """
    case = open_case(desk)
    if case.status != CaseStatus.RECEIVED:
        return case
    since = case.moved_at or case.received_at
    assessed = any(one.assessed_at >= since for one in case.assessments)
    to = CaseStatus.ASSESSED if assessed else CaseStatus.ACKNOWLEDGED
    return saved(desk, advanced(desk, case, to))


def assess_risk(
    desk: Desk,
    *,
    severity: Severity,
    likelihood: Likelihood,
    rationale: str = "",
    potential: Severity | None = None,
    legal_area: str = "",
    legal_areas: Iterable[str] = (),
    told: PersonTold | None = None,
) -> Case:
    """Keep an assessment of the event, or of one legal area of it, and tell who must know.

    The first one says which laws the event is about, else those of its unit, and whether the
    person has been told when somebody needed care.
    Severity 4, actual or potential, and a score from 8 tell MAS at once. Whoever may not lower a
    serious case can say so; it holds when MAS or SAS has said the same (alert rule A18).
    """
    before = open_case(desk, Right.INVESTIGATE)
    case = _preliminary(desk, before, tuple(legal_areas), told)
    if legal_area and legal_area not in case.event_laws:
        raise UserFault("fault.bad_input")
    risk = RiskAssessment(
        severity=severity,
        likelihood=likelihood,
        assessed_by=desk.person_id,
        assessed_at=desk.now,
        rationale=clean(rationale),
        potential=potential,
        legal_area=legal_area,
        may_lower=may(desk, Right.CLOSE_SERIOUS, case),
    )
    _require_lowering(desk, case, risk)
    case = advanced(desk, case, CaseStatus.ASSESSED)
    values = {"severity": str(int(severity)), "likelihood": str(int(likelihood))}
    changed = replace(case, assessments=(*case.assessments, risk))
    stored = saved(desk, changed, "risk_assessed", **values)
    tell_watchers(desk, before, stored)
    tell_of_risk(desk, case, stored, risk)
    return stored


def _preliminary(
    desk: Desk, case: Case, legal_areas: tuple[str, ...], told: PersonTold | None
) -> Case:
    """Return the case with its laws and whether the person knows, or raise UserFault."""
    if told is not None and told != case.person_told:
        case = replace(case, person_told=told)
        note(desk, case, "person_told", told=told)
    if case.needed_care and case.person_told is None and not case.is_informed:
        raise UserFault("fault.person_told")
    return first_laws(desk, case, legal_areas)


def _require_lowering(desk: Desk, case: Case, risk: RiskAssessment) -> None:
    """Raise UserFault when what may be misconduct, or has a track, is made less grave.

    Elsewhere a serious assessment goes on to hold, and MAS is told of the lighter one (A18).
    """
    held = case.held_for(risk.legal_area)
    if risk.may_lower or held is None or not held.is_graver_than(risk):
        return
    if case.possible_misconduct or gates.is_bound(desk.uow, case):
        raise UserFault("fault.may_not_lower")


def add_cause(desk: Desk, *, area: CauseArea, text: str) -> Case:
    case, explanation = open_case(desk, Right.INVESTIGATE), required(text)
    if says_nothing(explanation):
        raise UserFault("fault.cause_says_nothing")
    case = advanced(desk, case, CaseStatus.INVESTIGATING)
    cause = Cause(id=desk.municipality.new_id(), area=area, text=explanation)
    return saved(desk, replace(case, causes=(*case.causes, cause)), "cause_added", area=area)


def add_action(desk: Desk, *, cause_id: str, text: str, owner_id: str, due_on: date) -> Case:
    """An action answers to a cause of the same case, has an owner and a day to come."""
    case = open_case(desk, Right.INVESTIGATE)
    if cause_id not in {cause.id for cause in case.causes}:
        raise UserFault("fault.cause_first")
    owner = desk.uow.organisation.person(owner_id)
    if not clean(text) or owner is None:
        raise UserFault("fault.action_incomplete")
    team.require_possible(desk, case, owner.id, due_on)
    team.let_owner_in(desk, case, owner)
    action = Action(
        id=desk.municipality.new_id(),
        cause_id=cause_id,
        text=clean(text),
        owner_id=owner_id,
        due_on=due_on,
    )
    acting = advanced(desk, case, CaseStatus.ACTING)
    return saved(desk, replace(acting, actions=(*case.actions, action)), "action_added")


def need_no_action(desk: Desk, *, reason: str) -> Case:
    case = replace(open_case(desk), no_action_reason=required(reason))
    return saved(desk, case, "no_action")


def write_feedback(desk: Desk, *, text: str) -> Case:
    """Keep the sentence to the reporter; it is sent when the case closes.

    No chat carries a name or number, our own no more than others': only whoever wrote by mail can
    be led to a page behind a code.
    """
    case, feedback = open_case(desk), required(text)
    if names_somebody_in_a_chat(desk, case, feedback):
        raise UserFault("fault.feedback_names")
    return saved(desk, replace(case, feedback=feedback), "feedback_written")


def change_category(desk: Desk, *, category: str) -> Case:
    """Correct what a case is about; its history keeps what stood there, who had put it and why.

    Choosing what stands there already is no correction and changes nothing.
    """
    if category not in desk.municipality.categories:
        raise UserFault("fault.bad_input")
    case = open_case(desk)
    if category == case.category:
        return case
    before = {"was": case.category, "was_by": case.category_source, "model": case.model_version}
    corrected = replace(case, category=category, category_source="manager")
    suggested = _suggestion(desk, case)
    changed = saved(desk, corrected, "category_changed", category=category, **before, **suggested)
    team.invite_by_rule(desk.uow, changed, desk.now, desk.municipality)
    return changed


def _suggestion(desk: Desk, case: Case) -> dict[str, str]:
    """Return what the model suggested when the case was opened, and how sure it was."""
    opened = (event for event in desk.uow.cases.events(case.id) if event.kind == "opened")
    values = next((event.values for event in opened), {})
    return {name: values[name] for name in ("suggested", "probability") if name in values}


def snooze(desk: Desk, *, until_on: date, reason: str) -> Case:
    """Let the reminders of a case rest for a while; the case and its clock go on.

    At most two weeks at a time and twice for a case, never for a serious one; shown on its page.
    """
    case = open_case(desk)
    if snoozing.is_serious(desk.uow, case):
        raise UserFault("fault.snooze_serious")
    if not desk.today < until_on <= desk.today + LONGEST_SNOOZE:
        raise UserFault("fault.snooze_too_long")
    if len(desk.uow.work.snoozes.where(case_id=case.id)) >= MOST_SNOOZES:
        raise UserFault("fault.snooze_too_often")
    put_off = Snooze(
        id=desk.municipality.new_id(),
        case_id=case.id,
        until_on=until_on,
        reason=required(reason),
        by=desk.person_id,
        created_at=desk.now,
    )
    desk.uow.work.snoozes.add(put_off)
    return saved(desk, case, "snoozed", until=until_on.isoformat())
