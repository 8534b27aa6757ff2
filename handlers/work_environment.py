"""What is about the staff's own work environment goes on to the employer's own system for that.

It is no deviation of care: a case that was handed on counts in no total, and two people have to
agree on it (handlers.dismissing). The reporter gets a receipt, and the log says who handed on what.
"""

import re
from dataclasses import replace
from datetime import datetime

from handlers.desk import Desk, saved
from handlers.domain.case import Case, CaseKind, CaseStatus
from handlers.domain.deadline import local_date
from handlers.domain.moves import Machine, find_move
from handlers.domain.text import clean
from handlers.errors import NotAllowed, UserFault
from handlers.handing_over import WORK, chain_of
from handlers.municipality import Municipality
from handlers.notices import handed_on as handed_on_receipt
from handlers.ports import UnitOfWork
from handlers.records import AuditEvent, Handover

WORK_ENVIRONMENT = "work_environment"  # why a case ends, beside the reasons to dismiss it
_OF_STAFF = frozenset({CaseKind.DEVIATION, CaseKind.RISK})
_REFERENCE = re.compile(r"[\w/.:-]{0,40}")  # a number in the other system, never words


def may_be_handed_on(case: Case) -> bool:
    """Whether the case is one of the staff's own, and nobody has begun to investigate it."""
    begun = CaseStatus.ACKNOWLEDGED if case.status == CaseStatus.RECEIVED else case.status
    way = find_move(Machine.CASE, begun, CaseStatus.HANDED_ON)
    return case.kind in _OF_STAFF and way is not None and not case.is_held


def handed_on(desk: Desk, case: Case, reference: str) -> Case:
    """End a case that two people agree on; its feedback is the receipt that the reporter gets."""
    reporter = desk.uow.reports.reporter_of(case.id)
    language = reporter.language if reporter else "sv"
    system = desk.municipality.work_system_in(language)
    say = desk.municipality.catalogue.get
    key = "work.receipt_above" if case.manager_involved else "work.receipt"
    receipt = say(key, language, number=case.number, system=system)
    ended = replace(case.moved(CaseStatus.HANDED_ON), closed_at=desk.now, feedback=receipt)
    stored = saved(desk, ended, "handed_on", reference=reference)
    _log(desk.uow, desk.person_id, desk.now, number=case.number, reference=reference)
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
    found = uow.handovers.find_locked(handover_id)
    if found is None or found.form_id != WORK or not answers_for(uow, found, person_id, now):
        raise NotAllowed(handover_id)
    if found.handed_on_at is not None:
        return found
    number = number_there(reference, municipality)
    done = replace(found, handed_on_at=now, handed_on_by=person_id, reference=number)
    uow.handovers.save(done)
    _log(uow, person_id, now, number=found.number, reference=number)
    if done.address:
        uow.outbox.add(handed_on_receipt(done, municipality), now)
    return done


def answers_for(uow: UnitOfWork, found: Handover, person_id: str, now: datetime) -> bool:
    """Whether a matter is for this person to hand on."""
    return person_id in {one.id for one in chain_of(uow, found, local_date(now))}


def number_there(reference: str, municipality: Municipality) -> str:
    """Return a number in the employer's system, or raise UserFault when it says anything else."""
    number = clean(reference)
    if not _REFERENCE.fullmatch(number) or municipality.about_person.names_somebody(number):
        raise UserFault("fault.reference")
    return number


def _log(uow: UnitOfWork, person_id: str, now: datetime, *, number: str, reference: str) -> None:
    values = {"number": number, "reference": reference}
    uow.audit.add(AuditEvent(at=now, actor_id=person_id, kind="work_handed_on", values=values))
