"""What somebody adds later fills what the case lacks: the unit that it belongs to, the harm."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from handlers import notices, team
from handlers.domain.case import Case
from handlers.domain.report import UNKNOWN, Answer
from handlers.municipality import Municipality
from handlers.ports import UnitOfWork
from handlers.records import CaseEvent
from handlers.reporting import HARM_OF_ANSWER, receiver_of

_GRAVER = (UNKNOWN, "no", "mild", "care", "hospital", "death")


def fill(
    uow: UnitOfWork,
    case: Case,
    answers: Mapping[str, Answer],
    now: datetime,
    municipality: Municipality,
    *,
    told_in: str = "",
) -> Case:
    """Return the case with unit and harm where it had none; its new manager is told.

    What stands in the case already stays, as moving it is for those who handle it; but harm that is
    told later and is graver counts, and what is lighter does not. `told_in` is the id of a merged
    report that was added to, which keeps the harm when it is parted from the case again.
    """
    if not case.is_open:
        return case
    part = uow.cases.find(told_in) if told_in not in ("", case.id) else None
    if part is not None and _with_harm(part, answers) != part:
        uow.cases.save(_with_harm(part, answers))
    changed = _with_harm(case, answers)
    where = answers.get("where", Answer())
    unit = uow.organisation.unit(where.value) if where.is_known else None
    if unit is not None and not case.unit_id and not case.manager_involved:
        changed = replace(changed, unit_id=unit.id)
    if changed == case:
        return case
    saved = uow.cases.save(changed)
    if saved.unit_id != case.unit_id:
        _note_unit(uow, saved, now)
        for part in uow.cases.merged_into(case.id):
            _note_unit(uow, uow.cases.save(replace(part, unit_id=saved.unit_id)), now)
        receiver = receiver_of(uow, saved, now)
        notices.queue(uow, notices.new_case(saved, receiver, municipality), now)
        team.invite_by_rule(uow, saved, now, municipality)
    return saved


def _with_harm(case: Case, answers: Mapping[str, Answer]) -> Case:
    harm = HARM_OF_ANSWER.get(answers.get("harm", Answer()).value, UNKNOWN)
    return replace(case, harm=max(harm, case.harm, key=_GRAVER.index))


def is_news_itself(before: Case, case: Case) -> bool:
    """Whether who has a case has just heard of all of it, and so of the words that changed it.

    They opened it again, or said which unit it belongs to.
    """
    opened = case.is_open and not before.is_open
    return opened or case.unit_id != before.unit_id


def _note_unit(uow: UnitOfWork, case: Case, now: datetime) -> None:
    values = {"unit": case.unit_id}
    uow.cases.add_event(
        CaseEvent(case_id=case.id, at=now, actor_id="reporter", kind="unit_changed", values=values)
    )
