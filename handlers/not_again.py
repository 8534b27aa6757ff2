"""What somebody has taken out of a case stays out: no rule asks it in again, as a person may.

New, so that a rule does ask: a category that the case had not had by then, as its rule is another
one, and another unit, whose professions are others.
"""

from collections.abc import Sequence

from handlers.case_records import Profession
from handlers.domain.case import Case
from handlers.domain.people import Person
from handlers.in_office import ROLE_OF
from handlers.ports import UnitOfWork
from handlers.records import CaseEvent

CATEGORY_CHANGED = "category_changed"  # in a case's history: `was` before
TAKEN_OUT = "taken_out"  # in a case's history: `to` whom, and the `profession` asked in as


def stays_out(uow: UnitOfWork, case: Case, person: Person, profession: Profession) -> bool:
    """Whether this person, or whoever had the profession, was taken out and nothing is new."""
    events = uow.cases.events(case.id)
    out = [n for n, one in enumerate(events) if _is_theirs(uow, one, person, profession)]
    if not out:
        return False
    moved = case.moved_at is not None and case.moved_at > events[out[-1]].at
    return not moved and case.category in _categories_until(events, out[-1], case)


def _is_theirs(uow: UnitOfWork, event: CaseEvent, person: Person, profession: Profession) -> bool:
    if event.kind != TAKEN_OUT:
        return False
    asked_as = event.values.get("profession")
    if asked_as is None:  # kept before the profession was
        held = uow.organisation.assignments
        whose = {one.role for one in held if one.person_id == event.values["to"]}
        return event.values["to"] == person.id or ROLE_OF[profession] in whose
    return event.values["to"] == person.id or asked_as == profession


def _categories_until(events: Sequence[CaseEvent], place: int, case: Case) -> set[str]:
    """Return what the case had been about until a place in its history, read from its end."""
    current, found = case.category, set[str]()
    for number in range(len(events) - 1, -1, -1):
        if number <= place:
            found.add(current)
        if events[number].kind == CATEGORY_CHANGED:
            current = events[number].values.get("was", current)
    return found | {current}
