"""How a case ends: closed through the gates, answered, and opened again."""

from dataclasses import replace

from handlers import alerts, complaints, gates, notices
from handlers.alarm_gate import missing_of_alarm
from handlers.desk import Desk, may, open_case, open_for_work, require, required, saved
from handlers.domain.case import Case
from handlers.errors import GateNotMet, UserFault
from handlers.permissions import Action as Right
from handlers.reopening import open_again, reporters_of
from handlers.team import keep_comment


def missing_for_closing(desk: Desk, case: Case) -> tuple[str, ...]:
    """Return the text keys of all that keeps this person from closing the case."""
    by_mas = may(desk, Right.CLOSE_SERIOUS, case)
    missing = case.missing_for_closing(by_mas=by_mas, today=desk.today)
    missing += gates.beyond_the_case(desk.uow, case, by_mas=by_mas, today=desk.today)
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
    """Open an ended case again because more is known; its clocks begin again (ADR 0004).

    It is assessed and answered anew: the answer that has been sent stands among the comments.
    Reporter, team and whoever answers for the case are told.
    """
    case = require(desk, open_for_work(desk), Right.REOPEN)
    if not case.may_be_reopened:
        raise UserFault("fault.not_ended")
    why = required(reason)
    reopened = open_again(desk.uow, case, desk.now, desk.municipality, by=desk.person_id)
    alerts.take_by_working(desk.uow, reopened, desk.person_id, desk.now)
    keep_comment(desk, reopened, why)
    return reopened


def answer_reporters(desk: Desk, case: Case) -> None:
    """Send the feedback to everybody who reported the event, merged reports included.

    What says anything about a person is not mailed: the mail says where it can be read.
    """
    if not case.feedback:
        return
    for one, reporter in reporters_of(desk.uow, case):
        if not reporter.address:
            continue  # anonymous: the answer is read with the receipt code
        if one.id != case.id and one.answered:
            continue  # a merged complaint has had an answer of its own
        sent = desk.uow.work.answers.where(case_id=one.id)
        since = [a for a in sent if not case.reopened_at or a.written_at > case.reopened_at]
        if case.feedback in map(complaints.feedback_of, since):
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
    channels = {reporter.channel for _, reporter in reporters_of(desk.uow, case)}
    in_chat = bool(channels - {notices.MAIL})
    return in_chat and desk.municipality.about_person.names_somebody(feedback)


def _closed(desk: Desk, case: Case, kind: str) -> Case:
    missing = missing_for_closing(desk, case)
    if missing:
        raise GateNotMet(missing)
    by_mas = may(desk, Right.CLOSE_SERIOUS, case)
    closed = saved(desk, replace(case.closed(desk.now, by_mas=by_mas), dismissal=None), kind)
    answer_reporters(desk, closed)
    return closed
