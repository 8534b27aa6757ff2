"""The team around a case: invited by rule or by hand, with comments, tasks and a meeting agenda."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from handlers import notices, work_notices
from handlers.access import NAMING, Access, access_of, allowed, opens_by_invitation
from handlers.case_records import AgendaItem, Comment, Forum, Profession, Task, TeamMember
from handlers.chairs import organisation_of
from handlers.desk import (
    Desk,
    access_at,
    has_to_do,
    may,
    note,
    open_case,
    open_for_work,
    require,
    required,
)
from handlers.domain.case import Case
from handlers.domain.deadline import local_date
from handlers.domain.people import Organisation, Person
from handlers.errors import UserFault
from handlers.in_office import ROLE_OF, is_asked_as, offices_in_cases
from handlers.municipality import Municipality
from handlers.not_again import stays_out
from handlers.permissions import Action as Right
from handlers.ports import UnitOfWork

BY_RULE = "rule"

LONGEST_WORK = timedelta(days=731)  # two years, one of them a leap year


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaRow:
    item: AgendaItem
    case: Case


def invite_by_rule(
    uow: UnitOfWork, case: Case, now: datetime, municipality: Municipality
) -> tuple[Person, ...]:
    """Ask the professions of the case's category, nearest holder first; return who was asked.

    Nobody is asked by rule into a case that is hidden from a manager, where SAS chooses, nor into
    one whose unit is not known, nor whom somebody has taken out of it (handlers.not_again).
    """
    if case.manager_involved or not case.unit_id:
        return ()
    asked = []
    for profession in municipality.team_rules.get(case.category, ()):
        person = _holder(uow.organisation, profession, case.unit_id, local_date(now))
        if person is None or stays_out(uow, case, person, profession):
            continue
        if _invite(uow, case, person, profession, BY_RULE, now, municipality):
            asked.append(person)
    return tuple(asked)


def can_have(organisation: Organisation, case: Case, person_id: str, day: date) -> bool:
    """Whether somebody can be given work in a case: at work here and not involved in it.

    Whoever only counts, runs Lotsen or reviews the log has nothing to do in cases.
    """
    held = offices_in_cases(organisation, person_id, day)
    return bool(held) and person_id not in case.manager_involved_ids


def require_possible(desk: Desk, case: Case, owner_id: str, due_on: date) -> None:
    """Raise UserFault when this person cannot have the work, or not by this day."""
    if not can_have(desk.uow.organisation, case, owner_id, desk.today):
        raise UserFault("fault.not_for_person")
    if due_on < desk.today:
        raise UserFault("fault.action_past")
    if due_on > desk.today + LONGEST_WORK:
        raise UserFault("fault.action_far")


def invite(desk: Desk, *, person_id: str, profession: Profession = Profession.OTHER) -> Case:
    case = open_case(desk)
    person = desk.uow.organisation.person(person_id)
    if person is None or not can_have(desk.uow.organisation, case, person.id, desk.today):
        raise UserFault("fault.not_for_person")
    if profession == Profession.INVESTIGATOR:  # named by SAS, on the track
        raise UserFault("fault.bad_input")
    let_in(desk, case, person, profession)
    return case


def let_in(
    desk: Desk, case: Case, person: Person, profession: Profession = Profession.OTHER
) -> None:
    """Ask somebody into the case and tell them; asked by MAS or SAS they may open a hidden one.

    Anybody else asks only those in who can then open it.
    """
    naming = may(desk, Right.NAME, case)
    if not can_be_let_in(desk, case, person):
        raise UserFault("fault.only_mas_or_sas_ask")
    added = _invite(desk.uow, case, person, profession, desk.person_id, desk.now, desk.municipality)
    if added or _asked_anew(desk, case, person, profession, naming=naming):
        note(desk, case, "invited", to=person.id)


def can_be_let_in(desk: Desk, case: Case, person: Person) -> bool:
    """Whether this person's word opens the case to somebody, who may be able to open it already."""
    if may(desk, Right.NAME, case) or opens_by_invitation(access_at(desk), case):
        return True
    return may(replace(desk, person_id=person.id), Right.OPEN, case)


def _asked_anew(
    desk: Desk, case: Case, person: Person, profession: Profession, *, naming: bool
) -> bool:
    """Let the word of MAS or SAS stand for an invitation that a rule or somebody else has made.

    Anybody's word stands for one that has ended with the office that it was for.
    """
    [member] = desk.uow.work.team.where(case_id=case.id, person_id=person.id)
    asked_on = local_date(member.invited_at)
    organisation = organisation_of(desk.uow, case, desk.today)
    is_named = any(organisation.has_role(member.invited_by, role, asked_on) for role in NAMING)
    holds = is_asked_as(organisation, member, desk.today)
    if holds and (is_named or not naming):
        return False
    asked = replace(member, invited_by=desk.person_id, invited_at=desk.now)
    if not holds:
        asked = replace(asked, profession=profession)
    desk.uow.work.team.save(asked)
    key = f"named-{asked_on}" if not holds else "named"
    message = work_notices.invited(case, person, desk.municipality, key=key)
    notices.queue(desk.uow, message, desk.now)
    return True


