"""The side tracks of a case: lex Maria with MAS, lex Sarah with SAS or a private provider.

Each has its own steps, persons and clock; the case goes on beside it. Lotsen never says that an
event is one or the other: a person starts the track and takes every step.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from handlers import independence, notices, team, work_notices
from handlers.case_records import Profession, Track, TrackStep
from handlers.chairs import organisation_of_track
from handlers.desk import Desk, open_for_work, required, saved
from handlers.domain.case import Case
from handlers.domain.deadline import local_date
from handlers.domain.moves import (
    NAMES_INVESTIGATOR,
    Guard,
    Machine,
    MariaStep,
    ProviderStep,
    SarahStep,
    State,
    find_move,
    moves_from,
)
from handlers.domain.people import Role
from handlers.errors import IllegalTransition, UserFault
from handlers.provider_word import tell_of_step
from handlers.reporting import receiver_of
from handlers.track_leads import LED_BY, leads, lex_sarah_of, same_law

FIRST: dict[Machine, State] = {
    Machine.LEX_MARIA: MariaStep.ASSESSING,
    Machine.LEX_SARAH: SarahStep.RECEIVED,
    Machine.LEX_SARAH_PROVIDER: ProviderStep.RECEIVED,
}
_STEPS: dict[Machine, type[MariaStep | SarahStep | ProviderStep]] = {
    Machine.LEX_MARIA: MariaStep,
    Machine.LEX_SARAH: SarahStep,
    Machine.LEX_SARAH_PROVIDER: ProviderStep,
}


def step_of(machine: Machine, name: str) -> State:
    """Return a step by its name; raises ValueError when the track has none such."""
    return _STEPS[machine](name)


def may_lead(desk: Desk, machine: Machine) -> bool:
    """Whether the person takes the steps of such a track in this case today."""
    case = desk.uow.cases.find(desk.case_id)
    if case is None:
        return False
    organisation = organisation_of_track(desk.uow, case, desk.today)
    return leads(organisation, case, machine, desk.person_id, desk.today)


def offered(desk: Desk, case: Case) -> tuple[Machine, ...]:
    """Return the tracks that a case has or can have: lex Sarah by who runs the unit."""
    own = lex_sarah_of(desk.uow.organisation, case)
    begun = (find_track(desk, machine) for machine in same_law(own))
    there = tuple(track.machine for track in begun if track and not was_taken_back(track))
    return (Machine.LEX_MARIA, *(there or (own,)))


def start(desk: Desk, machine: Machine, *, reason: str) -> Case:
    """Begin a track; a case has each of them once, and the lex Sarah of whoever runs the unit."""
    case = open_for_work(desk)
    _require_lead(desk, machine)
    if machine not in offered(desk, case):
        raise UserFault("fault.other_lex_sarah")
    step = FIRST[machine]
    found = find_track(desk, machine)
    if found is not None and not was_taken_back(found):
        raise UserFault("fault.track_exists")
    track = Track(
        id=found.id if found else desk.municipality.new_id(),
        case_id=case.id,
        machine=machine,
        step=step,
        lead_id=desk.person_id,
        started_at=desk.now,
        due_on=_due_on(
            desk,
            machine,
            step,
            steps_of(desk, found) if found else (),
            since=_told_on(desk, case, machine),
        ),
    )
    if found is not None:
        desk.uow.work.tracks.save(track)
    elif not desk.uow.work.tracks.add(track):
        raise UserFault("fault.track_exists")
    _keep_step(desk, track, step, reason)
    if machine == Machine.LEX_SARAH_PROVIDER:
        case = replace(case, possible_misconduct=True)  # SAS sees that it goes on
    tell_of_step(desk, case, track)
    return saved(desk, case, "track_started", track=machine)


def take_step(
    desk: Desk, machine: Machine, to: State, *, reason: str, investigator_id: str = ""
) -> Case:
    """Take the next step of a track, with a word of why; the steps stand in the table of moves."""
    case = open_for_work(desk)
    track = find_track(desk, machine)
    if track is None:
        raise UserFault("fault.no_track")
    _require_lead(desk, machine)
    source = step_of(machine, track.step)
    move = find_move(machine, source, to)
    if move is None or move.guard == Guard.TAKEN_BACK:
        raise IllegalTransition(f"{case.number}: {machine}: {track.step} -> {to}")
    names = move.guard in NAMES_INVESTIGATOR
    if names:
        _require_independent(desk, case, machine, investigator_id)
    ended = not moves_from(machine, to) or to == MariaStep.NOT_REPORTED
    changed = replace(
        track,
        step=to,
        due_on=_due_on(desk, machine, to, _since_not_reported(steps_of(desk, track))),
        ended_at=desk.now if ended else None,
    )
    if names:
        changed = replace(changed, investigator_id=investigator_id)
    desk.uow.work.tracks.save(changed)
    _keep_step(desk, changed, to, reason)
    if names:
        _let_investigator_in(desk, case, investigator_id)
    tell_of_step(desk, case, changed)
    if ended:
        _tell_unit(desk, case, changed)
    return saved(desk, case, "track_moved", track=machine, to=to)


def name_investigator(desk: Desk, *, investigator_id: str, reason: str) -> Case:
    """Let somebody else investigate: the first is away, or does not stand free any more.

    The clock of the step goes on.
    """
    case = open_for_work(desk)
    found = (find_track(desk, machine) for machine in same_law(Machine.LEX_SARAH))
    investigated = [one for one in found if one and one.step == SarahStep.INVESTIGATING]
    if not investigated:
        raise UserFault("fault.no_track")
    [track] = investigated
    _require_lead(desk, track.machine)
    _require_independent(desk, case, track.machine, investigator_id)
    changed = replace(track, investigator_id=investigator_id)
    desk.uow.work.tracks.save(changed)
    _keep_step(desk, changed, SarahStep.INVESTIGATING, reason)
    _let_investigator_in(desk, case, investigator_id)
    return saved(desk, case, "investigator_named")


def take_back(desk: Desk, machine: Machine, *, reason: str) -> Case:
    """Take the last step back; the history keeps both. Without a step before, the track ends."""
    case = open_for_work(desk)
    track = find_track(desk, machine)
    if track is None or was_taken_back(track):
        raise UserFault("fault.no_track")
    _require_lead(desk, machine)
    before = step_before(desk, track)
    to = step_of(machine, before or track.step)
    back = replace(
        track,
        step=to,
        due_on=_due_on(desk, machine, to, steps_of(desk, track)) if before else None,
        ended_at=None if before else desk.now,
    )
    desk.uow.work.tracks.save(back)
    _keep_step(desk, back, to, reason)
    return saved(desk, case, "track_taken_back", track=machine, to=to)


def step_before(desk: Desk, track: Track) -> str:
    """Return the step that the track stood at before this one; empty at its beginning."""
    walked: list[str] = []
    for one in steps_of(desk, track):
        if one.step in walked:
            del walked[walked.index(one.step) + 1 :]  # it went back there
        else:
            walked.append(one.step)
    return walked[-2] if len(walked) > 1 else ""


def was_taken_back(track: Track) -> bool:
    """Whether the track has ended at its first step, as one that should not have begun."""
    return track.ended_at is not None and track.step == FIRST[track.machine]


def steps_of(desk: Desk, track: Track) -> list[TrackStep]:
    """Return the steps that were taken with the words of why, oldest first."""
    found = desk.uow.work.track_steps.where(track_id=track.id)
    return sorted(found, key=lambda one: one.taken_at)


def find_track(desk: Desk, machine: Machine) -> Track | None:
    found = desk.uow.work.tracks.where(case_id=desk.case_id, machine=machine)
    return next(iter(found), None)


def _require_lead(desk: Desk, machine: Machine) -> None:
    if not may_lead(desk, machine):
        raise UserFault("fault.no_right")


def _require_independent(desk: Desk, case: Case, machine: Machine, investigator_id: str) -> None:
    fault = independence.fault_of(desk.uow, case, investigator_id, desk.today, machine)
    if fault:
        raise UserFault(fault)


def _let_investigator_in(desk: Desk, case: Case, investigator_id: str) -> None:
    investigator = desk.uow.organisation.person(investigator_id)
    if investigator is not None:
        team.let_in(desk, case, investigator, Profession.INVESTIGATOR)


def _tell_unit(desk: Desk, case: Case, track: Track) -> None:
    """Tell whoever has the case that a track has ended: the case goes on with what it came to."""
    person = receiver_of(desk.uow, case, desk.now)
    if person.id != desk.person_id:
        messages = work_notices.track_ended(case, track, person, desk.municipality)
        notices.queue(desk.uow, messages, desk.now)


def _keep_step(desk: Desk, track: Track, step: State, reason: str) -> None:
    desk.uow.work.track_steps.add(
        TrackStep(
            id=desk.municipality.new_id(),
            track_id=track.id,
            case_id=track.case_id,
            step=step,
            taken_by=desk.person_id,
            taken_at=desk.now,
            note=required(reason),
        )
    )


def _due_on(
    desk: Desk,
    machine: Machine,
    step: State,
    walked: Iterable[TrackStep],
    *,
    since: date | None = None,
) -> date | None:
    """Return the inner target of a step, from the day on which the track first came to it.

    A wrong tap that is taken back gives no new time: the law says at once, or as soon as possible.
    `since` is an earlier day that the clock runs from.
    """
    clocks = desk.municipality.clocks
    days = [local_date(one.taken_at) for one in walked if one.step == step]
    first = min([*days, since or desk.today], default=desk.today)
    return clocks.step_due_on(machine, step, first, desk.municipality.is_working_day)


def _told_on(desk: Desk, case: Case, machine: Machine) -> date:
    """Return the day on which whoever leads the track was first alerted of the event, else today.

    A track that is begun late is late from its beginning.
    """
    parts = (case, *desk.uow.cases.merged_into(case.id))
    found = (one for part in parts for one in desk.uow.alerts.of_case(part.id))
    roles = {LED_BY[machine]}
    unit = desk.uow.organisation.unit(case.unit_id)
    if unit is not None and unit.provider:
        roles.add(Role.AREA_MANAGER)
    told = (local_date(one.raised_at) for one in found if one.role in roles)
    return min(told, default=desk.today)


def _since_not_reported(steps: list[TrackStep]) -> list[TrackStep]:
    """Return the steps after the decision not to report: what is assessed anew has its own time."""
    ended = [n for n, one in enumerate(steps) if one.step == MariaStep.NOT_REPORTED]
    return steps[ended[-1] :] if ended else steps
