"""What the case page shows beyond the ordinary sections."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.app import Services
from bot.assessing import laws_of_unit
from handlers import (
    actions,
    advice,
    asides,
    complaints,
    duplicates,
    exchanges,
    gates,
    independence,
    kinds,
    same_person,
    snoozing,
    team,
    tracks,
)
from handlers.answer_pages import why_to_see_to
from handlers.case_records import (
    AdviceRequest,
    AgendaItem,
    AnswerWay,
    Comment,
    ComplaintAnswer,
    Exchange,
    Snooze,
    Task,
    TeamMember,
    Track,
    TrackStep,
)
from handlers.desk import Desk, may
from handlers.dismissing import may_be_dismissed
from handlers.domain.case import FROM_OUTSIDE, Action, Case, CaseKind, CaseStatus, Cause
from handlers.domain.deadline import local_date
from handlers.domain.moves import NAMES_INVESTIGATOR, Machine, SarahStep, moves_from
from handlers.domain.people import Person
from handlers.duplicates import Suggestion
from handlers.permissions import Action as Right
from handlers.reopening import SYSTEM
from handlers.taking_out import may_take_out
from handlers.work_environment import may_be_handed_on


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackView:
    machine: Machine
    track: Track | None
    may_lead: bool
    next_steps: tuple[str, ...]
    needs_investigator: bool
    investigates: bool  # somebody does, and SAS can name another
    investigator_gone: bool  # away, or not free from the unit any more
    investigators: tuple[Person, ...]  # who stands free of the unit
    known_days: int  # since the report came
    before: str  # the step that a wrong tap goes back to; empty at the beginning
    taken_back: bool  # it should not have begun
    steps: tuple[TrackStep, ...]  # that were taken, each with the words of why


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceView:
    asked: AdviceRequest
    may_answer: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseWorkView:
    may_work: bool
    may_investigate: bool  # also whoever is asked in
    may_answer: bool  # other organisations, also when the case is closed
    asks_misconduct: bool  # how grave under lex Sarah, whatever laws somebody has chosen
    is_low: bool  # it may close without an investigation
    asked: tuple[asides.Asked, ...]
    to_keep: tuple[str, ...]  # what is to be done with things, such as a device
    unit_laws: tuple[str, ...]
    owes_answer: bool  # to whoever complained
    may_comment: bool
    may_lower: bool
    kinds: tuple[CaseKind, ...]  # what this person may say that it is
    may_agree: bool  # as the second person who dismisses
    may_dismiss: bool
    may_hand_on: bool
    work_system: str
    may_ask_advice: bool
    advice: tuple[AdviceView, ...]
    person_only_causes: tuple[Cause, ...]
    to_finish: frozenset[str]  # ids of actions that are not done and that this person may handle
    to_check: tuple[Action, ...]  # done, and nobody has said whether it helped
    members: tuple[TeamMember, ...]
    to_take_out: tuple[str, ...]  # members whom the person may take out of the team
    shut_out: frozenset[str]  # members who cannot open the case now
    comments: tuple[Comment, ...]
    tasks: tuple[Task, ...]
    tasks_to_finish: frozenset[str]  # ids of tasks that are not done and that this person may do
    agenda: tuple[AgendaItem, ...]
    exchanges: tuple[Exchange, ...]
    readers: dict[str, str]  # names of who reads our answer here, by the exchange's id
    suggestions: tuple[Suggestion, ...]
    same_person: tuple[Case, ...]  # others about the same person, as far as this reader may know
    maybe_same_person: tuple[Case, ...]  # to choose from
    may_untie: bool
    merged: tuple[Case, ...]
    main: Case | None
    tracks: tuple[TrackView, ...]
    snooze: Snooze | None
    is_from_outside: bool
    ways: tuple[AnswerWay, ...]
    answers: tuple[ComplaintAnswer, ...]
    answer_links: dict[str, str]
    unopened: dict[str, str]  # why somebody has to see to an answer, by its id
    page_ways: tuple[AnswerWay, ...]  # how the sender can get to a page of ours again
    code: str  # to tell by phone or letter, should the answer go that way
    names: dict[str, str]


def casework_view(services: Services, desk: Desk, case: Case, code: str) -> CaseWorkView:
    uow, work = desk.uow, desk.uow.work
    people = (*uow.organisation.people, uow.organisation.fallback)
    answers = tuple(work.answers.where(case_id=case.id))
    product = services.municipality.catalogue.get("page.product", "sv")
    return CaseWorkView(
        asked=asides.asked_in(desk, case),
        to_keep=asides.advice_in(desk, case),
        may_work=case.is_open and may(desk, Right.WORK, case),
        may_investigate=case.is_open and may(desk, Right.INVESTIGATE, case),
        may_answer=_may_answer(desk, case),
        asks_misconduct=case.possible_misconduct or case.misconduct is not None,
        is_low=gates.is_low(uow, case),
        unit_laws=laws_of_unit(desk.uow.organisation, case),
        owes_answer=_owes_answer(desk, case),
        may_comment=may(desk, Right.COMMENT, case),
        kinds=kinds.kinds_for(desk, case),
        may_lower=may(desk, Right.CLOSE_SERIOUS, case),
        may_agree=_may_agree(desk, case),
        may_dismiss=may_be_dismissed(case),
        may_hand_on=may_be_handed_on(case),
        work_system=services.municipality.work_system,
        may_ask_advice=advice.is_offered(uow, case, services.municipality),
        advice=_advice(desk, case),
        person_only_causes=tuple(cause for cause in case.causes if cause.is_person_only),
        to_finish=frozenset(a.id for a in _handled(desk, case) if not a.done_at),
        to_check=tuple(a for a in _handled(desk, case) if a.done_at and a.helped is None),
        members=tuple(work.team.where(case_id=case.id)),
        to_take_out=_to_take_out(desk, case),
        shut_out=_shut_out(desk, case),
        comments=tuple(work.comments.where(case_id=case.id)),
        tasks=tuple(work.tasks.where(case_id=case.id)),
        tasks_to_finish=_tasks_to_finish(desk, case),
        agenda=tuple(work.agenda.where(case_id=case.id, discussed_at=None)),
        exchanges=exchanges.of_case(uow, case.id),
        readers=_readers(desk, case),
        suggestions=duplicates.suggestions(desk, case),
        same_person=same_person.others(desk, case),
        maybe_same_person=_maybe_same_person(desk, case),
        may_untie=may(desk, Right.INVESTIGATE, case),
        merged=tuple(one for one in uow.cases.merged_into(case.id) if may(desk, Right.OPEN, one)),
        main=_main(desk, case),
        tracks=tuple(_track_view(desk, case, machine) for machine in tracks.offered(desk, case)),
        snooze=snoozing.running(uow, case, desk.today),
        is_from_outside=case.kind in FROM_OUTSIDE,
        ways=_ways(desk, case),
        answers=answers,
        answer_links={one.id: services.municipality.answer_link(one.id) for one in answers},
        unopened=_unopened(desk, answers),
        page_ways=_page_ways(desk, case) if answers else (),
        code=code,
        names={person.id: person.name for person in people} | {team.BY_RULE: "", SYSTEM: product},
    )


def _readers(desk: Desk, case: Case) -> dict[str, str]:
    found = exchanges.of_case(desk.uow, case.id)
    readers = ((one.id, exchanges.reader_of(desk, case, one)) for one in found)
    return {exchange_id: person.name for exchange_id, person in readers if person is not None}


def _maybe_same_person(desk: Desk, case: Case) -> tuple[Case, ...]:
    """Return what can be chosen, to those only who may say so."""
    return same_person.choices(desk, case) if may(desk, Right.INVESTIGATE, case) else ()


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


def _to_take_out(desk: Desk, case: Case) -> tuple[str, ...]:
    members = desk.uow.work.team.where(case_id=case.id)
    return tuple(one.person_id for one in members if may_take_out(desk, case, one))


def _shut_out(desk: Desk, case: Case) -> frozenset[str]:
    """Return the ids of who was asked in and cannot open the case now."""
    asked = {one.person_id for one in desk.uow.work.team.where(case_id=case.id)}
    return frozenset(
        one for one in asked if not may(replace(desk, person_id=one), Right.OPEN, case)
    )


def _advice(desk: Desk, case: Case) -> tuple[AdviceView, ...]:
    return tuple(
        AdviceView(asked=one, may_answer=advice.may_answer(desk, case, one))
        for one in advice.of_case(desk.uow, case.id)
    )


def _handled(desk: Desk, case: Case) -> Iterator[Action]:
    """Return the actions that this person may say something about, as owner or manager."""
    if case.status != CaseStatus.DISMISSED:
        yield from (one for one in case.actions if actions.may_handle(desk, case, one))


def _tasks_to_finish(desk: Desk, case: Case) -> frozenset[str]:
    undone = desk.uow.work.tasks.where(case_id=case.id, done_at=None)
    return frozenset(one.id for one in undone if team.may_finish(desk, case, one))


def _may_answer(desk: Desk, case: Case) -> bool:
    return case.status != CaseStatus.DISMISSED and may(desk, Right.WORK, case)


def _owes_answer(desk: Desk, case: Case) -> bool:
    """Whether a complaint can be answered here: open, or merged into one that is."""
    main = desk.uow.cases.find(case.merged_into_id) if case.merged_into_id else case
    return main is not None and main.is_open and may(desk, Right.WORK, case)


def _may_agree(desk: Desk, case: Case) -> bool:
    asked = case.dismissal
    if asked is None or asked.proposed_by == desk.person_id or not may_be_dismissed(case):
        return False
    return may(desk, Right.CLOSE, case)


def _main(desk: Desk, case: Case) -> Case | None:
    found = desk.uow.cases.find(case.merged_into_id) if case.merged_into_id else None
    return found if found is not None and may(desk, Right.OPEN, found) else None


def _track_view(desk: Desk, case: Case, machine: Machine) -> TrackView:
    track = tracks.find_track(desk, machine)
    moves = moves_from(machine, tracks.step_of(machine, track.step)) if track else ()
    needs = any(move.guard in NAMES_INVESTIGATOR for move in moves)
    investigates = track is not None and track.step == SarahStep.INVESTIGATING
    leads = tracks.may_lead(desk, machine)
    today = local_date(desk.now)
    named = track.investigator_id if track and investigates else ""
    free = independence.free_people(desk.uow, case, today, machine) if leads else ()
    return TrackView(
        machine=machine,
        track=track,
        may_lead=leads,
        next_steps=tuple(str(move.to) for move in moves),
        before=tracks.step_before(desk, track) if track else "",
        taken_back=track is not None and tracks.was_taken_back(track),
        steps=tuple(tracks.steps_of(desk, track)) if track else (),
        needs_investigator=needs,
        investigates=investigates,
        investigator_gone=bool(
            named and independence.fault_of(desk.uow, case, named, today, machine)
        ),
        investigators=free if needs or investigates else (),
        known_days=(today - case.received_on).days,
    )
