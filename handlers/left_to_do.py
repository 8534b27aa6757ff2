"""What falls to whoever answers for an ended case: a task with a day, which opens nothing."""

from datetime import datetime

from handlers.case_records import Task
from handlers.domain.case import Case
from handlers.domain.deadline import add_working_days, local_date
from handlers.municipality import Municipality
from handlers.ports import UnitOfWork
from handlers.records import CaseEvent
from handlers.reporting import receiver_of

SYSTEM = "system"


def leave_to_do(
    uow: UnitOfWork, case: Case, text: str, within: int, now: datetime, municipality: Municipality
) -> None:
    """`within` is how many working days it is to be done in."""
    task = Task(
        id=municipality.new_id(),
        case_id=case.id,
        text=text,
        owner_id=receiver_of(uow, case, now).id,
        due_on=add_working_days(local_date(now), within, municipality.is_working_day),
        created_by=SYSTEM,
        created_at=now,
    )
    uow.work.tasks.add(task)
    uow.cases.add_event(CaseEvent(case_id=case.id, at=now, actor_id=SYSTEM, kind="task_added"))
