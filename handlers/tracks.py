"""The side tracks of a case: lex Maria with MAS, lex Sarah with SAS.

Each has its own steps, persons and clock; the case goes on beside it. Lotsen never says that an
event is one or the other: a person starts the track and takes every step.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from handlers import independence, team
from handlers.case_records import Profession, Track, TrackStep
from handlers.chairs import organisation_of_track
from handlers.desk import Desk, open_for_work, required, saved
from handlers.domain.case import Case
from handlers.domain.deadline import local_date
from handlers.domain.moves import Guard, Machine, MariaStep, SarahStep, State, find_move, moves_from
from handlers.domain.people import Role
from handlers.errors import IllegalTransition, UserFault

FIRST: dict[Machine, State] = {
    Machine.LEX_MARIA: MariaStep.ASSESSING,
    Machine.LEX_SARAH: SarahStep.RECEIVED,
}
LED_BY = {Machine.LEX_MARIA: Role.MAS, Machine.LEX_SARAH: Role.SAS}
_STAND_IN = {Role.MAS: Role.SAS, Role.SAS: Role.MAS}


def step_of(machine: Machine, name: str) -> State:
    """Return a step by its name; raises ValueError when the track has none such."""
    return MariaStep(name) if machine == Machine.LEX_MARIA else SarahStep(name)


def may_lead(desk: Desk, machine: Machine) -> bool:
    """MAS leads lex Maria and SAS lex Sarah; each stands in for one who is away or involved.

    Nobody leads one at a unit that she answers for.
    """
    case, day = desk.uow.cases.find(desk.case_id), desk.today
    if case is None:
        return False
    role, involved = LED_BY[machine], case.manager_involved_ids
    organisation = organisation_of_track(desk.uow, case, day)
    if organisation.has_role(desk.person_id, role, day):
        return True
    vacant = all(one.id in involved for one in organisation.holders(role, "", day))
    return vacant and organisation.has_role(desk.person_id, _STAND_IN[role], day)


def start(desk: Desk, machine: Machine, *, reason: str) -> Case:
    """Begin a track; a case has each of them once."""
    case = open_for_work(desk)
    _require_lead(desk, machine)
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
    if move.guard == Guard.INDEPENDENT:
        _require_independent(desk, case, investigator_id)
    ended = not moves_from(machine, to) or to == MariaStep.NOT_REPORTED
    changed = replace(
        track,
        step=to,
        due_on=_due_on(desk, machine, to, _since_not_reported(steps_of(desk, track))),
        ended_at=desk.now if ended else None,
    )
    if move.guard == Guard.INDEPENDENT:
        changed = replace(changed, investigator_id=investigator_id)
    desk.uow.work.tracks.save(changed)
    _keep_step(desk, changed, to, reason)
    if move.guard == Guard.INDEPENDENT:
        _let_investigator_in(desk, case, investigator_id)
    return saved(desk, case, "track_moved", track=machine, to=to)


def name_investigator(desk: Desk, *, investigator_id: str, reason: str) -> Case:
    """Let somebody else investigate: the first is away, or does not stand free any more.

    The clock of the step goes on.
    """
    case = open_for_work(desk)
    track = find_track(desk, Machine.LEX_SARAH)
    if track is None or track.step != SarahStep.INVESTIGATING:
        raise UserFault("fault.no_track")
    _require_lead(desk, Machine.LEX_SARAH)
    _require_independent(desk, case, investigator_id)
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


def _require_independent(desk: Desk, case: Case, investigator_id: str) -> None:
    fault = independence.fault_of(desk.uow, case, investigator_id, desk.today)
    if fault:
        raise UserFault(fault)


def _let_investigator_in(desk: Desk, case: Case, investigator_id: str) -> None:
    investigator = desk.uow.organisation.person(investigator_id)
    if investigator is not None:
        team.let_in(desk, case, investigator, Profession.INVESTIGATOR)


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
    told = (local_date(one.raised_at) for one in found if one.role == LED_BY[machine])
    return min(told, default=desk.today)


def _since_not_reported(steps: list[TrackStep]) -> list[TrackStep]:
    """Return the steps after the decision not to report: what is assessed anew has its own time."""
    ended = [n for n, one in enumerate(steps) if one.step == MariaStep.NOT_REPORTED]
    return steps[ended[-1] :] if ended else steps
