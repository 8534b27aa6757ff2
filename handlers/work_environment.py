"""What is about the staff's own work environment goes on to the employer's own system for that.

It is no deviation of care: a case that was handed on counts in no total. The reporter gets a
receipt, and the log says who handed on what.
"""

import re
from dataclasses import replace
from datetime import datetime

from handlers.alarm_gate import missing_of_alarm
from handlers.desk import Desk, advanced, may, open_case, saved
from handlers.domain.case import Case, CaseKind, CaseStatus
from handlers.domain.deadline import local_date
from handlers.domain.moves import Machine, find_move
from handlers.domain.text import clean
from handlers.ending import answer_reporters
from handlers.errors import GateNotMet, NotAllowed, UserFault
from handlers.handing_over import WORK, chain_of
from handlers.municipality import Municipality
from handlers.notices import handed_on
from handlers.permissions import Action as Right
from handlers.ports import UnitOfWork
from handlers.records import AuditEvent, Handover

_OF_STAFF = frozenset({CaseKind.DEVIATION, CaseKind.RISK})
_REFERENCE = re.compile(r"[\w/.:-]{0,40}")  # a number in the other system, never words


def may_be_handed_on(case: Case) -> bool:
    """Whether the case is one of the staff's own, and nobody has begun to investigate it."""
    begun = CaseStatus.ACKNOWLEDGED if case.status == CaseStatus.RECEIVED else case.status
    way = find_move(Machine.CASE, begun, CaseStatus.HANDED_ON)
    return case.kind in _OF_STAFF and way is not None and not case.is_held


def hand_on(desk: Desk, *, reference: str) -> Case:
    """End the case as the employer's matter, by whoever may close it; the reporter is told.

    What may be serious for somebody in care is for MAS or SAS to hand on, as with dismissing.
    """
    case = open_case(desk)
    if not may_be_handed_on(case):
        raise UserFault("fault.too_late_to_dismiss")
    if desk.uow.work.tracks.where(case_id=case.id, ended_at=None):
        raise UserFault("fault.open_track")
    number = _number(reference, desk.municipality)
    missing = _missing(desk, case)
    if missing:
        raise GateNotMet(missing)
    received = advanced(desk, case, CaseStatus.ACKNOWLEDGED)
    reporter = desk.uow.reports.reporter_of(case.id)
    language = reporter.language if reporter else "sv"
    system = desk.municipality.work_system_in(language)
    say = desk.municipality.catalogue.get
    receipt = say("work.receipt", language, number=case.number, system=system)
    ended = replace(received.moved(CaseStatus.HANDED_ON), closed_at=desk.now, feedback=receipt)
    stored = saved(desk, ended, "handed_on", reference=number)
    _log(desk.uow, desk.person_id, desk.now, number=case.number, reference=number)
    answer_reporters(desk, stored)
    return stored


def hand_on_matter(
    uow: UnitOfWork,
    handover_id: str,
    person_id: str,
    reference: str,
    now: datetime,
    municipality: Municipality,
) -> Handover:
    """Note that what was never a case stands in the employer's system; its writer is told once."""
    found = uow.handovers.find(handover_id)
    if found is None or found.form_id != WORK or not answers_for(uow, found, person_id, now):
        raise NotAllowed(handover_id)
    if found.handed_on_at is not None:
        return found
    number = _number(reference, municipality)
    done = replace(found, handed_on_at=now, handed_on_by=person_id, reference=number)
    uow.handovers.save(done)
    _log(uow, person_id, now, number=found.number, reference=number)
    if done.address:
        uow.outbox.add(handed_on(done, municipality), now)
    return done


def answers_for(uow: UnitOfWork, found: Handover, person_id: str, now: datetime) -> bool:
    """Whether a matter is for this person to hand on."""
    return person_id in {one.id for one in chain_of(uow, found, local_date(now))}


def _missing(desk: Desk, case: Case) -> tuple[str, ...]:
    serious = case.risk is not None and case.risk.needs_mas_to_close
    checks = (
        ("gate.senders", not case.senders_waiting),
        ("gate.mas", not serious or may(desk, Right.CLOSE_SERIOUS, case)),
        ("gate.sas", may(desk, Right.CLOSE, case)),
    )
    missing = tuple(key for key, met in checks if not met)
    return missing + missing_of_alarm(desk, case, investigated=False)


def _number(reference: str, municipality: Municipality) -> str:
    number = clean(reference)
    if not _REFERENCE.fullmatch(number) or municipality.about_person.names_somebody(number):
        raise UserFault("fault.reference")
    return number


def _log(uow: UnitOfWork, person_id: str, now: datetime, *, number: str, reference: str) -> None:
    values = {"number": number, "reference": reference}
    uow.audit.add(AuditEvent(at=now, actor_id=person_id, kind="work_handed_on", values=values))