def let_owner_in(desk: Desk, case: Case, owner: Person) -> None:
    """Ask in whoever gets work in a case and cannot open it."""
    access = access_of(desk.uow, desk.municipality, owner.id, desk.now)
    if not allowed(desk.uow, access, Right.OPEN, case, desk.now):
        let_in(desk, case, owner)


def members(uow: UnitOfWork, case: Case) -> tuple[TeamMember, ...]:
    return tuple(uow.work.team.where(case_id=case.id))


def is_member(uow: UnitOfWork, case_id: str, person_id: str) -> bool:
    return bool(uow.work.team.where(case_id=case_id, person_id=person_id))


def comment(desk: Desk, *, text: str) -> Case:
    """Write a comment; also in an ended case, where it opens nothing."""
    case = require(desk, open_for_work(desk), Right.COMMENT)
    keep_comment(desk, case, text)
    return case


def keep_comment(desk: Desk, case: Case, text: str) -> None:
    """Keep words beside the history, which carries none."""
    written = Comment(
        id=desk.municipality.new_id(),
        case_id=case.id,
        author_id=desk.person_id,
        at=desk.now,
        text=required(text),
    )
    desk.uow.work.comments.add(written)
    note(desk, case, "commented")


def add_task(desk: Desk, *, text: str, owner_id: str, due_on: date) -> Case:
    """Ask somebody to do something by a day; whoever owns a task is let into the case."""
    case = open_case(desk, Right.INVESTIGATE)
    owner = desk.uow.organisation.person(owner_id)
    if owner is None:
        raise UserFault("fault.action_incomplete")
    require_possible(desk, case, owner.id, due_on)
    task = Task(
        id=desk.municipality.new_id(),
        case_id=case.id,
        text=required(text),
        owner_id=owner_id,
        due_on=due_on,
        created_by=desk.person_id,
        created_at=desk.now,
    )
    desk.uow.work.tasks.add(task)
    if owner_id != desk.person_id:
        let_in(desk, case, owner)
    note(desk, case, "task_added")
    return case


def may_finish(desk: Desk, case: Case, task: Task) -> bool:
    """Whether somebody has a task to do, has it while its owner is away, or works with the case."""
    return has_to_do(desk, case, task.owner_id) or may(desk, Right.WORK, case)


def finish_task(desk: Desk, *, task_id: str) -> Case:
    case = open_for_work(desk)
    task = desk.uow.work.tasks.find_locked(task_id)
    if task is None or task.case_id != case.id:
        raise UserFault("fault.bad_input")
    if not may_finish(desk, case, task):
        raise UserFault("fault.no_right")
    if task.done_at is None:
        desk.uow.work.tasks.save(replace(task, done_at=desk.now, done_by=desk.person_id))
        note(desk, case, "task_done")
    return case


def put_on_agenda(desk: Desk, *, forum: Forum) -> Case:
    """Lift a case to the next meeting of its unit, once."""
    case = require(desk, open_for_work(desk), Right.COMMENT)
    waiting = desk.uow.work.agenda.where(case_id=case.id, forum=forum, discussed_at=None)
    if waiting:
        return case
    item = AgendaItem(
        id=desk.municipality.new_id(),
        case_id=case.id,
        unit_id=case.unit_id,
        forum=forum,
        added_by=desk.person_id,
        added_at=desk.now,
        note="",
    )
    desk.uow.work.agenda.add(item)
    note(desk, case, "put_on_agenda", forum=forum)
    return case


def discussed(desk: Desk, *, item_id: str, text: str = "") -> Case:
    """Take a case off the agenda, with what the meeting came to; the first word stands."""
    case = require(desk, open_for_work(desk), Right.COMMENT)
    item = desk.uow.work.agenda.find_locked(item_id)
    if item is None or item.case_id != case.id:
        raise UserFault("fault.bad_input")
    if item.discussed_at is not None:
        return case
    desk.uow.work.agenda.save(replace(item, discussed_at=desk.now, note=text.strip()))
    note(desk, case, "discussed", forum=item.forum)
    return case


def agenda(uow: UnitOfWork, access: Access, forum: Forum) -> tuple[AgendaRow, ...]:
    """Return what waits for a meeting, of the cases that the person may list."""
    waiting = uow.work.agenda.where(forum=forum, discussed_at=None)
    rows = ((item, uow.cases.find(item.case_id)) for item in waiting)
    return tuple(
        AgendaRow(item=item, case=case)
        for item, case in rows
        if case is not None and access.may(Right.LIST, case)
    )


def _holder(
    organisation: Organisation, profession: Profession, unit_id: str, day: date
) -> Person | None:
    """Return who has the profession at the unit, else in its area, else in the municipality."""
    unit = organisation.unit(unit_id)
    scopes: Iterable[str] = (unit_id, unit.area_id, "") if unit else ("",)
    for scope in scopes:
        for person in organisation.holders(ROLE_OF[profession], scope, day):
            return person
    return None


def _invite(
    uow: UnitOfWork,
    case: Case,
    person: Person,
    profession: Profession,
    invited_by: str,
    now: datetime,
    municipality: Municipality,
) -> bool:
    member = TeamMember(
        id=municipality.new_id(),
        case_id=case.id,
        person_id=person.id,
        profession=profession,
        invited_by=invited_by,
        invited_at=now,
    )
    if not uow.work.team.add(member):
        return False
    notices.queue(uow, work_notices.invited(case, person, municipality), now)
    return True
