"""Recurring duties: tasks made by calendar, each with an owner and a last day, until done.

A task is told in its owner's digest when it is made, some days before its last day if it is a long
one, on its last day, and every week after. A unit that has closed has no tasks any more.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from handlers.domain.deadline import (
    STOCKHOLM,
    IsWorkingDay,
    add_working_days,
    local_date,
    told_until,
)
from handlers.domain.people import Organisation, Person
from handlers.domain.text import clean
from handlers.duty_rules import DutyRule, Scope
from handlers.errors import NotAllowed, UserFault
from handlers.municipality import Municipality
from handlers.ports import UnitOfWork
from handlers.records import DutyTask

_REMIND_LATE_EVERY = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueTask:
    rule: DutyRule
    task: DutyTask
    person: Person


def make_due_tasks(uow: UnitOfWork, now: datetime, municipality: Municipality) -> int:
    """Make the tasks of every period that has begun; return how many.

    Safe on every sweep and in any number of processes: the store keeps one for each duty, period
    and place. A task whose last day has passed before it could be made is left out, so a new
    municipality does not start with a year of sins.
    """
    today = local_date(now)
    made = 0
    if not municipality.is_working_day(today):
        return made
    for rule in municipality.duty_rules:
        period = rule.period(today)
        due_on = rule.due_on(period, municipality.is_working_day)
        if not rule.made_on(period, municipality.is_working_day) <= today <= due_on:
            continue
        made_for = {one.scope for one in uow.duties.where(duty_id=rule.id, period=period.key)}
        for scope in _scopes(uow.organisation, rule, today):
            if scope in made_for:
                continue
            task = DutyTask(
                id=municipality.new_id(),
                duty_id=rule.id,
                period=period.key,
                scope=scope,
                owner_id=responsible(uow.organisation, rule, scope, today).id,
                due_on=due_on,
                created_at=now,
            )
            made += uow.duties.add(task)
    return made


def due_tasks(uow: UnitOfWork, today: date, municipality: Municipality) -> list[DueTask]:
    """Return the open tasks that their owners are to be told of today."""
    found = []
    for rule, task in _open(uow, municipality, today):
        if _is_due(rule, task, today, municipality.is_working_day):
            person = current_owner(uow.organisation, rule, task, today)
            found.append(DueTask(rule=rule, task=task, person=person))
    return found


def note_reminded(uow: UnitOfWork, task: DutyTask, today: date) -> None:
    """Note a reminder, also of what somebody does just now: it stays done."""
    uow.duties.save(replace(uow.duties.find_locked(task.id) or task, reminded_on=today))


def tasks_of(
    uow: UnitOfWork, person_id: str, now: datetime, municipality: Municipality
) -> list[DueTask]:
    """Return the open tasks that a person is to do now, as owner or stand-in, first due first."""
    today = local_date(now)
    found = []
    for rule, task in _open(uow, municipality, today):
        owner = current_owner(uow.organisation, rule, task, today)
        if owner.id == person_id:
            found.append(DueTask(rule=rule, task=task, person=owner))
    return sorted(found, key=lambda one: (one.task.due_on, one.rule.id, one.task.scope))


def task_for(
    uow: UnitOfWork, task_id: str, person_id: str, now: datetime, municipality: Municipality
) -> DueTask:
    """Return one task, done or not, or raise NotAllowed as if it did not exist."""
    today = local_date(now)
    task = uow.duties.find(task_id)
    rule = next((r for r in municipality.duty_rules if task and r.id == task.duty_id), None)
    if task is None or rule is None:
        raise NotAllowed(task_id)
    if person_id not in _may_do(uow.organisation, rule, task, today):
        raise NotAllowed(task_id)
    owner = current_owner(uow.organisation, rule, task, today)
    return DueTask(rule=rule, task=task, person=owner)


def finish(
    uow: UnitOfWork,
    task_id: str,
    person_id: str,
    now: datetime,
    municipality: Municipality,
    *,
    result: str = "",
) -> DutyTask:
    """Note that a task is done, by whom and what it came to; doing it again changes nothing."""
    due = task_for(uow, task_id, person_id, now, municipality)
    task, said = uow.duties.find_locked(task_id) or due.task, clean(result)
    if task.done_at is not None:
        return task
    if due.rule.asks_result and not said:
        raise UserFault("fault.empty_text")
    done = replace(task, done_at=now, done_by=person_id, result=said)
    uow.duties.save(done)
    return done


def results_before(uow: UnitOfWork, task: DutyTask) -> list[DutyTask]:
    """Return the earlier tasks of the same duty and place with what they came to, newest first."""
    found = uow.duties.where(duty_id=task.duty_id, scope=task.scope)
    kept = [one for one in found if one.result and one.id != task.id]
    return sorted(kept, key=lambda one: one.period, reverse=True)


def responsible(organisation: Organisation, rule: DutyRule, scope: str, today: date) -> Person:
    """Return the first present holder of the duty's roles, else the next above; always one."""
    return next(_holders(organisation, rule, scope, today))


