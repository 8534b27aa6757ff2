"""Asking MAS for advice: a button for risks in between, counted but never an alert (rule A4).

A question has a day to be answered by and is on somebody's list until then. When nobody has
answered in the time that the rule gives, the next who may is asked too.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from handlers import notices, team, work_notices
from handlers.case_records import AdviceRequest
from handlers.chairs import organisation_of
from handlers.desk import Desk, note, open_case, open_for_work, require, required
from handlers.domain.case import Case
from handlers.domain.deadline import add_working_days, lies_ahead, local_date
from handlers.domain.event import as_one_event
from handlers.domain.people import Person, laws_of_event
from handlers.domain.text import clean
from handlers.errors import UserFault
from handlers.municipality import Municipality
from handlers.permissions import Action as Right
from handlers.ports import UnitOfWork
from handlers.reporting import receiver_of
from handlers.standing_in import adviser, is_at_work

_RULE = "A4"
_MINUTES_A_DAY = 480  # a working day, for the day that stands on the question


def is_offered(uow: UnitOfWork, case: Case, municipality: Municipality) -> bool:
    """Whether the manager may want advice: MAS is told of graver cases anyway."""
    rule = municipality.alert_rules[_RULE]
    risk = as_one_event(case, uow.cases.merged_into(case.id)).risk
    return rule.enabled and risk is not None and risk.score >= rule.score and not risk.alerts_mas


def ask_mas(desk: Desk, *, question: str = "") -> Case:
    """Ask for advice in the case; while a question waits a second one changes nothing."""
    case = open_case(desk, Right.INVESTIGATE)
    if not is_offered(desk.uow, case, desk.municipality):
        raise UserFault("fault.bad_input")
    if desk.uow.work.advice.where(case_id=case.id, answered_at=None):
        return case
    person = _chain(desk.uow, case, desk.today, desk.municipality)[0]
    asked = AdviceRequest(
        id=desk.municipality.new_id(),
        case_id=case.id,
        asked_by=desk.person_id,
        asked_at=desk.now,
        question=clean(question),
        due_on=_due_on(desk.today, desk.municipality),
        told_ids=(person.id,),
        told_at=desk.now,
    )
    desk.uow.work.advice.add(asked)
    messages = work_notices.advice(case, asked.id, person, desk.municipality)
    notices.queue(desk.uow, messages, desk.now)
    note(desk, case, "advice_asked")
    return case


def may_answer(desk: Desk, case: Case, asked: AdviceRequest) -> bool:
    """Whether somebody may answer: who was asked or stands in, and MAS and SAS."""
    organisation = organisation_of(desk.uow, case, desk.today)
    special = organisation.watches(desk.person_id, desk.today)
    theirs = desk.person_id in (*asked.told_ids, adviser(desk.uow, case, asked, desk.today).id)
    return (special or theirs) and desk.person_id != asked.asked_by


def answer(desk: Desk, *, question_id: str, text: str) -> Case:
    """Answer a question; whoever asked is told, and the answer stands on the case."""
    case = require(desk, open_for_work(desk), Right.COMMENT)
    asked = desk.uow.work.advice.find_locked(question_id)
    if asked is None or asked.case_id != case.id or not may_answer(desk, case, asked):
        raise UserFault("fault.no_right")
    if asked.answered_at is not None:
        return case
    said = required(text)
    done = replace(asked, answered_at=desk.now, answered_by=desk.person_id, answer=said)
    desk.uow.work.advice.save(done)
    team.keep_comment(desk, case, said)
    note(desk, case, "advice_answered")
    person = _asker(desk, case, asked)
    messages = work_notices.advice_answered(case, asked.id, person, desk.municipality)
    notices.queue(desk.uow, messages, desk.now)
    return case


def of_case(uow: UnitOfWork, case_id: str) -> Sequence[AdviceRequest]:
    return uow.work.advice.where(case_id=case_id)


def ask_on(uow: UnitOfWork, now: datetime, municipality: Municipality) -> int:
    """Ask the next for every question that has waited too long; return how many were asked."""
    rules = municipality.alert_rules
    patience, asked_on = rules.patience([_RULE], urgent=False), 0
    for asked in uow.work.advice.where(answered_at=None):
        case = uow.cases.find(asked.case_id)
        if case is None or not case.is_open:
            continue
        waited = rules.daytime.passed(asked.told_at, now) >= patience
        from_ahead = lies_ahead(asked.told_at, now) and rules.daytime.holds(now)
        if not waited and not from_ahead:
            continue
        chain = _chain(uow, case, local_date(now), municipality)
        person = next((one for one in chain if one.id not in asked.told_ids), None)
        if person is not None and uow.work.advice.find_locked(asked.id) == asked:
            told = replace(asked, told_ids=(*asked.told_ids, person.id), told_at=now)
            uow.work.advice.save(told)
            messages = work_notices.advice(case, asked.id, person, municipality)
            asked_on += notices.queue(uow, messages, now)
    return asked_on


def _chain(
    uow: UnitOfWork, case: Case, day: date, municipality: Municipality
) -> tuple[Person, ...]:
    organisation = organisation_of(uow, case, day)
    laws = laws_of_event(case.reports_laws, organisation.unit(case.unit_id))
    mas = municipality.alert_rules[_RULE].receivers(laws)[0]
    role = organisation.told_instead(mas, case.unit_id, laws)
    return organisation.alert_chain(role, case.unit_id, day, without=case.manager_involved_ids)


def _due_on(today: date, municipality: Municipality) -> date:
    minutes = municipality.alert_rules.patience([_RULE], urgent=False) / timedelta(minutes=1)
    days = max(1, round(minutes / _MINUTES_A_DAY))
    return add_working_days(today, days, municipality.is_working_day)


def _asker(desk: Desk, case: Case, asked: AdviceRequest) -> Person:
    organisation = desk.uow.organisation
    person = organisation.person(asked.asked_by)
    free = asked.asked_by not in case.manager_involved_ids
    if person is not None and free and is_at_work(organisation, person.id, desk.today):
        return person
    return receiver_of(desk.uow, case, desk.now)
