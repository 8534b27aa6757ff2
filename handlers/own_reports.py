"""What people see of their own: drafts, sent reports with status and answer, and what they add.

The choices of these lists name what they are about: "draft:<id>", "drop:<id>", "add:<number>",
"up:<number>", "down:<number>". They are understood whatever the dialogue stands at.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from handlers import concerns, notices
from handlers.beside import Addition, continue_beside, has_to_be_looked_at, hold_beside
from handlers.dialogue.state import (
    Command,
    DraftStatus,
    Prompt,
    PromptChoice,
    PromptKind,
)
from handlers.dismissing import taken_back_by_words
from handlers.domain.case import Case, CaseStatus
from handlers.domain.deadline import STOCKHOLM
from handlers.domain.report import Report, Reporter
from handlers.filling import fill, is_news_itself
from handlers.merged import where_it_lives
from handlers.municipality import Municipality
from handlers.ports import TextAnalysis, UnitOfWork
from handlers.records import CaseEvent, Draft, SentReport
from handlers.reopening import closed_long_ago, take_up
from handlers.replies import raise_new_concerns
from handlers.reporting import receiver_of

OPEN_DRAFT, DROP_DRAFT, ADD, USEFUL, NOT_USEFUL = "draft", "drop", "add", "up", "down"
_UNDER_WAY = (DraftStatus.ACTIVE, DraftStatus.PAUSED)
ADDED = "more"  # the question of the form for what is added
SHOWN = 5  # the newest; a longer list is hard to read in a chat


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose things they are: a conversation's and, where it is known, its person's elsewhere."""

    conversation_id: str
    person_id: str
    language: str


def drafts_of(uow: UnitOfWork, owner: Owner) -> list[Draft]:
    """Return the reports that are being written, the one last touched first."""
    found = uow.drafts.of_owner(owner.conversation_id, owner.person_id)
    return [draft for draft in found if draft.state.status in _UNDER_WAY and draft.state.answers]


def cancelled_of(uow: UnitOfWork, owner: Owner) -> list[Draft]:
    """Return the cancelled reports that are kept still and can be taken back, the latest first."""
    found = uow.drafts.of_owner(owner.conversation_id, owner.person_id)
    return [d for d in found if d.state.status == DraftStatus.CANCELLED and d.state.answers]


def owned_draft(uow: UnitOfWork, owner: Owner, draft_id: str) -> Draft | None:
    owned = (*drafts_of(uow, owner), *cancelled_of(uow, owner))
    return next((one for one in owned if one.id == draft_id), None)


def sent_report(uow: UnitOfWork, owner: Owner, number: str) -> SentReport | None:
    """Return one of the owner's own reports; somebody else's number is as if it did not exist."""
    sent = uow.reports.sent_by(owner.conversation_id, owner.person_id)
    return next((one for one in sent if one.case.number == number), None)


def list_drafts(uow: UnitOfWork, owner: Owner, municipality: Municipality) -> tuple[Prompt, ...]:
    say = municipality.catalogue.get
    choices: list[PromptChoice] = []
    drafts = [*drafts_of(uow, owner)[:SHOWN], *cancelled_of(uow, owner)[:SHOWN]]
    for draft in drafts:
        name = _name_of(draft, owner, municipality)
        cancelled = draft.state.status == DraftStatus.CANCELLED
        back = "draft_regret" if cancelled else "draft_go_on"
        for key, kind in ((back, OPEN_DRAFT), ("draft_drop", DROP_DRAFT)):
            label = say(f"choice.{key}", owner.language, text=name)
            choices.append(PromptChoice(label=label, choice=f"{kind}:{draft.id}"))
    if not drafts:
        resume = say("choice.report", owner.language)
        choices.append(PromptChoice(label=resume, command=Command.REPORT))
    key = "dialogue.drafts" if drafts else "dialogue.no_drafts"
    return (_list(say(key, owner.language), choices),)


def list_reports(uow: UnitOfWork, owner: Owner, municipality: Municipality) -> tuple[Prompt, ...]:
    sent = uow.reports.sent_by(owner.conversation_id, owner.person_id)[:SHOWN]
    say = municipality.catalogue.get
    if not sent:
        report = PromptChoice(label=say("choice.report", owner.language), command=Command.REPORT)
        return (_list(say("dialogue.no_reports", owner.language), [report]),)
    lines = [say("dialogue.my_reports", owner.language)]
    choices = []
    for one in sent:
        shown = where_it_lives(uow, one.case)
        lines.append(status_line(one.case, shown, owner.language, municipality))
        choices += report_choices(one.case, shown, owner.language, municipality)
    return (_list("\n".join(lines), choices),)


def vote(uow: UnitOfWork, sent: SentReport, *, useful: bool, now: datetime) -> bool:
    """Keep whether the answer helped; False while there is none."""
    if not has_answer(where_it_lives(uow, sent.case)):
        return False
    uow.reports.vote(sent.report_id, useful=useful, now=now)
    return True


def has_answer(case: Case) -> bool:
    return case.status in (CaseStatus.CLOSED, CaseStatus.HANDED_ON) and bool(case.feedback)


