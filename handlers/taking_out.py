"""Somebody who was asked into a case is taken out of its team: it was the wrong person, or is over.

Only who needs to know a case may read it (PDL 4:1), so a wrong choice is mended at once.
"""

from dataclasses import replace

from handlers import team
from handlers.case_records import TeamMember
from handlers.desk import Desk, may, note, open_for_work, required, saved
from handlers.domain.case import Case
from handlers.domain.people import FALLBACK
from handlers.errors import UserFault
from handlers.not_again import TAKEN_OUT
from handlers.permissions import Action as Right
from handlers.reporting import receiver_of
from handlers.withdrawing import withdraw_waiting


def may_take_out(desk: Desk, case: Case, member: TeamMember) -> bool:
    """Whether somebody may take a member out: whoever asked, MAS and SAS.

    An investigator is not taken out but replaced, on the track.
    """
    track = {"case_id": case.id, "investigator_id": member.person_id, "ended_at": None}
    if desk.uow.work.tracks.where(**track):
        return False
    return member.invited_by == desk.person_id or may(desk, Right.NAME, case)


def take_out(desk: Desk, *, person_id: str, reason: str) -> Case:
    """End an invitation, also in an ended case; the reason stands among the comments.

    No rule asks the person or the profession in again (handlers.not_again).

    What the person was to do falls to whoever has the case, unless the case is still open to her in
    her own office. What waits to be sent to her about it is never sent.
    """
    case = open_for_work(desk)
    why = required(reason)
    [*members] = desk.uow.work.team.where(case_id=case.id, person_id=person_id)
    if not members:
        raise UserFault("fault.bad_input")
    if not all(may_take_out(desk, case, one) for one in members):
        raise UserFault("fault.no_right")
    for one in members:
        desk.uow.work.team.remove(one.id)
        note(desk, case, TAKEN_OUT, to=person_id, profession=one.profession)
    team.keep_comment(desk, case, why)
    if may(replace(desk, person_id=person_id), Right.OPEN, case):
        return case
    withdraw_waiting(desk.uow, case, desk.now, desk.municipality)
    return _given_on(desk, case, person_id)


def _given_on(desk: Desk, case: Case, person_id: str) -> Case:
    """Give what somebody was to do in the case to whoever has it now."""
    receiver = receiver_of(desk.uow, case, desk.now)
    owner_id = desk.person_id if receiver.id == FALLBACK else receiver.id
    tasks = desk.uow.work.tasks
    for task in tasks.where(case_id=case.id, owner_id=person_id, done_at=None):
        tasks.save(replace(task, owner_id=owner_id))
    actions = tuple(
        replace(one, owner_id=owner_id) if one.owner_id == person_id and one.helped is None else one
        for one in case.actions
    )
    return case if actions == case.actions else saved(desk, replace(case, actions=actions))
