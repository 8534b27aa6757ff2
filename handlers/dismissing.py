"""How a case ends without an investigation: dismissed, or handed on, by two people who agree.

What is owed to people is owed all the same: the gates are those of closing, less what an
investigation finds (handlers.domain.case). A proposal holds for the case as it was read: it ends
when the case is moved, merged or investigated, and with more words from whoever reported.
"""

from dataclasses import replace
from datetime import datetime

from handlers import gates, notices, work_environment, work_notices
from handlers.access import access_of, allowed
from handlers.alarm_gate import BY_MAS_OR_SAS, UNANSWERED, missing_of_alarm
from handlers.chairs import organisation_of
from handlers.desk import Desk, advanced, may, note, open_case, required, saved
from handlers.domain.case import Case, CaseStatus, Dismissal
from handlers.domain.moves import Machine, moves_from
from handlers.domain.people import Person, Role
from handlers.ending import answer_reporters
from handlers.errors import GateNotMet, UserFault
from handlers.municipality import Municipality
from handlers.permissions import Action as Right
from handlers.ports import UnitOfWork
from handlers.records import CaseEvent
from handlers.reopening import REPORTER
from handlers.work_environment import WORK_ENVIRONMENT

WITHDRAWN = "withdrawn"
DISMISSAL_CODES = ("not_a_deviation", "belongs_elsewhere", WITHDRAWN)
AGREED_WITHIN = 2  # working days, until whoever is to agree is reminded
_BY_MAS = frozenset({"gate.mas", gates.TRACK, BY_MAS_OR_SAS, gates.HARMED})
_OF_SECOND_PERSON = _BY_MAS | {"gate.sas", UNANSWERED}  # what the one who asks need not have


def propose_dismissal(desk: Desk, *, code: str, reason: str) -> Case:
    """Ask a second person to dismiss the case; it goes on until that person has agreed."""
    case = open_case(desk)
    if code not in DISMISSAL_CODES:
        raise UserFault("fault.bad_input")
    if not may_be_dismissed(case):
        raise UserFault("fault.too_late_to_dismiss")
    if gates.before_dismissal(desk.uow, case):
        raise UserFault("fault.open_track")
    return _proposed(desk, case, code=code, reason=reason)


def propose_handing_on(desk: Desk, *, reference: str, reason: str) -> Case:
    """Say that it is about the staff's own work environment, and ask a second person to agree.

    Refused at once when somebody was hurt in care, or when the case owes anybody anything.
    """
    case = open_case(desk)
    if not work_environment.may_be_handed_on(case):
        raise UserFault("fault.too_late_to_dismiss")
    number = work_environment.number_there(reference, desk.municipality)
    asked = Dismissal(
        reason=required(reason),
        code=WORK_ENVIRONMENT,
        proposed_by=desk.person_id,
        proposed_at=desk.now,
        reference=number,
    )
    missing = [key for key in _missing(desk, case, asked) if key not in _OF_SECOND_PERSON]
    if missing:
        raise GateNotMet(tuple(missing))
    received = advanced(desk, case, CaseStatus.ACKNOWLEDGED)
    return _proposed(desk, received, code=asked.code, reason=reason, reference=number)


def confirm_dismissal(desk: Desk) -> Case:
    """Agree, as another person than the one who asked; the reporter is answered."""
    case = open_case(desk)
    asked = case.dismissal
    if asked is None or not may_be_dismissed(case):
        raise UserFault("fault.no_dismissal")
    if asked.proposed_by == desk.person_id:
        raise UserFault("fault.second_person")
    missing = _missing(desk, case, asked)
    if missing:
        raise GateNotMet(missing)
    agreed = replace(case, dismissal=replace(asked, confirmed_by=desk.person_id))
    if asked.code == WORK_ENVIRONMENT:
        ended = work_environment.handed_on(desk, agreed, asked.reference)
    else:
        dismissed = replace(agreed.moved(CaseStatus.DISMISSED), closed_at=desk.now)
        feedback = case.feedback or _receipt_of_withdrawal(desk, case)
        ended = saved(desk, replace(dismissed, feedback=feedback), "dismissed", code=asked.code)
    answer_reporters(desk, ended)
    return ended


def refuse_dismissal(desk: Desk) -> Case:
    """Disagree: the case goes on as before."""
    case = open_case(desk)
    if case.dismissal is None:
        raise UserFault("fault.no_dismissal")
    handed_on = case.dismissal.code == WORK_ENVIRONMENT
    kind = "hand_on_refused" if handed_on else "dismissal_refused"
    return saved(desk, replace(case, dismissal=None), kind)


def may_be_dismissed(case: Case) -> bool:
    ways = moves_from(Machine.CASE, case.status)
    return any(move.to == CaseStatus.DISMISSED for move in ways)