def add_to_case(
    uow: UnitOfWork,
    draft: Draft,
    now: datetime,
    municipality: Municipality,
    analysis: TextAnalysis,
    *,
    told_at: datetime | None = None,
) -> Case:
    """Put a finished addition into its case and tell whoever handles it.

    One that may be about the manager is held as a case of its own, and one to a case that ended
    long ago makes a new one; the case of its own is returned.
    The draft's id is unique among reports, so that an addition sent twice stands there once.
    `told_at` is when alerts go out, if `now` is only the hour.
    """
    case = uow.cases.find_number(draft.state.about)
    if case is None:
        raise LookupError(draft.state.about)
    report = _addition(draft, uow.reports.of_case(case.id), municipality.new_id(), now)
    lives_in = where_it_lives(uow, case)
    added = Addition(report=report, analysis=analysis, told_at=told_at)
    if has_to_be_looked_at(lives_in, added):
        return hold_beside(uow, lives_in, added, now, municipality)
    if closed_long_ago(lives_in, now, municipality):
        return continue_beside(uow, lives_in, added, now, municipality)
    uow.reports.add(report, case.id)
    only_words = set(report.answers) <= {ADDED}
    words = analysis if only_words else None
    target = take_up(uow, lives_in, words, now, municipality, words_in=case)
    target, heard = _taken_in(uow, target, case.id, added, now, municipality)
    event = CaseEvent(case_id=case.id, at=now, actor_id="reporter", kind="report_added")
    uow.cases.add_event(event)
    receiver = receiver_of(uow, target, now)
    if receiver.id not in heard and not is_news_itself(lives_in, target):
        notices.queue(uow, notices.added_to_case(case, report.id, receiver, municipality), now)
    return case


def _taken_in(
    uow: UnitOfWork,
    case: Case,
    told_in: str,
    added: Addition,
    now: datetime,
    municipality: Municipality,
) -> tuple[Case, frozenset[str]]:
    """Return the case with what the addition tells, and who has heard that more was said.

    `told_in` is the id of the report that is added to: the case's own, or one merged into it.
    """
    answers = added.report.answers
    case, heard = taken_back_by_words(uow, case, now, municipality)
    case = fill(uow, case, answers, now, municipality, told_in=told_in)
    raise_new_concerns(
        uow,
        uow.cases.find(told_in) or case,
        added.analysis,
        f"report/{added.report.id}",
        now,
        municipality,
        answered=concerns.concerns_of_answers(answers, case.event_laws, municipality),
        told_at=added.told_at,
    )
    return uow.cases.find(case.id) or case, heard


def _addition(draft: Draft, first: Report | None, report_id: str, now: datetime) -> Report:
    """Return what is added, by somebody as hidden as whoever reported first."""
    state = draft.state
    reporter = Reporter(
        channel=draft.channel,
        address=draft.conversation_id,
        person_id=draft.person_id,
        language=state.language,
        confidential=first is not None and first.reporter.confidential,
    )
    if first is not None and first.reporter.code_hash:  # answered by the code that they have
        code = first.reporter.code_hash
        reporter = replace(reporter, address="", person_id="", code_hash=code)
    return Report(
        id=report_id,
        draft_id=draft.id,
        form_id=state.form_id,
        form_version=state.form_version,
        reporter=reporter,
        answers=state.answers,
        submitted_at=_after(first, now),
    )


def _after(first: Report | None, now: datetime) -> datetime:
    """Return a moment behind the report's own, so that what was added never comes before it."""
    return now if first is None else max(now, first.submitted_at + timedelta(microseconds=1))


def _list(text: str, choices: Sequence[PromptChoice]) -> Prompt:
    return Prompt(kind=PromptKind.NOTICE, text=text, choices=tuple(choices))


def _name_of(draft: Draft, owner: Owner, municipality: Municipality) -> str:
    """Return what a draft is called: nothing of what was written, as others may look on."""
    form = municipality.catalogue.get(f"form.{draft.state.form_id}", owner.language)
    local = draft.updated_at.astimezone(STOCKHOLM)
    return f"{form} {local:%Y-%m-%d %H:%M}"


def status_line(case: Case, shown: Case, language: str, municipality: Municipality) -> str:
    say = municipality.catalogue.get
    status = say(f"status.{shown.status}", language)
    line = say("dialogue.report_line", language, number=case.number, status=status)
    if not has_answer(shown):
        return line
    return f"{line}. {say('dialogue.report_feedback', language, text=shown.feedback)}"


def report_choices(
    case: Case, shown: Case, language: str, municipality: Municipality
) -> list[PromptChoice]:
    """Return what can be done with a sent report: add to it, and say whether the answer helped."""
    wanted = [(ADD, "choice.add_to")]
    if has_answer(shown):
        wanted += [(USEFUL, "choice.useful"), (NOT_USEFUL, "choice.not_useful")]
    say = municipality.catalogue.get
    return [
        PromptChoice(label=say(key, language, number=case.number), choice=f"{kind}:{case.number}")
        for kind, key in wanted
    ]
