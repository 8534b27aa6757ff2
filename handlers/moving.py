"""A case goes to another unit, and every report that is merged into it goes along.

A part has no manager of its own: whoever has the main case answers its sender, and gets it back
when the merge is undone.
"""

from dataclasses import replace

from handlers import gates, notices, team
from handlers.desk import Desk, may, note, open_case, saved
from handlers.dismissing import without_proposal
from handlers.domain.case import Case, CaseStatus
from handlers.errors import UserFault
from handlers.involved import managing
from handlers.permissions import Action as Right
from handlers.reporting import receiver_of


def move_to_unit(desk: Desk, *, unit_id: str) -> Case:
    """Give the case to another unit, whose manager is told and receives it anew.

    The month runs on; the reminders of the first days count from the move.
    """
    case = open_case(desk, Right.MOVE)
    unit = desk.uow.organisation.unit(unit_id)
    if unit is None or not unit.valid.holds(desk.today):
        raise UserFault("fault.bad_input")
    if gates.is_bound(desk.uow, case) and not may(desk, Right.CLOSE_SERIOUS, case):
        raise UserFault("fault.bound_by_track")
    if unit_id == case.unit_id:
        return case
    parts = desk.uow.cases.merged_into(case.id)
    case = without_proposal(desk, case)
    if case.status != CaseStatus.RECEIVED:
        case = case.moved(CaseStatus.RECEIVED)
        note(desk, case, "moved", to=CaseStatus.RECEIVED)
    stored = saved(desk, _there(desk, case, unit_id), "unit_changed", unit=unit_id)
    for part in parts:
        there = replace(_there(desk, part, unit_id), merged_from=CaseStatus.RECEIVED)
        saved(desk, there, "unit_changed", unit=unit_id)
    receiver = receiver_of(desk.uow, stored, desk.now)
    notices.queue(desk.uow, notices.new_case(stored, receiver, desk.municipality), desk.now)
    team.invite_by_rule(desk.uow, stored, desk.now, desk.municipality)
    return stored


def _there(desk: Desk, case: Case, unit_id: str) -> Case:
    """Return the case at a unit where nobody has received it yet."""
    involved = set(case.manager_involved_ids)
    if case.manager_involved:
        involved |= managing(desk.uow.organisation, unit_id, desk.today, case.signs)
    return replace(
        case,
        unit_id=unit_id,
        moved_at=desk.now,
        responsible_id="",
        origin_unit_ids=tuple(
            one for one in dict.fromkeys((*case.origin_unit_ids, case.unit_id)) if one
        ),
        manager_involved_ids=tuple(sorted(involved)),
    )
