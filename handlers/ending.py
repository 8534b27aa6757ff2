"""How a case ends: closed through the gates, answered, and opened again."""

from collections.abc import Iterator
from dataclasses import replace

from handlers import complaints, gates, notices, work_notices
from handlers.access import access_of, allowed
from handlers.alarm_gate import missing_of_alarm
from handlers.desk import Desk, may, open_case, open_for_work, require, required, saved
from handlers.domain.case import Case, CaseStatus
from handlers.domain.report import Reporter
from handlers.errors import GateNotMet, UserFault
from handlers.permissions import Action as Right
from handlers.reporting import receiver_of
from handlers.team import keep_comment

_NOT_JUDGED = (CaseStatus.DISMISSED, CaseStatus.HANDED_ON)  # ended without a word on what happened


def missing_for_closing(desk: Desk, case: Case) -> tuple[str, ...]:
    """Return the text keys of all that keeps this person from closing the case."""
    by_mas = may(desk, Right.CLOSE_SERIOUS, case)
    missing = case.missing_for_closing(by_mas=by_mas, today=desk.today)
    missing += gates.beyond_the_case(desk.uow, case, by_mas=by_mas)
    investigated = not case.closed_without_investigation_reason
    missing += missing_of_alarm(desk, case, investigated=investigated)
    if not may(desk, Right.CLOSE, case):
        missing = (*missing, "gate.sas")
    return tuple(dict.fromkeys(missing))


def close_case(desk: Desk) -> Case:
    """Close and answer the reporter, or raise GateNotMet with everything that is missing."""
    return _closed(desk, open_case(desk), "closed")


def close_without_investigation(desk: Desk, *, reason: str) -> Case:
    """The fast lane: low risk only, with a reason, counted in every figure (ADR 0009)."""
    case = open_case(desk)
    if not gates.is_low(desk.uow, case):
        raise UserFault("fault.not_low_risk")
    short = replace(case, closed_without_investigation_reason=required(reason))
    return _closed(desk, short, "closed_without_investigation")


def reopen(desk: Desk, *, reason: str) -> Case:
    """Open an ended case again because more is known; the clock is the one it had.

    It is assessed and answered anew: the answer that has been sent stands among the comments.
    Reporter, team and whoever answers for the case are told.
    """
    case = require(desk, open_for_work(desk), Right.REOPEN)
    if case.status not in (CaseStatus.CLOSED, *_NOT_JUDGED):
        raise UserFault("fault.not_ended")
    dismissed = case.status in _NOT_JUDGED
    to = CaseStatus.ACKNOWLEDGED if dismissed else CaseStatus.INVESTIGATING
    again = replace(case.moved(to), closed_at=None, dismissal=None)
    again = replace(
        again, closed_without_investigation_reason="", feedback="", reopened_at=desk.now
    )
    why = required(reason)
    reopened = saved(desk, again, "reopened")
    keep_comment(desk, reopened, why)
    if case.feedback:
        before = desk.municipality.catalogue.get("case.answer_before", "sv", text=case.feedback)
        keep_comment(desk, reopened, before)
    _tell_of_reopening(desk, reopened)
    return reopened


def _tell_of_reopening(desk: Desk, case: Case) -> None:
    """Tell everybody who believes the case is closed: who reported, and who works with it."""
    for one, reporter in _answered(desk, case):
        if reporter.address:
            message = notices.reopened_to_reporter(one, reporter, case.version, desk.municipality)
            desk.uow.outbox.add(message, desk.now)
    asked = [member.person_id for member in desk.uow.work.team.where(case_id=case.id)]
    owners = [action.owner_id for action in case.actions]
    receiver = receiver_of(desk.uow, case, desk.now).id
    for person_id in dict.fromkeys((case.responsible_id, receiver, *asked, *owners)):
        person = desk.uow.organisation.person(person_id)
        if person is None or person_id == desk.person_id:
            continue
        access = access_of(desk.uow, desk.municipality, person_id, desk.now)
        if allowed(desk.uow, access, Right.OPEN, case, desk.now):
            told = work_notices.reopened(case, person, desk.municipality)
            notices.queue(desk.uow, told, desk.now)


def answer_reporters(desk: Desk, case: Case) -> None:
    """Send the feedback to everybody who reported the event, merged reports included.

    What says anything about a person is not mailed: the mail says where it can be read.
    """
    if not case.feedback:
        return
    for one, reporter in _answered(desk, case):
        if not reporter.address:
            continue  # anonymous: the answer is read with the receipt code
        if one.id != case.id and one.answered:
            continue  # a merged complaint has had an answer of its own
        sent = desk.uow.work.answers.where(case_id=one.id)
        if case.feedback in map(complaints.feedback_of, sent):
            continue  # a complaint's answer has gone its own, safe way
        if reporter.channel == notices.MAIL and desk.municipality.about_person(case.feedback):
            complaints.put_on_page(desk, one, case.feedback, reporter)
            continue
        # Merging can bring the answer to somebody in a chat that it was not written for.
        told = replace(case, feedback=desk.municipality.about_person.covered(case.feedback))
        message = notices.feedback(one, reporter, desk.municipality, told)
        desk.uow.outbox.add(message, desk.now)


def names_somebody_in_a_chat(desk: Desk, case: Case, feedback: str) -> bool:
    """Whether feedback with a name, number or address would be read in anybody's chat."""
    channels = {reporter.channel for _, reporter in _answered(desk, case)}
    in_chat = bool(channels - {notices.MAIL})
    return in_chat and desk.municipality.about_person.names_somebody(feedback)


def _answered(desk: Desk, case: Case) -> Iterator[tuple[Case, Reporter]]:
    """Return whoever is answered when the case ends: its reporter and those merged into it."""
    for one in (case, *desk.uow.cases.merged_into(case.id)):
        reporter = desk.uow.reports.reporter_of(one.id)
        if reporter is not None and one.reporter_reachable:
            yield one, reporter


def _closed(desk: Desk, case: Case, kind: str) -> Case:
    missing = missing_for_closing(desk, case)
    if missing:
        raise GateNotMet(missing)
    by_mas = may(desk, Right.CLOSE_SERIOUS, case)
    closed = saved(desk, replace(case.closed(desk.now, by_mas=by_mas), dismissal=None), kind)
    answer_reporters(desk, closed)
    return closed
