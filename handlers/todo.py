"""What waits for one person: each thing with its one next step and the day that it is due."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from handlers import gates
from handlers.access import Access, access_of, allowed, cases_for, involved_in
from handlers.alarm_gate import UNANSWERED, cases_waited_for
from handlers.case_records import Direction, Exchange, Track
from handlers.domain.case import Case, CaseStatus
from handlers.domain.deadline import add_working_days, local_date
from handlers.domain.moves import SarahStep
from handlers.ending import may_be_dismissed
from handlers.handing_over import WORK
from handlers.held_mail import PATH, held_mail
from handlers.municipality import Municipality
from handlers.permissions import Action as Right
from handlers.permissions import Thing
from handlers.ports import UnitOfWork
from handlers.reporting import receiver_of
from handlers.work_environment import answers_for

LOOK = "todo.look"  # whether the unit may know
_WITHOUT_ACTIONS = frozenset({CaseStatus.DISMISSED})  # nothing is done about it any more
_ASSESS_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """`step` is a key of the texts; `path` is where it is done."""

    step: str
    due_on: date
    path: str
    case_id: str = ""
    number: str = ""
    unit: str = ""  # name, of an alert
    urgent: bool = False  # of an alert that goes on to the next person soonest
    reasons: tuple[str, ...] = ()  # of an alert; never the reporter's text
    count: int = 0  # of held letters
    text: str = ""  # of a task or an action, on the page only, never in a message

    def is_late(self, today: date) -> bool:
        return self.due_on < today


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
    """Return everything that waits for a person: the alerts, worst first, then the rest by day."""
    access = access_of(uow, municipality, person_id, now)
    desk = _Desk(
        uow=uow, municipality=municipality, access=access, now=now, waited_for=cases_waited_for(uow)
    )
    cases = cases_for(uow, access, open_only=True)
    found = [
        *_duties(desk),
        *_tasks(desk),
        *_actions(desk),
        *_invitations(desk),
        *_tracks(desk),
        *_investigations(desk),
        *_work_matters(desk),
        *_letters(desk),
    ]
    for case in cases:
        found += _of_case(desk, case)
    by_day = sorted(found, key=lambda one: (one.due_on, one.number, one.step))
    return (*_alerts(desk), *by_day)


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
    last_on = min(day for day in (case.target_on, case.answer_on) if day is not None)
    received = case.received_on
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
        beyond = gates.beyond_the_case(desk.uow, case, by_mas=True)
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
        due_on = add_working_days(asked_on, 2, desk.municipality.is_working_day)
        yield _todo(case, "todo.dismissal", due_on, "#skriv-av")


def _of_parts(desk: _Desk, main: Case) -> Iterator[Todo]:
    """Return what the reports that are merged into a case still owe others."""
    for case in desk.uow.cases.merged_into(main.id):
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


def _alerts(desk: _Desk) -> Iterator[Todo]:
    """Return the alerts that wait for this person: the least patience first, then the oldest."""
    rules = desk.municipality.alert_rules
    mine = [a for a in desk.uow.alerts.unacknowledged() if a.recipient_id == desk.person_id]
    mine.sort(key=lambda a: (rules.patience(a.rule_ids, urgent=a.urgent), a.raised_at))
    for alert in mine:
        case = desk.uow.cases.find(alert.case_id) if alert.case_id else None
        if desk.person_id in involved_in(desk.uow, alert):
            continue
        unit = desk.uow.organisation.unit(case.unit_id if case else alert.unit_id)
        yield Todo(
            step="todo.alert",
            due_on=local_date(alert.raised_at),
            path=f"/larm/{alert.id}",
            number=case.number if case else "",
            unit=unit.name if unit else "",
            urgent=alert.urgent,
            reasons=alert.reasons,
        )


def _duties(desk: _Desk) -> Iterator[Todo]:
    for task in desk.uow.duties.where(owner_id=desk.person_id, done_at=None):
        yield Todo(
            step=f"duty_task.{task.duty_id}", due_on=task.due_on, path=f"/uppgifter/{task.id}"
        )


def _tasks(desk: _Desk) -> Iterator[Todo]:
    for task in desk.uow.work.tasks.where(owner_id=desk.person_id, done_at=None):
        case = _opened(desk, task.case_id)
        if case is not None:
            yield _todo(case, "todo.task", task.due_on, "#team", task.text)


def _actions(desk: _Desk) -> Iterator[Todo]:
    """Return actions to do, and those to ask of whether they helped."""
    for case in desk.uow.cases.with_actions_of(desk.person_id):
        if not _may_open(desk, case) or case.status in _WITHOUT_ACTIONS:
            continue
        for action in case.actions:
            if action.owner_id != desk.person_id or action.helped is not None:
                continue
            if action.done_at is None:
                yield _todo(case, "todo.action", action.due_on, "#atgard", action.text)
                continue
            after = timedelta(days=desk.municipality.clocks.effect_days)
            check_on = local_date(action.done_at) + after
            if desk.today >= check_on - timedelta(days=7):
                yield _todo(case, "todo.effect", check_on, "#hjalpte", action.text)


def _invitations(desk: _Desk) -> Iterator[Todo]:
    """Return open cases that the person is asked into and has not said anything in."""
    for member in desk.uow.work.team.where(person_id=desk.person_id):
        case = _opened(desk, member.case_id)
        if case is None or not case.is_open or _is_asked_for_more(desk, case):
            continue
        if desk.uow.work.comments.where(case_id=case.id, author_id=desk.person_id):
            continue
        asked_on = local_date(member.invited_at)
        due_on = add_working_days(asked_on, 5, desk.municipality.is_working_day)
        yield _todo(case, "todo.comment", due_on, "#team")


def _tracks(desk: _Desk) -> Iterator[Todo]:
    found: list[Track] = list(desk.uow.work.tracks.where(lead_id=desk.person_id, ended_at=None))
    for track in found:
        case = _opened(desk, track.case_id)
        if case is not None:
            due_on = track.due_on or local_date(track.started_at)
            yield _todo(case, f"todo.{track.machine}", due_on, "#spar")


def _investigations(desk: _Desk) -> Iterator[Todo]:
    """Return the lex Sarah investigations that SAS has asked the person to make."""
    found = desk.uow.work.tracks.where(investigator_id=desk.person_id, ended_at=None)
    for track in found:
        case = _opened(desk, track.case_id)
        if case is not None and track.step == SarahStep.INVESTIGATING:
            due_on = track.due_on or local_date(track.started_at)
            yield _todo(case, "todo.investigate", due_on, "#orsak")


def _is_asked_for_more(desk: _Desk, case: Case) -> bool:
    """Whether the person has work of their own in the case, which says what is asked of them."""
    me, work = desk.person_id, desk.uow.work
    own = any(action.owner_id == me for action in case.actions)
    tasks = work.tasks.where(case_id=case.id, owner_id=me)
    return own or bool(tasks or work.tracks.where(case_id=case.id, investigator_id=me))


def _opened(desk: _Desk, case_id: str) -> Case | None:
    """Return a case that work is asked in, if the person may open it: no to-do leads nowhere."""
    case = desk.uow.cases.find(case_id)
    return case if case is not None and _may_open(desk, case) else None


def _may_open(desk: _Desk, case: Case) -> bool:
    return allowed(desk.uow, desk.access, Right.OPEN, case, desk.now)


def _letters(desk: _Desk) -> Iterator[Todo]:
    """Return that mail waits in the mail room, for whoever may decide what becomes of it."""
    held = held_mail(desk.uow, desk.municipality)
    if held is not None and desk.access.may_with(Right.WORK, Thing.MAILROOM):
        yield Todo(step="todo.letters", due_on=held.due_on, path=PATH, count=held.count)


def _work_matters(desk: _Desk) -> Iterator[Todo]:
    """Return matters of the work environment that nobody has handed on yet."""
    for one in desk.uow.handovers.where(form_id=WORK, handed_on_at=None):
        if one.erase_at > desk.now and answers_for(desk.uow, one, desk.person_id, desk.now):
            told_on = local_date(one.created_at)
            due_on = add_working_days(told_on, 5, desk.municipality.is_working_day)
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
