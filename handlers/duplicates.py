"""Several reports of one event: suggested by likeness, merged by a person, and undone again."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from handlers.case_records import NotTheSame
from handlers.desk import Desk, may, note, open_case, open_for_work, require, saved
from handlers.dismissing import without_proposal
from handlers.domain.case import Case, CaseStatus
from handlers.domain.text import clean
from handlers.errors import UserFault
from handlers.permissions import Action as Right
from handlers.ports import UnitOfWork
from handlers.risk_telling import tell_of_added_laws
from handlers.team import keep_comment

WINDOW = timedelta(hours=72)  # a night shift reports what the evening saw
LIKE = 0.30  # of two texts about one event, measured on the pairs of tests/handlers
LIKE_IN_SAME_CATEGORY = 0.22
_WORD = re.compile(r"[^\W\d_]{3,}")
_STEM = 5  # Swedish bends its words at the end
_EMPTY = frozenset(
    re.findall(
        r"\w+",
        "och att det som den har var inte för med till ett hon han när men från vid hade blev kom"
        " också efter under över sin sitt sina där detta denna skulle kunde person personen"
        " boende brukare vårdtagare",
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    case: Case
    likeness: float  # 0 to 1


def likeness(one: str, other: str) -> float:
    """Return how much two texts have in common: the cosine of their word stems, 0 to 1."""
    left, right = _stems(one), _stems(other)
    shared = sum(left[stem] * right[stem] for stem in left.keys() & right.keys())
    length = float(sum(n * n for n in left.values()) * sum(n * n for n in right.values()))
    return float(shared / length**0.5) if length else 0.0


def suggestions(desk: Desk, case: Case) -> tuple[Suggestion, ...]:
    """Return other cases that may be the same event and that the person may open, likest first."""
    if not case.is_open or not case.unit_id:
        return ()
    work = desk.uow.work
    refused = {one.other_id for one in work.not_the_same.where(case_id=case.id)}
    refused |= {one.case_id for one in work.not_the_same.where(other_id=case.id)}
    text = text_of(desk.uow, case)
    found = []
    for other in _near(desk.uow, case):
        if other.id == case.id or other.id in refused or not _may_open(desk, other):
            continue
        alike = likeness(text, text_of(desk.uow, other))
        if _is_alike(case, other, alike):
            found.append(Suggestion(case=other, likeness=alike))
    return tuple(sorted(found, key=lambda one: (-one.likeness, one.case.number)))


def text_of(uow: UnitOfWork, case: Case) -> str:
    report = uow.reports.of_case(case.id)
    told = report.text_of("what") if report else ""
    return "\n".join([told, *(letter.text for letter in uow.letters.of_case(case.id))])


def find_other(desk: Desk, number: str) -> Case:
    """Return a case by what people call it; one that the person may not open does not exist."""
    found = desk.uow.cases.find_number(clean(number).upper())
    if found is None or not may(desk, Right.OPEN, found):
        raise UserFault("fault.no_such_case")
    return found


def merge(desk: Desk, *, into_id: str, reason: str = "") -> Case:
    """Join this case to another of the same event; its reporter is answered when that one closes.

    Nothing is copied or lost, so that it can be undone, and no clock stops: the earliest day counts
    for both. A case that fewer people may see is never joined to one that more may see. Two that
    lie further apart than a suggestion, in time or in words, take a reason. What was opened again
    is assessed first: in the other case nobody would ask for it.
    """
    case = open_case(desk)
    main = open_case(desk.at(into_id))
    if main.id == case.id or main.unit_id != case.unit_id:
        raise UserFault("fault.not_the_same_unit")
    if desk.uow.cases.merged_into(case.id):
        raise UserFault("fault.merge_main")
    if case.must_be_answered and not main.must_be_answered:
        raise UserFault("fault.merge_complaint")
    if case.wants_new_assessment:
        raise UserFault("fault.merge_reopened")
    if _is_more_hidden(case, main):
        raise UserFault("fault.merge_hidden")
    if not _seem_the_same(desk.uow, case, main) and not clean(reason):
        raise UserFault("fault.merge_reason")
    part = without_proposal(desk, case)
    joined = replace(part.moved(CaseStatus.MERGED), merged_into_id=main.id, merged_from=case.status)
    stored = saved(desk, joined, "merged", number=main.number)
    # Saved, so that nobody who closes it at the same moment leaves this report behind.
    kept = saved(desk, without_proposal(desk, main), "merged_here", number=case.number)
    laws = (*main.parts_laws, case.legal_areas)
    tell_of_added_laws(desk.at(main.id), main, replace(kept, parts_laws=laws))
    if clean(reason):
        keep_comment(desk, kept, reason)
    return stored


def undo_merge(desk: Desk) -> Case:
    """Part two cases again; this one goes on where it was."""
    case = require(desk, open_for_work(desk), Right.WORK)
    if case.status != CaseStatus.MERGED or case.merged_from is None:
        raise UserFault("fault.not_merged")
    main_id = case.merged_into_id
    parted = replace(case.moved(case.merged_from), merged_into_id="", merged_from=None)
    stored = saved(desk, parted, "merge_undone")
    main = desk.uow.cases.find(main_id)
    if main is not None:
        note(desk, main, "parted", number=case.number)
    return stored


def not_the_same(desk: Desk, *, other_id: str) -> Case:
    """Keep that somebody has looked: the suggestion is not made again, either way."""
    case = open_case(desk)
    open_for_work(desk.at(other_id))
    looked = NotTheSame(
        id=desk.municipality.new_id(),
        case_id=case.id,
        other_id=other_id,
        by=desk.person_id,
        at=desk.now,
    )
    if desk.uow.work.not_the_same.add(looked):
        note(desk, case, "not_the_same")
    return case


def _seem_the_same(uow: UnitOfWork, case: Case, main: Case) -> bool:
    near = abs(case.received_at - main.received_at) <= WINDOW
    return near and _is_alike(case, main, likeness(text_of(uow, case), text_of(uow, main)))


def _is_alike(case: Case, other: Case, alike: float) -> bool:
    same = bool(case.category) and case.category == other.category
    return alike >= (LIKE_IN_SAME_CATEGORY if same else LIKE)


def _near(uow: UnitOfWork, case: Case) -> Sequence[Case]:
    since: datetime = case.received_at - WINDOW
    return uow.cases.received(case.unit_id, since, case.received_at + WINDOW)


def _may_open(desk: Desk, case: Case) -> bool:
    return case.is_open and may(desk, Right.OPEN, case)


def _is_more_hidden(case: Case, main: Case) -> bool:
    """A hidden case is joined to one that is hidden from the same people only, either way round.

    Else they would see one that was theirs be joined to something that they cannot open.
    """
    involved = set(case.manager_involved_ids) != set(main.manager_involved_ids)
    misconduct = case.possible_misconduct and not main.possible_misconduct
    hidden = (case.manager_involved, case.is_held) != (main.manager_involved, main.is_held)
    return involved or misconduct or hidden


def _stems(text: str) -> Counter[str]:
    words = (word.lower() for word in _WORD.findall(text))
    return Counter(word[:_STEM] for word in words if word not in _EMPTY)
