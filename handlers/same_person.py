"""Cases about the same person, tied by a group without a word of who it is (alert rule A14).

Whoever investigates says so, and takes it back; nothing is guessed from texts. A case that is
hidden is tied only to one that is hidden from the same people, and nobody reads of a tie to a case
that they may not open. A merged report lends its group to the case that it went into.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from handlers.access import Access, allowed
from handlers.case_records import SamePerson
from handlers.desk import Desk, access_at, may, note, open_case, open_for_work, require
from handlers.domain.case import Case, CaseStatus
from handlers.errors import UserFault
from handlers.merged import where_it_lives
from handlers.permissions import Action as Right
from handlers.ports import UnitOfWork
from handlers.records import CaseEvent

MOST_CHOICES = 40  # newest first; a list that somebody reads
LINES = frozenset({"same_person", "not_same_person"})  # of the history
_NO_EVENTS = (CaseStatus.DISMISSED, CaseStatus.HANDED_ON, CaseStatus.MERGED)


def join(desk: Desk, *, other_id: str) -> Case:
    """Say that this case is about the same person as another of `choices`."""
    case = open_case(desk, Right.INVESTIGATE)
    other = next((one for one in choices(desk, case) if one.id == other_id), None)
    if other is None:
        raise UserFault("fault.no_such_case")
    group_id = _grouped(desk, case, desk.municipality.new_id())
    old_id = _grouped(desk, other, group_id)
    kept = desk.uow.work.same_person
    for one in kept.where(group_id=old_id):
        tie = kept.find_locked(one.id)
        if tie is not None:
            kept.save(replace(tie, group_id=group_id))
    _note_both(desk, "same_person", case, other)
    return case


def leave(desk: Desk) -> Case:
    """Take back that this case is about the same person as any other; doing it twice is nothing."""
    case = require(desk, open_for_work(desk), Right.INVESTIGATE)
    others = [one for one in _events_of_group(desk.uow, case) if one.id != case.id]
    kept = desk.uow.work.same_person
    own = [tie for part in _reports(desk.uow, case) for tie in kept.where(case_id=part.id)]
    for tie in own:
        kept.remove(tie.id)
    for group_id in {tie.group_id for tie in own}:
        left = kept.where(group_id=group_id)
        if len(left) == 1:  # nothing is left to be the same as
            kept.remove(left[0].id)
    for other in others:
        _note_both(desk, "not_same_person", case, other)
    return case


def choices(desk: Desk, case: Case) -> tuple[Case, ...]:
    """Return the cases that may be said to be about the same person, newest first.

    Of the same unit, received within the days of rule A14 of this one, and open to the reader.
    """
    if not case.is_open or not case.unit_id:
        return ()
    span = timedelta(days=desk.municipality.alert_rules["A14"].person_days)
    near = desk.uow.cases.received(case.unit_id, case.received_at - span, case.received_at + span)
    tied = {one.id for one in _events_of_group(desk.uow, case)} | {case.id}
    found = (
        one
        for one in reversed(near)
        if one.id not in tied
        and one.status not in _NO_EVENTS
        and _are_hidden_alike(case, one)
        and may(desk, Right.OPEN, one)
    )
    return tuple(one for one, _ in zip(found, range(MOST_CHOICES), strict=False))


def others(desk: Desk, case: Case) -> tuple[Case, ...]:
    """Return the other cases about the same person that the reader may open, oldest first."""
    found = _events_of_group(desk.uow, case)
    return tuple(one for one in found if one.id != case.id and may(desk, Right.OPEN, one))


def told_to(
    uow: UnitOfWork, access: Access, events: Iterable[CaseEvent], now: datetime
) -> list[CaseEvent]:
    """Return a history without the ties to cases that the reader may not open."""

    def is_told(event: CaseEvent) -> bool:
        other = uow.cases.find_number(event.values["number"])
        return other is not None and allowed(uow, access, Right.OPEN, other, now)

    return [event for event in events if event.kind not in LINES or is_told(event)]


def lines_for(desk: Desk, events: Iterable[CaseEvent]) -> list[CaseEvent]:
    return told_to(desk.uow, access_at(desk), events, desk.now)


def _grouped(desk: Desk, case: Case, group_id: str) -> str:
    """Put a case into its group, else into this one; return which it is.

    Somebody else may do the same at the same moment: what stands in the store counts.
    """
    kept = desk.uow.work.same_person
    borrowed = [tie for part in _reports(desk.uow, case) for tie in kept.where(case_id=part.id)]
    wanted = borrowed[0].group_id if borrowed else group_id
    tie = SamePerson(
        id=desk.municipality.new_id(),
        case_id=case.id,
        group_id=wanted,
        by=desk.person_id,
        at=desk.now,
    )
    return wanted if kept.add(tie) else kept.where(case_id=case.id)[0].group_id


def _reports(uow: UnitOfWork, case: Case) -> Sequence[Case]:
    return (case, *uow.cases.merged_into(case.id))


def _events_of_group(uow: UnitOfWork, case: Case) -> list[Case]:
    """Return all that is tied to a case, itself too, oldest first; merged reports as their main."""
    kept = uow.work.same_person
    found: dict[str, Case] = {}
    waiting = [case]
    while waiting:
        one = waiting.pop()
        if one.id in found:
            continue
        found[one.id] = one
        ties = [tie for part in _reports(uow, one) for tie in kept.where(case_id=part.id)]
        for group_id in {tie.group_id for tie in ties}:
            waiting += (_event(uow, tie.case_id) for tie in kept.where(group_id=group_id))
    return sorted(found.values(), key=lambda one: (one.received_at, one.number))


def _event(uow: UnitOfWork, case_id: str) -> Case:
    case = uow.cases.find(case_id)
    if case is None:
        raise LookupError(case_id)  # the store keeps ties of cases only
    return where_it_lives(uow, case)


def _are_hidden_alike(case: Case, other: Case) -> bool:
    """Whether both are hidden from the same people, or from nobody, so that neither tells."""
    return (
        case.manager_involved == other.manager_involved
        and case.is_held == other.is_held
        and set(case.manager_involved_ids) == set(other.manager_involved_ids)
    )


def _note_both(desk: Desk, kind: str, case: Case, other: Case) -> None:
    note(desk, case, kind, number=other.number)
    note(desk, other, kind, number=case.number)
