"""What the case page shows beyond the ordinary sections."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.app import Services
from bot.assessing import laws_of_unit
from bot.web.answering_view import AnsweringView, answering_view
from bot.web.others_view import OthersView, others_view
from bot.web.team_view import TeamView, team_view
from handlers import (
    actions,
    advice,
    asides,
    exchanges,
    gates,
    independence,
    kinds,
    snoozing,
    team,
    tracks,
)
from handlers.case_records import (
    AdviceRequest,
    Exchange,
    Snooze,
    Track,
    TrackStep,
)
from handlers.desk import Desk, may
from handlers.dismissing import may_be_dismissed
from handlers.domain.case import Action, Case, CaseKind, CaseStatus, Cause
from handlers.domain.deadline import local_date
from handlers.domain.moves import NAMES_INVESTIGATOR, Machine, SarahStep, moves_from
from handlers.domain.people import Person
from handlers.left_to_do import SYSTEM
from handlers.permissions import Action as Right
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
    team: TeamView
    answering: AnsweringView
    others: OthersView
    exchanges: tuple[Exchange, ...]
    readers: dict[str, str]  # names of who reads our answer here, by the exchange's id
    tracks: tuple[TrackView, ...]
    snooze: Snooze | None
    names: dict[str, str]


def casework_view(services: Services, desk: Desk, case: Case, code: str) -> CaseWorkView:
    uow = desk.uow
    people = (*uow.organisation.people, uow.organisation.fallback)
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
        team=team_view(desk, case),
        answering=answering_view(desk, case, code),
        others=others_view(desk, case),
        exchanges=exchanges.of_case(uow, case.id),
        readers=_readers(desk, case),
        tracks=tuple(_track_view(desk, case, machine) for machine in tracks.offered(desk, case)),
        snooze=snoozing.running(uow, case, desk.today),
        names={person.id: person.name for person in people} | {team.BY_RULE: "", SYSTEM: product},
    )


def _readers(desk: Desk, case: Case) -> dict[str, str]:
    found = exchanges.of_case(desk.uow, case.id)
    readers = ((one.id, exchanges.reader_of(desk, case, one)) for one in found)
    return {exchange_id: person.name for exchange_id, person in readers if person is not None}


def _advice(desk: Desk, case: Case) -> tuple[AdviceView, ...]:
    return tuple(
        AdviceView(asked=one, may_answer=advice.may_answer(desk, case, one))
        for one in advice.of_case(desk.uow, case.id)
    )


def _handled(desk: Desk, case: Case) -> Iterator[Action]:
    """Return the actions that this person may say something about, as owner or manager."""
    if case.status != CaseStatus.DISMISSED:
        yield from (one for one in case.actions if actions.may_handle(desk, case, one))


def _may_answer(desk: Desk, case: Case) -> bool:
    return case.status != CaseStatus.DISMISSED and may(desk, Right.WORK, case)


def _may_agree(desk: Desk, case: Case) -> bool:
    asked = case.dismissal
    if asked is None or asked.proposed_by == desk.person_id or not may_be_dismissed(case):
        return False
    return may(desk, Right.CLOSE, case)


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
