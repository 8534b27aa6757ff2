"""What is done with an action after it has been agreed: done, given another day, checked.

An action outlives its case. A case may close while its actions lie ahead, because the reporter
should not wait months for an answer; but one whose day has passed is done, or given a new day,
before the case closes (ADR 0009). Until it is checked it stands on its owner's list.
"""

from dataclasses import replace
from datetime import date

from handlers import team
from handlers.desk import Desk, has_to_do, may, moved, open_for_work, required, saved
from handlers.domain.case import Action, Case, CaseStatus
from handlers.domain.text import clean
from handlers.errors import UserFault
from handlers.permissions import Action as Right

_DROPPED = frozenset({CaseStatus.DISMISSED})


def own_or_worked(desk: Desk, action_id: str) -> tuple[Case, Action]:
    """Return an action and its case, for whoever has it to do or works with the case.

    Also in a closed case, which it does not open.
    """
    case = open_for_work(desk)
    found = next((one for one in case.actions if one.id == action_id), None)
    if found is None:
        raise UserFault("fault.bad_input")
    if not may_handle(desk, case, found):
        raise UserFault("fault.no_right")
    if case.status in _DROPPED:
        raise UserFault("fault.closed_case")
    return case, found


def may_handle(desk: Desk, case: Case, action: Action) -> bool:
    """Whether somebody owns an action, has it while the owner is away, or works with the case."""
    return has_to_do(desk, case, action.owner_id) or may(desk, Right.WORK, case)


def changed(case: Case, action: Action) -> Case:
    actions = tuple(action if one.id == action.id else one for one in case.actions)
    return replace(case, actions=actions)


def finish(desk: Desk, *, action_id: str, effect: str) -> Case:
    """Note that an action is done; with the last one the case is followed up."""
    case, found = own_or_worked(desk, action_id)
    case = changed(case, replace(found, done_at=desk.now, effect=clean(effect)))
    if case.status == CaseStatus.ACTING and all(one.done_at for one in case.actions):
        case = moved(desk, case, CaseStatus.FOLLOWING_UP)
    return saved(desk, case, "action_done")


def postpone(desk: Desk, *, action_id: str, due_on: date, reason: str) -> Case:
    """Give an action that is not done another day; the reason stands among the comments."""
    case, found = own_or_worked(desk, action_id)
    if found.done_at is not None:
        raise UserFault("fault.action_is_done")
    team.require_possible(desk, case, found.owner_id, due_on)
    team.keep_comment(desk, case, required(reason))
    postponed = changed(case, replace(found, due_on=due_on))
    return saved(desk, postponed, "action_postponed", until=due_on.isoformat())
