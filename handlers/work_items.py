"""What waits in cases for one person each: tasks, actions, invitations, tracks, questions to MAS.

Everything here has somebody who does it now: whoever was asked, or who stands in.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from datetime import date, datetime, timedelta

from handlers.alert_chain import chain_of, looks
from handlers.case_records import AdviceRequest, Profession, Task, TeamMember
from handlers.domain.case import Action, Case
from handlers.domain.deadline import add_working_days, local_date
from handlers.domain.people import WATCHING
from handlers.municipality import Municipality
from handlers.owed_items import proposals, track_items, unopened_answers
from handlers.ports import UnitOfWork
from handlers.records import Alert
from handlers.standing_in import adviser, people_away
from handlers.work_source import GONE, Source
from handlers.work_source import WorkItem as WorkItem

IsDue = Callable[[str, str, date], bool]  # kind, key and due day of an item

_ANSWER_AN_INVITATION = 5  # working days
_SHOWN_AHEAD = timedelta(days=7)  # before an effect can be seen


def items_of(
    uow: UnitOfWork,
    municipality: Municipality,
    person_id: str,
    now: datetime,
    hidden: Iterable[Case] = (),
) -> list[WorkItem]:
    """Return what waits for one person, her own and what she does for those who are away.

    `hidden` are the hidden cases that she may see: in them she does what it is shut to others to.
    """
    source = Source(uow=uow, municipality=municipality, now=now)
    work, found = uow.work, list[WorkItem]()
    for owner in sorted({person_id, *people_away(uow.organisation, source.today)}):
        found += _tasks(source, work.tasks.where(owner_id=owner, done_at=None))
        found += _actions(source, uow.cases.with_actions_of(owner), owner)
        found += _invitations(source, work.team.where(person_id=owner))
    found += track_items(source, work.tracks.where(ended_at=None))
    found += _shut_out(source, hidden, people_away(uow.organisation, source.today))
    found += _looks(source, uow.alerts.not_looked_at(WATCHING))
    found += _advice(source, work.advice.where(answered_at=None))
    found += unopened_answers(source)
    return list({one.key: one for one in found if one.person.id == person_id}.values())


def _shut_out(source: Source, hidden: Iterable[Case], away: Set[str]) -> Iterator[WorkItem]:
    """Yield what somebody who is at work was to do in a case that is shut to her now."""
    for case in hidden:
        tasks = source.uow.work.tasks.where(case_id=case.id, done_at=None)
        yield from _tasks(source, (one for one in tasks if one.owner_id not in away))
        for owner in sorted({one.owner_id for one in case.actions} - away):
            yield from _actions(source, [case], owner)


def all_items(
    uow: UnitOfWork, municipality: Municipality, now: datetime, until: date, is_due: IsDue
) -> list[WorkItem]:
    """Return everything that waits and is due by a day, or has not been told to anybody yet.

    Invitations are asked first whether they are due: most of the silent ones have been told of.
    """
    source = Source(uow=uow, municipality=municipality, now=now)
    work = uow.work
    members = uow.waiting.members()
    asked = (one for one in members if is_due("comment", _key(one), _answer_by(source, one)))
    found = [
        *_tasks(source, (one for one in work.tasks.where(done_at=None) if one.due_on <= until)),
        *_actions(source, _with_due_actions(source, until)),
        *_invitations(source, asked),
        *track_items(source, work.tracks.where(ended_at=None)),
        *_looks(source, uow.alerts.not_looked_at(WATCHING)),
        *_advice(source, work.advice.where(answered_at=None)),
        *unopened_answers(source),
        *proposals(source),  # on the page it stands with its case, for everybody who may agree
    ]
    return [one for one in found if one.due_on <= until or one.tell_at_once]


def _with_due_actions(source: Source, until: date) -> Sequence[Case]:
    """Return few cases: undone actions of closed ones would else be read on every sweep."""
    rules, clocks = source.municipality.work_rules, source.municipality.clocks
    rest = min(rules["action"].again_days, rules["effect"].again_days)
    return source.uow.cases.with_due_actions(
        due_until=until,
        done_until=source.now - timedelta(days=clocks.effect_days - 1),
        told_since=source.today - timedelta(days=rest),
        today=source.today,
    )


def _tasks(source: Source, tasks: Iterable[Task]) -> Iterator[WorkItem]:
    for task in tasks:
        case = source.case_of_task(task)
        if case is not None:
            yield WorkItem(
                kind="task",
                key=f"task/{task.id}",
                person=source.doer(case, task.owner_id),
                case=case,
                due_on=task.due_on,
                place="#team",
                text=task.text,
            )


def _actions(source: Source, cases: Iterable[Case], owner_id: str = "") -> Iterator[WorkItem]:
    """Yield actions to do, and those to ask of whether they helped."""
    after = timedelta(days=source.municipality.clocks.effect_days)
    for case in cases:
        for action in case.actions if case.status not in GONE else ():
            if action.helped is not None or owner_id not in ("", action.owner_id):
                continue
            if action.done_at is None:
                yield _action(source, case, action, "action", action.due_on, "#atgard")
                continue
            check_on = local_date(action.done_at) + after
            if source.today >= check_on - _SHOWN_AHEAD:
                yield _action(source, case, action, "effect", check_on, "#hjalpte")


def _action(
    source: Source, case: Case, action: Action, kind: str, due_on: date, place: str
) -> WorkItem:
    return WorkItem(
        kind=kind,
        key=f"{kind}/{action.id}",
        person=source.doer(case, action.owner_id),
        case=case,
        due_on=due_on,
        place=place,
        text=action.text,
        tell_at_once=kind == "action" and action.owner_id != case.responsible_id,
    )


def _key(member: TeamMember) -> str:
    return f"comment/{member.id}"


def _answer_by(source: Source, member: TeamMember) -> date:
    works = source.municipality.is_working_day
    return add_working_days(local_date(member.invited_at), _ANSWER_AN_INVITATION, works)


def _invitations(source: Source, members: Iterable[TeamMember]) -> Iterator[WorkItem]:
    """Yield open cases that somebody is asked into and has not said anything in."""
    for member in members:
        case = source.case(member.case_id)
        if case is None or not case.is_open or member.profession == Profession.INVESTIGATOR:
            continue
        person = source.asked(case, member.person_id)
        if person is None:
            continue
        said = source.uow.work.comments.where
        if any(said(case_id=case.id, author_id=one) for one in {person.id, member.person_id}):
            continue
        if _is_asked_for_more(source, case, member.person_id):
            continue
        yield WorkItem(
            kind="comment",
            key=_key(member),
            person=person,
            case=case,
            due_on=_answer_by(source, member),
            place="#team",
        )


def _is_asked_for_more(source: Source, case: Case, person_id: str) -> bool:
    """Whether somebody has work of their own in the case, which says what is asked of them."""
    own = any(action.owner_id == person_id for action in case.actions)
    work = source.uow.work
    tasks = work.tasks.where(case_id=case.id, owner_id=person_id)
    return own or bool(tasks or work.tracks.where(case_id=case.id, investigator_id=person_id))


def _looks(source: Source, alerts: Iterable[Alert]) -> Iterator[WorkItem]:
    """Yield alerts that somebody else has taken, for MAS or SAS to look at all the same."""
    for alert in alerts:
        case = source.case(alert.case_id) if alert.case_id else None
        if case is None or not case.is_open or alert.acknowledged_at is None:
            continue
        first = chain_of(source.uow, alert, source.now)[0]
        if looks(source.uow, alert, first.id, source.now):
            taken_on = local_date(alert.acknowledged_at)
            yield WorkItem(
                kind="look_at_alert",
                key=f"look_at_alert/{alert.id}",
                person=first,
                case=case,
                due_on=add_working_days(taken_on, 1, source.municipality.is_working_day),
                place="#larm",
            )


def _advice(source: Source, questions: Iterable[AdviceRequest]) -> Iterator[WorkItem]:
    for question in questions:
        case = source.case(question.case_id)
        if case is not None and case.is_open:
            yield WorkItem(
                kind="advice",
                key=f"advice/{question.id}",
                person=adviser(source.uow, case, question, source.today),
                case=case,
                due_on=question.due_on,
                place="#rad",
                text=question.question,
            )
