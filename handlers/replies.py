"""What a reply or a bounce does in the case that it belongs to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from handlers import alerts, concerns, lost_answers, notices
from handlers.concerns import Concern
from handlers.dismissing import taken_back_by_words
from handlers.domain.case import Case
from handlers.domain.mail import IncomingMail
from handlers.domain.people import with_social_law
from handlers.domain.report import Answer, Report, Reporter
from handlers.filling import fill, is_news_itself
from handlers.letters import MAIL_FORM, StoredMail, add_letter, note
from handlers.merged import where_it_lives, whole_event
from handlers.municipality import Municipality
from handlers.ports import TextAnalysis, UnitOfWork
from handlers.reopening import take_up
from handlers.reporting import receiver_of


def may_act(uow: UnitOfWork, mail: IncomingMail, case: Case) -> bool:
    """Whether the sender may write into the case: takes part in it and is not known as forged."""
    takes_part = uow.letters.case_with_participant(case.id, mail.sender_address)
    return takes_part and not mail.authentication.failed


def take_reply(
    uow: UnitOfWork,
    stored: StoredMail,
    case: Case,
    analysis: TextAnalysis,
    now: datetime,
    municipality: Municipality,
) -> Case:
    """Add the letter, take what it answers, and tell the handler, once.

    The letter stays with the case that it answers, also when that one is merged into another: the
    merge can be undone, and no sender's words stand in another sender's case.
    """
    letter = add_letter(uow, stored, case, now, municipality)
    before = where_it_lives(uow, case)
    main = take_up(uow, before, analysis, now, municipality, words_in=case)
    main, heard = taken_back_by_words(uow, main, now, municipality)
    _with_answers(uow, stored, case, main, now, municipality)
    source = f"letter/{letter.id}"
    case = raise_new_concerns(uow, _now(uow, case), analysis, source, now, municipality)
    main = where_it_lives(uow, case)
    receiver = receiver_of(uow, main, now)
    if receiver.id not in heard and not is_news_itself(before, main):
        notices.queue(uow, notices.letter_in_case(case, letter.id, receiver, municipality), now)
    return main


def take_bounce(
    uow: UnitOfWork,
    stored: StoredMail,
    case: Case | None,
    now: datetime,
    municipality: Municipality,
) -> None:
    """Keep the report; when it is final, whoever handles the case knows that nobody is reached."""
    if case is None:
        return
    add_letter(uow, stored, case, now, municipality)
    if stored.mail.bounce_is_permanent:
        lost = mark_unreachable(uow, case, stored.mail.bounced_recipients, now)
        if lost and lost_answers.is_answered(uow, case):
            lost_answers.see_to_it(uow, case, now, municipality)
        receiver = receiver_of(uow, case, now)
        key = f"bounce:{stored.inbox_id}"
        messages = notices.undelivered(case, key, receiver, municipality)
        notices.queue(uow, messages, now)


def mark_unreachable(
    uow: UnitOfWork, case: Case, addresses: tuple[str, ...], now: datetime
) -> bool:
    """Note that mail does not reach the reporter; False when that is known, or it is not theirs.

    `addresses` empty: the report of the mail server names none.
    """
    report = uow.reports.of_case(case.id)
    theirs = report.reporter.address.lower() if report else ""
    if not case.reporter_reachable or (addresses and theirs not in addresses):
        return False
    uow.cases.save(replace(case, reporter_reachable=False))
    note(uow, case, now, "reporter_unreachable")
    return True


def _with_answers(
    uow: UnitOfWork,
    stored: StoredMail,
    case: Case,
    main: Case,
    now: datetime,
    municipality: Municipality,
) -> None:
    """Take unit and time from the reply where the event lacks them; an address works again.

    `main` is what the case has been merged into, or itself.
    """
    answers: dict[str, Answer] = {}
    unit = uow.organisation.unit(stored.told.unit_id)
    if unit is not None and not main.unit_id:
        answers["where"] = Answer(value=unit.id, text=unit.name)
    if stored.told.when is not None and not _has_when(uow, case):
        answers["when"] = stored.told.when
    case = _now(uow, case)
    if stored.answerable and not case.reporter_reachable:
        uow.cases.save(replace(case, reporter_reachable=True))
    if not answers:
        return
    mail = stored.mail
    report = Report(
        id=municipality.new_id(),
        draft_id=f"mail:{stored.inbox_id}",
        form_id=MAIL_FORM,
        form_version=1,
        reporter=Reporter(channel="mail", address=mail.sender_address, language=mail.language),
        answers=answers,
        submitted_at=now,
    )
    uow.reports.add(report, case.id)
    note(uow, case, now, "answered_by_mail")
    fill(uow, _now(uow, main), answers, now, municipality)


def _now(uow: UnitOfWork, case: Case) -> Case:
    """Return the case as it is after what has been done to it meanwhile."""
    return uow.cases.find(case.id) or case


def _has_when(uow: UnitOfWork, case: Case) -> bool:
    return any("when" in report.answers for report in uow.reports.all_of_case(case.id))


def raise_new_concerns(
    uow: UnitOfWork,
    case: Case,
    analysis: TextAnalysis | None,
    source: str,
    now: datetime,
    municipality: Municipality,
    *,
    answered: Sequence[Concern] = (),
    told_at: datetime | None = None,
) -> Case:
    """Return the case with what later words raise; they lower nothing. `source` names them.

    What the case has been marked for before says nothing of what these words tell: a death after a
    fall, or abuse after a locked door, is told on. `answered` is what answers beside them say.
    What is told of a merged report stays with it when the merge is undone, and marks the case that
    it went into, whose gates ask for it (handlers.alarm_gate).
    """
    found = list(answered)
    if analysis is not None:
        case = _marked(uow, case, analysis)
        if case.merged_into_id:
            _marked(uow, where_it_lives(uow, case), analysis)
        found += concerns.concerns_of_text(analysis, municipality)
    found += concerns.concerns_of_complaint(case, found, municipality)
    fresh = _not_waiting(uow, case, found, municipality)
    alerts.raise_for_case(uow, case, fresh, source, now, municipality, told_at=told_at)
    return case


def _marked(uow: UnitOfWork, case: Case, analysis: TextAnalysis) -> Case:
    unit = uow.organisation.unit(case.unit_id)
    laws = case.legal_areas
    changed = replace(
        case,
        legal_areas=with_social_law(laws, unit) if analysis.possible_misconduct else laws,
        possible_medical_harm=case.possible_medical_harm or analysis.possible_medical_harm,
        possible_misconduct=case.possible_misconduct or analysis.possible_misconduct,
    )
    return case if changed == case else uow.cases.save(changed)


def _not_waiting(
    uow: UnitOfWork, case: Case, found: Sequence[Concern], municipality: Municipality
) -> list[Concern]:
    """Return what a role has not been told of already in an alert that it has yet to take.

    A rule that is told every time, such as of a death, is never left out.
    """
    raised = (one for report in whole_event(uow, case) for one in uow.alerts.of_case(report.id))
    waiting = [one for one in raised if one.acknowledged_at is None]
    rules, fresh = municipality.alert_rules, list[Concern]()
    for concern in found:
        told = [one for one in waiting if one.role == concern.role]
        known = {rule_id for one in told for rule_id in one.rule_ids}
        ids = tuple(i for i in concern.rule_ids if i not in known or rules[i].every_time)
        if ids or not (concern.rule_ids or told):
            fresh.append(replace(concern, rule_ids=ids))
    return fresh
