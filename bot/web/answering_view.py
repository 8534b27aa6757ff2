"""What the case page shows of the answer to whoever turned to us from outside."""

from dataclasses import dataclass

from handlers import complaints
from handlers.answer_pages import why_to_see_to
from handlers.case_records import AnswerWay, ComplaintAnswer
from handlers.desk import Desk, may
from handlers.domain.case import FROM_OUTSIDE, Case
from handlers.permissions import Action as Right


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweringView:
    owes_answer: bool  # to whoever complained
    is_from_outside: bool
    ways: tuple[AnswerWay, ...]
    answers: tuple[ComplaintAnswer, ...]
    answer_links: dict[str, str]
    unopened: dict[str, str]  # why somebody has to see to an answer, by its id
    page_ways: tuple[AnswerWay, ...]  # how the sender can get to a page of ours again
    code: str  # to tell by phone or letter, should the answer go that way


def answering_view(desk: Desk, case: Case, code: str) -> AnsweringView:
    answers = tuple(desk.uow.work.answers.where(case_id=case.id))
    return AnsweringView(
        owes_answer=_owes_answer(desk, case),
        is_from_outside=case.kind in FROM_OUTSIDE,
        ways=_ways(desk, case),
        answers=answers,
        answer_links={one.id: desk.municipality.answer_link(one.id) for one in answers},
        unopened=_unopened(desk, answers),
        page_ways=_page_ways(desk, case) if answers else (),
        code=code,
    )


def _unopened(desk: Desk, answers: tuple[ComplaintAnswer, ...]) -> dict[str, str]:
    last = answers[-1:]
    found = {one.id: why_to_see_to(one, desk.municipality, desk.now) for one in last}
    return {answer_id: why for answer_id, why in found.items() if why}


def _page_ways(desk: Desk, case: Case) -> tuple[AnswerWay, ...]:
    ways = complaints.ways_of(desk, case, about_person=True)
    return tuple(way for way in ways if way in complaints.PAGES) or (AnswerWay.CODE_BY_HAND,)


def _ways(desk: Desk, case: Case) -> tuple[AnswerWay, ...]:
    both = (complaints.ways_of(desk, case, about_person=about) for about in (False, True))
    return tuple(dict.fromkeys(way for ways in both for way in ways))


def _owes_answer(desk: Desk, case: Case) -> bool:
    """Whether a complaint can be answered here: open, or merged into one that is."""
    main = desk.uow.cases.find(case.merged_into_id) if case.merged_into_id else case
    return main is not None and main.is_open and may(desk, Right.WORK, case)
