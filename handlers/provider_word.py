"""Word to the municipality of a private provider's own lex Sarah: SAS sees that it goes on.

The provider investigates and reports to IVO, and tells the board of every report (SoL 27:4-6). SAS
is told when it begins, when the board has been told, when it is reported and when it is done, and
alerted when a step has not been taken in its time.
"""

from datetime import datetime

from handlers import alerts, notices, work_notices
from handlers.case_records import Track
from handlers.concerns import Concern
from handlers.desk import Desk
from handlers.domain.case import FROM_OUTSIDE, Case
from handlers.domain.deadline import local_date
from handlers.domain.moves import Machine, ProviderStep
from handlers.domain.people import Role
from handlers.domain.rounds import first_days_from
from handlers.municipality import Municipality
from handlers.ports import UnitOfWork
from handlers.track_leads import same_law

_RULE = "A5"  # what may be misconduct
_LEX_SARAH = frozenset(same_law(Machine.LEX_SARAH))
_TOLD = (
    ProviderStep.RECEIVED,
    ProviderStep.BOARD_INFORMED,
    ProviderStep.REPORTED,
    ProviderStep.DONE,
)


def tell_of_step(desk: Desk, case: Case, track: Track) -> None:
    """Tell SAS of a step; by an alert when she has had none of the event, which opens it to her."""
    if track.machine != Machine.LEX_SARAH_PROVIDER or track.step not in _TOLD:
        return
    parts = (case, *desk.uow.cases.merged_into(case.id))
    known = any(one.role == Role.SAS for p in parts for one in desk.uow.alerts.of_case(p.id))
    if not known:
        reason = desk.municipality.catalogue.get("alarm.provider_began", "sv")
        begun = f"{track.id}-{track.step}"
        _alert(desk.uow, case, reason, begun, desk.now, desk.municipality, by=desk.person_id)
        return
    organisation, without = desk.uow.organisation, case.manager_involved_ids
    person = organisation.alert_chain(Role.SAS, case.unit_id, desk.today, without=without)[0]
    if person.id != desk.person_id:
        messages = work_notices.provider_step(case, track, person, desk.municipality)
        notices.queue(desk.uow, messages, desk.now)


def alert_of_late_steps(uow: UnitOfWork, now: datetime, municipality: Municipality) -> int:
    """Alert SAS of every step of a provider that is late, once each; return how many are late.

    The first is late also when it has not begun: the board is to be told of every report.
    """
    if not uow.organisation.providers:
        return 0
    late, today = _not_begun(uow, now, municipality), local_date(now)
    for track in uow.work.tracks.where(machine=Machine.LEX_SARAH_PROVIDER, ended_at=None):
        case = uow.cases.find(track.case_id)
        if case is None or track.due_on is None or track.due_on >= today:
            continue
        say = municipality.catalogue.get
        step = say(f"provider_sarah.{track.step}", "sv")
        reason = say("alarm.provider_late", "sv", step=step, day=track.due_on.isoformat())
        _alert(uow, case, reason, f"{track.id}-{track.step}", now, municipality, late=True)
        late += 1
    return late


def _not_begun(uow: UnitOfWork, now: datetime, municipality: Municipality) -> int:
    units, late = frozenset(uow.organisation.providers), 0
    reason = municipality.catalogue.get("alarm.provider_not_begun", "sv")
    for case in uow.cases.misconduct_at(units):
        own = (one.machine for one in uow.work.tracks.where(case_id=case.id))
        if case.kind in FROM_OUTSIDE or case.is_held or set(own) & _LEX_SARAH:
            continue  # nobody has reported it to the provider yet, or it has begun
        due_on = municipality.clocks.step_due_on(
            Machine.LEX_SARAH_PROVIDER,
            ProviderStep.RECEIVED,
            first_days_from(case),
            municipality.is_working_day,
        )
        if due_on is not None and due_on < local_date(now):
            _alert(uow, case, reason, "not_begun", now, municipality, late=True)
            late += 1
    return late


def _alert(
    uow: UnitOfWork,
    case: Case,
    reason: str,
    occasion: str,
    now: datetime,
    municipality: Municipality,
    *,
    late: bool = False,
    by: str = "",
) -> None:
    concern = Concern(role=Role.SAS, reasons=(reason,), rule_ids=(_RULE,), urgent=False)
    alerts.raise_for_case(
        uow,
        case,
        [concern],
        f"{alerts.ABOUT_PROVIDER}{'late' if late else 'track'}",
        now,
        municipality,
        occasion=occasion,
        by=by,
    )
