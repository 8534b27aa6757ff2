"""What the case page shows of those who work with a case, and of what they have to do."""

from dataclasses import dataclass, replace

from handlers import team
from handlers.case_records import AgendaItem, Comment, Task, TeamMember
from handlers.desk import Desk, may
from handlers.domain.case import Case
from handlers.permissions import Action as Right
from handlers.taking_out import may_take_out


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamView:
    members: tuple[TeamMember, ...]
    to_take_out: tuple[str, ...]  # members whom the person may take out of the team
    shut_out: frozenset[str]  # members who cannot open the case now
    comments: tuple[Comment, ...]
    tasks: tuple[Task, ...]
    tasks_to_finish: frozenset[str]  # ids of tasks that are not done and that this person may do
    agenda: tuple[AgendaItem, ...]


def team_view(desk: Desk, case: Case) -> TeamView:
    work = desk.uow.work
    return TeamView(
        members=tuple(work.team.where(case_id=case.id)),
        to_take_out=_to_take_out(desk, case),
        shut_out=_shut_out(desk, case),
        comments=tuple(work.comments.where(case_id=case.id)),
        tasks=tuple(work.tasks.where(case_id=case.id)),
        tasks_to_finish=_tasks_to_finish(desk, case),
        agenda=tuple(work.agenda.where(case_id=case.id, discussed_at=None)),
    )


def _to_take_out(desk: Desk, case: Case) -> tuple[str, ...]:
    members = desk.uow.work.team.where(case_id=case.id)
    return tuple(one.person_id for one in members if may_take_out(desk, case, one))


def _shut_out(desk: Desk, case: Case) -> frozenset[str]:
    """Return the ids of who was asked in and cannot open the case now."""
    asked = {one.person_id for one in desk.uow.work.team.where(case_id=case.id)}
    return frozenset(
        one for one in asked if not may(replace(desk, person_id=one), Right.OPEN, case)
    )


def _tasks_to_finish(desk: Desk, case: Case) -> frozenset[str]:
    undone = desk.uow.work.tasks.where(case_id=case.id, done_at=None)
    return frozenset(one.id for one in undone if team.may_finish(desk, case, one))