def without_proposal(desk: Desk, case: Case) -> Case:
    """Return the case as it goes on elsewhere, where nobody has asked for its end."""
    if case.dismissal is None or not case.is_open:
        return case
    note(desk, case, "proposal_ended")
    return replace(case, dismissal=None)


def taken_back_by_words(
    uow: UnitOfWork, case: Case, now: datetime, municipality: Municipality
) -> tuple[Case, frozenset[str]]:
    """Return the case after more words from whoever reported; no proposal outlives them.

    Two people agree on what they have read. Who asked reads what is new and asks again, if it
    still holds; who was to agree hears that there is something new. Their ids are returned too:
    they need no other message of the same words.
    """
    asked = case.dismissal
    if asked is None or not case.is_open:
        return case, frozenset()
    desk = Desk(
        uow=uow, municipality=municipality, person_id=asked.proposed_by, now=now, case_id=case.id
    )
    second = second_person(desk, case, asked)
    event = CaseEvent(case_id=case.id, at=now, actor_id=REPORTER, kind="proposal_ended")
    uow.cases.add_event(event)
    stored = uow.cases.save(replace(case, dismissal=None))
    both = (uow.organisation.person(asked.proposed_by), second)
    told = [person for person in both if person is not None]
    for person in told:
        notices.queue(uow, work_notices.proposal_ended(stored, person, municipality), now)
    return stored, frozenset(person.id for person in told)


def _proposed(desk: Desk, case: Case, *, code: str, reason: str, reference: str = "") -> Case:
    dismissal = Dismissal(
        reason=required(reason),
        code=code,
        proposed_by=desk.person_id,
        proposed_at=desk.now,
        reference=reference,
    )
    what = "hand_on" if code == WORK_ENVIRONMENT else "dismissal"
    asked = saved(desk, replace(case, dismissal=dismissal), f"{what}_proposed", code=code)
    second = second_person(desk, asked, dismissal)
    if second is not None:
        told = work_notices.proposal(asked, second, desk.municipality, what=what)
        notices.queue(desk.uow, told, desk.now)
    return asked


def second_person(desk: Desk, case: Case, asked: Dismissal) -> Person | None:
    """Return who is asked to agree: the nearest person at work who may end the case.

    `desk` is that of whoever has proposed it.
    """
    involved = case.manager_involved_ids
    organisation = organisation_of(desk.uow, case, desk.today)
    above = organisation.alert_chain(Role.MAS, case.unit_id, desk.today, without=involved)
    by_mas = _BY_MAS & set(_missing(desk, case, asked))
    right = Right.CLOSE_SERIOUS if by_mas else Right.CLOSE
    for person in (*organisation.unit_chain(case.unit_id, desk.today), *above):
        access = access_of(desk.uow, desk.municipality, person.id, desk.now)
        if person.id != desk.person_id and allowed(desk.uow, access, right, case, desk.now):
            return person
    return None


def _missing(desk: Desk, case: Case, asked: Dismissal) -> tuple[str, ...]:
    by_mas = any(
        allowed(desk.uow, access, Right.CLOSE_SERIOUS, case, desk.now)
        for person_id in {desk.person_id, asked.proposed_by}
        for access in [access_of(desk.uow, desk.municipality, person_id, desk.now)]
    )
    found = [
        *case.missing_for_ending(by_mas=by_mas),
        *gates.beyond_the_case(desk.uow, case, by_mas=by_mas),
        *gates.before_dismissal(desk.uow, case),
        *missing_of_alarm(desk, case, investigated=False),
    ]
    if asked.code == WORK_ENVIRONMENT:
        found += gates.before_handing_on(desk.uow, case, by_mas=by_mas)
    if not may(desk, Right.CLOSE, case):
        found.append("gate.sas")
    met = _met_otherwise(desk, case, asked, by_mas=by_mas)
    return tuple(key for key in dict.fromkeys(found) if key not in met)


def _met_otherwise(desk: Desk, case: Case, asked: Dismissal, *, by_mas: bool) -> frozenset[str]:
    """Return the gates that another word on the same list, or on the way out, stands for."""
    met = set(_BY_MAS) if by_mas else set()
    if gates.before_dismissal(desk.uow, case):
        met.add(gates.TRACK)
    if asked.code == WORK_ENVIRONMENT:
        met.add("gate.feedback")  # a receipt goes out
    if _takes_back_alone(desk, case, asked):
        met.add("gate.answer")
    return frozenset(met)


def _takes_back_alone(desk: Desk, case: Case, asked: Dismissal) -> bool:
    """Whether the only one who complained has taken it back; nobody explains anything then."""
    return asked.code == WITHDRAWN and not desk.uow.cases.merged_into(case.id)


def _receipt_of_withdrawal(desk: Desk, case: Case) -> str:
    """Return what whoever complained is told, so that she can say that it is not so."""
    reporter = desk.uow.reports.reporter_of(case.id)
    language = reporter.language if reporter else "sv"
    return desk.municipality.catalogue.get("dismiss.receipt", language, number=case.number)
