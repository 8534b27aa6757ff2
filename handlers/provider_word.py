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
from handlers.domain.case import Case
from handlers.domain.deadline import local_date
from handlers.domain.moves import Machine, ProviderStep
from handlers.domain.people import Role
from handlers.municipality import Municipality
from handlers.ports import UnitOfWork

_RULE = "A5"  # what may be misconduct
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
        _alert(desk.uow, case, reason, track, desk.now, desk.municipality, by=desk.person_id)
        return
    organisation, without = desk.uow.organisation, case.manager_involved_ids
    person = organisation.alert_chain(Role.SAS, case.unit_id, desk.today, without=without)[0]
    if person.id != desk.person_id:
        messages = work_notices.provider_step(case, track, person, desk.municipality)
        notices.queue(desk.uow, messages, desk.now)


def alert_of_late_steps(uow: UnitOfWork, now: datetime, municipality: Municipality) -> int:
    """Alert SAS of every step of a provider that is late, once each; return how many are late."""
    late, today = 0, local_date(now)
    for track in uow.work.tracks.where(machine=Machine.LEX_SARAH_PROVIDER, ended_at=None):
        case = uow.cases.find(track.case_id)
        if case is None or track.due_on is None or track.due_on >= today:
            continue
        say = municipality.catalogue.get
        step = say(f"provider_sarah.{track.step}", "sv")
        reason = say("alarm.provider_late", "sv", step=step, day=track.due_on.isoformat())
        _alert(uow, case, reason, track, now, municipality, late=True)
        late += 1
    return late


def _alert(
    uow: UnitOfWork,
    case: Case,
    reason: str,
    track: Track,
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
        occasion=f"{track.id}-{track.step}",
        by=by,
    )