def current_owner(
    organisation: Organisation, rule: DutyRule, task: DutyTask, today: date
) -> Person:
    """Return the task's owner while present and in the duty's own office, else whose it is today.

    So it follows the office: to who came after, and back from whoever had it meanwhile.
    """
    held = _in_duty(organisation, rule, task.scope, today)
    owner = next((person for person in held if person.id == task.owner_id), None)
    return owner or responsible(organisation, rule, task.scope, today)


def _open(
    uow: UnitOfWork, municipality: Municipality, today: date
) -> list[tuple[DutyRule, DutyTask]]:
    """Return the open tasks, of each duty and place the newest only; done ones cover older.

    What a clock that was ahead has made is not there before its day.
    """
    rules = {rule.id: rule for rule in municipality.duty_rules}
    places = {"", *(unit.id for unit in uow.organisation.current_units(today))}
    tomorrow = datetime.combine(today + timedelta(days=1), time(0), tzinfo=STOCKHOLM)
    newest = uow.duties.newest(tomorrow)
    return [
        (rules[task.duty_id], task)
        for task in newest
        if task.duty_id in rules and task.scope in places and task.done_at is None
    ]


def _holders(
    organisation: Organisation, rule: DutyRule, scope: str, today: date
) -> Iterator[Person]:
    yield from _in_duty(organisation, rule, scope, today)
    for role in rule.stand_ins:
        yield from organisation.holders(role, scope, today)
    if rule.scope == Scope.UNIT:
        yield from organisation.unit_chain(scope, today)
    yield organisation.fallback


def _in_duty(
    organisation: Organisation, rule: DutyRule, scope: str, today: date
) -> tuple[Person, ...]:
    """Return who holds the office that the duty belongs to, at its place, and is present."""
    return tuple(p for role in rule.owners for p in organisation.holders(role, scope, today))


def _may_do(organisation: Organisation, rule: DutyRule, task: DutyTask, today: date) -> set[str]:
    """Return who may do a task: its owner and everybody who holds the duty's role."""
    held = {person.id for person in _in_duty(organisation, rule, task.scope, today)}
    return held | {current_owner(organisation, rule, task, today).id}


def _scopes(organisation: Organisation, rule: DutyRule, today: date) -> tuple[str, ...]:
    if rule.scope == Scope.MUNICIPALITY:
        return ("",)
    return tuple(unit.id for unit in organisation.current_units(today))


def _is_due(rule: DutyRule, task: DutyTask, today: date, works: IsWorkingDay) -> bool:
    if task.reminded_on is None or task.reminded_on > told_until(today):
        return True
    for days in {rule.days_before, 0}:
        told_for = add_working_days(task.reminded_on, days, works)
        if told_for < task.due_on <= add_working_days(today, days, works):
            return True
    return today > task.due_on and today - task.reminded_on >= _REMIND_LATE_EVERY
