"""What waits for one person: each thing with its one next step and the day that it is due."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from handlers import duties, gates
from handlers.access import Access, access_of, cases_for
from handlers.alarm_gate import UNANSWERED, cases_waited_for
from handlers.alert_chain import may_see
from handlers.case_records import Direction, Exchange
from handlers.dismissing import AGREED_WITHIN, may_be_dismissed
from handlers.domain.case import Case, CaseStatus
from handlers.domain.deadline import STOCKHOLM, add_working_days, local_date
from handlers.domain.people import Role
from handlers.domain.rounds import first_days_from
from handlers.gravity import gravity_of
from handlers.handing_over import WORK
from handlers.held_mail import PATH, held_mail
from handlers.in_office import place_of
from handlers.municipality import Municipality
from handlers.nobody_there import PATH as STAFF
from handlers.nobody_there import nobody_there
from handlers.permissions import Action as Right
from handlers.permissions import Thing
from handlers.ports import UnitOfWork
from handlers.records import Alert
from handlers.reporting import receiver_of
from handlers.todo_rows import LOOK as LOOK
from handlers.todo_rows import Todo as Todo
from handlers.todo_rows import how_to as how_to
from handlers.vacancies import PLACE, vacancies
from handlers.work_environment import answers_for
from handlers.work_items import items_of

_ASSESS_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    uow: UnitOfWork
    municipality: Municipality
    access: Access
    now: datetime
    waited_for: frozenset[str]  # ids of cases that MAS or SAS have not looked at yet

    @property
    def person_id(self) -> str:
        return self.access.person_id

    @property
    def today(self) -> date:
        return local_date(self.now)


def todos_of(
    uow: UnitOfWork, municipality: Municipality, person_id: str, now: datetime
) -> tuple[Todo, ...]:
    """Return everything that waits for a person: the alerts, then the gravest, then by day."""
    access = access_of(uow, municipality, person_id, now)
    desk = _Desk(
        uow=uow, municipality=municipality, access=access, now=now, waited_for=cases_waited_for(uow)
    )
    cases = cases_for(uow, access, open_only=True)
    found = [
        *_duties(desk),
        *_work(desk, [case for case in cases if case.manager_involved]),
        *_owed_after_closing(desk),
        *_work_matters(desk),
        *_letters(desk),
    ]
    for case in cases:
        found += _of_case(desk, case)
    marked = [_marked(desk, one) for one in found]
    marked.sort(key=lambda one: (-one.gravity, one.due_on, one.number, one.step))
    return (*_alerts(desk), *_nobody_there(desk), *marked)


def _marked(desk: _Desk, one: Todo) -> Todo:
    """Return the row with what tells it from the others: how grave, of what kind, and where."""
    case = desk.uow.cases.find(one.case_id) if one.case_id else None
    if case is None:
        return one
    unit = desk.uow.organisation.unit(case.unit_id)
    return replace(
        one,
        unit=unit.name if unit else "",
        category=case.category,
        gravity=gravity_of(desk.uow, case),
    )


def next_step(
    case: Case,
    municipality: Municipality,
    *,
    may_close: bool = True,
    waited_for: frozenset[str] = frozenset(),
    today: date | None = None,
    beyond: tuple[str, ...] = (),
) -> tuple[str, date]:
    """Return the one next step of an open case and the day that it is due at the latest.

    `waited_for` are the ids of cases that MAS or SAS have not looked at yet; `beyond` the gates
    that merged reports and side tracks leave open.
    """
    if case.look_on is not None:
        return LOOK, case.look_on
    last_on = case.due_on
    received = first_days_from(case)
    if case.status == CaseStatus.RECEIVED:
        first = add_working_days(received, 1, municipality.is_working_day)
        return "duty.acknowledge", min(first, last_on)
    if case.confirm_on is not None and case.confirmed_at is None:
        return "todo.confirm", case.confirm_on
    if case.risk is None:
        return "gate.risk", min(received + _ASSESS_WITHIN, last_on)
    missing = (*case.missing_for_closing(by_mas=may_close, today=today), *beyond)
    last = UNANSWERED if case.id in waited_for else "duty.finish"
    return next(iter(missing), last), last_on


def _of_case(desk: _Desk, case: Case) -> Iterator[Todo]:
    """Return what one case asks of this person; most cases ask somebody else."""
    mine = desk.person_id in (case.responsible_id, receiver_of(desk.uow, case, desk.now).id)
    if case.look_on is not None:
        if mine and desk.access.may(Right.UNSHIELD, case):
            yield _todo(case, LOOK, case.look_on, "#skydda")
        return
    if mine and desk.access.may(Right.WORK, case):
        beyond = gates.beyond_the_case(desk.uow, case, by_mas=True, today=desk.today)
        step, due_on = next_step(
            case,
            desk.municipality,
            waited_for=desk.waited_for,
            today=desk.today,
            beyond=beyond,
        )
        yield _todo(case, step, due_on)
        yield from _exchanges(desk, case)
        yield from _of_parts(desk, case)
    if case.dismissal is not None and _may_agree(desk, case):
        asked_on = local_date(case.dismissal.proposed_at)
        due_on = add_working_days(asked_on, AGREED_WITHIN, desk.municipality.is_working_day)
        yield _todo(case, "todo.dismissal", due_on, "#skriv-av")


def _of_parts(desk: _Desk, main: Case) -> Iterator[Todo]:
    """Return what the reports that are merged into a case still owe others."""
    for case in desk.uow.cases.merged_into(main.id):
        if case.confirm_on is not None and case.confirmed_at is None:
            yield _todo(case, "todo.confirm", case.confirm_on, "#svara")
        if case.must_be_answered and not case.answered:
            yield _todo(case, "gate.answer", case.answer_on or main.target_on, "#svara")
        yield from _exchanges(desk, case)


def _may_agree(desk: _Desk, case: Case) -> bool:
    asked_by = case.dismissal.proposed_by if case.dismissal else ""
    may = desk.access.may(Right.CLOSE, case) and may_be_dismissed(case)
    return may and asked_by != desk.person_id


def _exchanges(desk: _Desk, case: Case) -> Iterator[Todo]:
    found: list[Exchange] = list(desk.uow.work.exchanges.where(case_id=case.id, answered_at=None))
    for one in found:
        step = "todo.answer_sender" if one.direction == Direction.IN else "todo.chase"
        yield _todo(case, step, one.due_on, "#mellan")


def _owed_after_closing(desk: _Desk) -> Iterator[Todo]:
    """Return answers between organisations that a closed case still waits for, or owes."""
    found: list[Exchange] = list(desk.uow.work.exchanges.where(answered_at=None))
    for case_id in sorted({one.case_id for one in found}):
        case = desk.uow.cases.find(case_id)
        if case is None or not desk.access.may(Right.WORK, case):
            continue
        main = desk.uow.cases.find(case.merged_into_id) if case.merged_into_id else case
        receiver = receiver_of(desk.uow, case, desk.now).id
        if main and not main.is_open and desk.person_id in (case.responsible_id, receiver):
            yield from _exchanges(desk, case)


def _alerts(desk: _Desk) -> Iterator[Todo]:
    """Return the alerts that wait for this person: the least patience first, then the oldest.

    What a rule has found stands before what only the model suspects.
    """
    rules = desk.municipality.alert_rules
    mine = [one for one in desk.uow.alerts.unacknowledged() if _is_mine(desk, one)]
    mine.sort(
        key=lambda a: (rules.patience(a.rule_ids, urgent=a.urgent), not a.rule_ids, a.raised_at)
    )
    for alert in mine:
        case = desk.uow.cases.find(alert.case_id) if alert.case_id else None
        if not may_see(desk.uow, alert, desk.person_id, desk.now):
            continue
        unit = desk.uow.organisation.unit(place_of(desk.uow, alert))
        yield Todo(
            step="todo.alert",
            due_on=local_date(alert.raised_at),
            path=f"/larm/{alert.id}",
            number=case.number if case else "",
            unit=unit.name if unit else "",
            category=case.category if case else "",
            urgent=alert.urgent,
            reasons=alert.reasons,
            raised=f"{alert.raised_at.astimezone(STOCKHOLM):%Y-%m-%d %H:%M}",
        )


def _is_mine(desk: _Desk, found: Alert) -> bool:
    """Whether an alert waits for the person: told last, or told and in the office that it is to.

    MAS who was told at night finds it in the morning, though it has gone on since.
    """
    if found.recipient_id == desk.person_id:
        return True
    organisation = desk.uow.organisation
    holds = organisation.has_role(desk.person_id, Role(found.role), desk.today)
    return holds and desk.person_id in found.told_ids


def _duties(desk: _Desk) -> Iterator[Todo]:
    for due in duties.tasks_of(desk.uow, desk.person_id, desk.now, desk.municipality):
        unit = desk.uow.organisation.unit(due.task.scope)
        yield Todo(
            step=f"duty_task.{due.rule.id}",
            unit=unit.name if unit else "",
            due_on=due.task.due_on,
            path=f"/uppgifter/{due.task.id}",
        )


def _work(desk: _Desk, hidden: Iterable[Case]) -> Iterator[Todo]:
    for item in items_of(desk.uow, desk.municipality, desk.person_id, desk.now, hidden):
        yield _todo(item.case, f"todo.{item.kind}", item.due_on, item.place, item.text)


def _letters(desk: _Desk) -> Iterator[Todo]:
    """Return that mail waits in the mail room, for whoever may decide what becomes of it."""
    held = held_mail(desk.uow, desk.municipality)
    if held is not None and desk.access.may_with(Right.WORK, Thing.MAILROOM):
        yield Todo(step="todo.letters", due_on=held.due_on, path=PATH, count=held.count)


def _nobody_there(desk: _Desk) -> Iterator[Todo]:
    """Return that work waits for somebody to be there, for whoever names deputies."""
    if not desk.access.may_with(Right.EDIT, Thing.ORGANISATION):
        return
    empty = vacancies(desk.uow, desk.municipality, desk.now, reader_id=desk.person_id)
    if empty:
        path, urgent = f"{STAFF}#{PLACE}", any(one.alerts for one in empty)
        step, count = "todo.vacancy", len(empty)
        yield Todo(step=step, due_on=desk.today, path=path, urgent=urgent, count=count)
    if found := nobody_there(desk.uow, desk.now, reader_id=desk.person_id):
        step, urgent = "todo.nobody_there", found.alerts > 0
        yield Todo(step=step, due_on=desk.today, path=STAFF, urgent=urgent, count=found.count)


def _work_matters(desk: _Desk) -> Iterator[Todo]:
    """Return matters of the work environment that nobody has handed on yet."""
    for one in desk.uow.handovers.where(form_id=WORK, handed_on_at=None):
        if one.erase_at > desk.now and answers_for(desk.uow, one, desk.person_id, desk.now):
            works, told_on = desk.municipality.is_working_day, local_date(one.created_at)
            due_on = add_working_days(told_on, 5, works)
            path = f"/overlamning/{one.id}"
            yield Todo(step="todo.work", due_on=due_on, path=path, number=one.number)


def _todo(case: Case, step: str, due_on: date, place: str = "", text: str = "") -> Todo:
    return Todo(
        step=step,
        due_on=due_on,
        path=f"/arenden/{case.id}{place}",
        case_id=case.id,
        number=case.number,
        text=text,
    )
