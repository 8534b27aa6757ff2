"""An answer that did not get there: somebody sees to it that whoever waits for it has it otherwise.

A notice is soon forgotten and an ended case is on no list, so that it stands as a task, with a day.
"""

from datetime import datetime

from handlers.domain.case import Case
from handlers.left_to_do import leave_to_do
from handlers.merged import where_it_lives
from handlers.municipality import Municipality
from handlers.ports import UnitOfWork

_SEE_TO_IT_WITHIN = 2  # working days


def is_answered(uow: UnitOfWork, case: Case) -> bool:
    """Whether the case's reporter has been sent an answer: as it ended, or as a complaint."""
    main = where_it_lives(uow, case)
    return case.answered or (not main.is_open and bool(main.feedback))


def see_to_it(uow: UnitOfWork, case: Case, now: datetime, municipality: Municipality) -> None:
    """Ask whoever answers for the case, once until it is done, to bring the answer there."""
    main = where_it_lives(uow, case)
    text = municipality.catalogue.get("case.answer_lost", "sv", number=case.number)
    if any(one.text == text for one in uow.work.tasks.where(case_id=main.id, done_at=None)):
        return
    leave_to_do(uow, main, text, _SEE_TO_IT_WITHIN, now, municipality)
