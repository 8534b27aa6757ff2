"""One turn of the dialogue: which draft it belongs to, and what its steps call for."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.app import Services
from handlers import alerts, handing_over, own_reports, reporting
from handlers.dialogue.engine import receipt, step
from handlers.dialogue.prompts import summary_prompt
from handlers.dialogue.state import (
    Command,
    DialogueContext,
    DialogueState,
    DraftStatus,
    Effect,
    EffectKind,
    Option,
    Prompt,
    PromptChoice,
    PromptKind,
    UserInput,
)
from handlers.domain.deadline import local_date
from handlers.domain.people import Role
from handlers.domain.report import Answer
from handlers.forms.form import Form, Outcome, QuestionType
from handlers.own_reports import Owner
from handlers.ports import TextAnalysis
from handlers.records import Draft
from storage.unit_of_work import SqlUnitOfWork

ANONYMOUS = "anonymous:"  # how the ids of such conversations begin
_ENDED = (DraftStatus.SUBMITTED, DraftStatus.CANCELLED)

Prompts = tuple[Prompt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMessage:
    """One turn from a channel; `message_id` is unique within the conversation."""

    channel: str
    conversation_id: str
    message_id: str
    user_input: UserInput
    form_id: str = "deviation"
    language: str = "sv"
    person_id: str = ""
    new_report: bool = False  # the last one is done; begin another
    unit_id: str = ""  # where the person is, from the poster's link
    code_hash: str = ""  # anonymous: of the code that the person keeps

    @property
    def is_anonymous(self) -> bool:
        return self.conversation_id.startswith(ANONYMOUS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    services: Services
    uow: SqlUnitOfWork
    message: InboundMessage
    now: datetime

    def take(self, said: UserInput) -> Prompts:
        """Step until the person is asked something, doing what the steps call for."""
        kind, _, about = said.choice.partition(":")
        own = self._own_acts().get(kind)
        if own is not None and about:
            return own(about)
        draft, told = self._draft(said)
        return (*told, *self._steps(draft, said))

    def present(self) -> Prompts:
        """Return where the conversation stands, changing nothing."""
        draft = self.uow.drafts.latest(self.message.conversation_id)
        if draft is None:
            return ()
        form = self.services.forms[draft.state.form_id]
        said = UserInput(command=Command.RESUME)
        return step(form, draft.state, said, self._context(draft.state)).prompts

    @property
    def _owner(self) -> Owner:
        message = self.message
        return Owner(
            conversation_id=message.conversation_id,
            person_id=message.person_id,
            language=message.language,
        )

    def _own_acts(self) -> dict[str, Callable[[str], Prompts]]:
        return {
            own_reports.OPEN_DRAFT: self._open_draft,
            own_reports.DROP_DRAFT: self._drop_draft,
            own_reports.ADD: self._begin_addition,
            own_reports.USEFUL: lambda number: self._vote(number, useful=True),
            own_reports.NOT_USEFUL: lambda number: self._vote(number, useful=False),
        }

    def _steps(self, draft: Draft, said: UserInput) -> Prompts:
        prompts: list[Prompt] = []
        following: UserInput | None = said
        while following is not None:
            form = self.services.forms[draft.state.form_id]
            taken = step(form, draft.state, following, self._context(draft.state))
            draft = replace(draft, state=taken.state)
            prompts += taken.prompts
            following = None
            for effect in taken.effects:
                draft, told, wanted = self._done(draft, effect)
                prompts += told
                following = wanted or following
        self._save(draft)
        return tuple(prompts)

    def _done(self, draft: Draft, effect: Effect) -> tuple[Draft, Prompts, UserInput | None]:
        """Do what a step calls for; return the draft, what to show, and what to step with."""
        start = UserInput(command=Command.START)
        match effect.kind:
            case EffectKind.RAISE_DANGER:
                unit_id = _unit_of(draft.state)
                municipality = self.services.municipality
                alerts.raise_danger(self.uow, draft.id, unit_id, self.now, municipality)
            case EffectKind.SUGGEST_CATEGORY:
                return draft, (), _suggestion(self.services.analyst.analyse(effect.text))
            case EffectKind.SUBMIT_REPORT:
                return *self._submit(draft), None
            case EffectKind.SWITCH_FORM:
                return self._in_form(draft, effect.text), (), start
            case EffectKind.BEGIN_FORM:
                moved = self._put_away(draft)
                return self._new_draft(effect.text), moved, start
            case EffectKind.LIST_DRAFTS:
                self._save(draft)
                municipality = self.services.municipality
                return draft, own_reports.list_drafts(self.uow, self._owner, municipality), None
            case EffectKind.LIST_REPORTS:
                municipality = self.services.municipality
                return draft, own_reports.list_reports(self.uow, self._owner, municipality), None
        return draft, (), None

    def _draft(self, said: UserInput) -> tuple[Draft, Prompts]:
        """Return the conversation's draft, the person's from elsewhere, or a new one."""
        found = self.uow.drafts.latest(self.message.conversation_id)
        ended = found is None or found.state.status in _ENDED
        if found is not None and not self.message.new_report:
            return found, ()
        begins = said.command in (Command.RESUME, Command.START)
        if ended and begins and self.message.person_id:
            for draft in own_reports.drafts_of(self.uow, self._owner):
                if draft.conversation_id != self.message.conversation_id:
                    return self._taken_over(draft), (self._notice("dialogue.taken_over"),)
        return self._new_draft(self.message.form_id), ()

    def _taken_over(self, draft: Draft) -> Draft:
        """Return a draft that the same person goes on with in this conversation."""
        message = self.message
        state = replace(draft.state, status=DraftStatus.ACTIVE)
        here = {"channel": message.channel, "conversation_id": message.conversation_id}
        return replace(draft, state=state, **here)

    def _new_draft(self, form_id: str, about: str = "") -> Draft:
        form = self.services.forms[form_id]
        draft_id = self.services.municipality.new_id()
        state = DialogueState(
            draft_id=draft_id,
            form_id=form.id,
            form_version=form.version,
            language=self.message.language,
            about=about,
        )
        return Draft(
            id=draft_id,
            channel=self.message.channel,
            conversation_id=self.message.conversation_id,
            person_id="" if self.message.is_anonymous else self.message.person_id,
            state=state,
            created_at=self.now,
            updated_at=self.now,
        )

    def _in_form(self, draft: Draft, form_id: str) -> Draft:
        """Return the draft in another form, with the answers that it has room for."""
        form = self.services.forms[form_id]
        kept = {question.id for question in form.questions}
        state = replace(
            draft.state,
            form_id=form.id,
            form_version=form.version,
            answers={key: one for key, one in draft.state.answers.items() if key in kept},
            guesses={key: one for key, one in draft.state.guesses.items() if key in kept},
            current="",
            changing=False,
        )
        return replace(draft, state=state)

    def _put_away(self, draft: Draft) -> Prompts:
        """Keep a report that is being written while another is begun."""
        if draft.state.status in _ENDED:
            self._save(draft)
            return ()
        self._save(replace(draft, state=replace(draft.state, status=DraftStatus.PAUSED)))
        return (self._notice("dialogue.moved"),)

    def _save(self, draft: Draft) -> None:
        municipality = self.services.municipality
        kept_for = timedelta(days=municipality.draft_days)
        if self.services.forms[draft.state.form_id].outcome == Outcome.HANDOVER:
            kept_for = timedelta(hours=municipality.handover_hours)
        self.uow.drafts.save(replace(draft, updated_at=self.now, erase_at=self.now + kept_for))

    def _submit(self, draft: Draft) -> tuple[Draft, Prompts]:
        self._save(draft)
        match self.services.forms[draft.state.form_id].outcome:
            case Outcome.CASE:
                return self._submit_case(draft)
            case Outcome.HANDOVER:
                return self._hand_over(draft)
            case Outcome.ADDITION:
                municipality = self.services.municipality
                case = own_reports.add_to_case(self.uow, draft, self.now, municipality)
                return self._sent(draft, "dialogue.receipt_addition", case.number)

    def _submit_case(self, draft: Draft) -> tuple[Draft, Prompts]:
        number = self.uow.reports.case_number_of_draft(draft.id)
        told: Prompts = ()
        if number is None:
            words = _own_words(self.services.forms[draft.state.form_id], draft.state)
            analysis = self.services.analyst.analyse(words)
            municipality = self.services.municipality
            case = reporting.submit_report(
                self.uow,
                draft,
                analysis,
                self.now,
                municipality,
                code_hash=self.message.code_hash if self.message.is_anonymous else "",
            )
            number = case.number
            told = self._work_too(draft)
        key = "dialogue.receipt_anonymous" if self.message.is_anonymous else "dialogue.receipt"
        sent, prompts = self._sent(draft, key, number)
        return sent, (*told, *prompts)

    def _work_too(self, draft: Draft) -> Prompts:
        """Route a matter on that is about the staff's work environment too."""
        if draft.state.answers.get("matter", Answer()).value != "both":
            return ()
        copy = self._in_form(draft, handing_over.WORK)
        self._handed_over(copy)
        return (self._notice("dialogue.work_too"),)

    def _hand_over(self, draft: Draft) -> tuple[Draft, Prompts]:
        found = self._handed_over(draft)
        municipality = self.services.municipality
        if found.form_id == handing_over.WORK:
            return self._sent(draft, "dialogue.receipt_work", found.number)
        key = "dialogue.receipt_nurse"
        key = key if municipality.nurse_email else f"{key}_alone"
        link = municipality.handover_link(found.id)
        text = self._say(key, link=link, hours=municipality.handover_hours)
        onward = PromptChoice(label=self._say("choice.make_report"), command=Command.REPORT)
        done = replace(draft, state=replace(draft.state, status=DraftStatus.SUBMITTED))
        return done, (Prompt(kind=PromptKind.RECEIPT, text=text, choices=(onward,)),)

    def _handed_over(self, draft: Draft) -> handing_over.Handover:
        form = self.services.forms[draft.state.form_id]
        lines = summary_prompt(form, draft.state, self._context(draft.state)).lines
        municipality = self.services.municipality
        return handing_over.hand_over(self.uow, draft, lines, self.now, municipality)

    def _sent(self, draft: Draft, key: str, number: str) -> tuple[Draft, Prompts]:
        sent = replace(draft.state, case_number=number, status=DraftStatus.SUBMITTED)
        return replace(draft, state=sent), (receipt(key, sent, self._context(sent)),)

    def _open_draft(self, draft_id: str) -> Prompts:
        draft = own_reports.owned_draft(self.uow, self._owner, draft_id)
        if draft is None:
            return self._list_drafts()
        return self._steps(self._taken_over(draft), UserInput(command=Command.RESUME))

    def _drop_draft(self, draft_id: str) -> Prompts:
        draft = own_reports.owned_draft(self.uow, self._owner, draft_id)
        if draft is not None:
            self.uow.drafts.remove(draft.id)
        return (self._notice("dialogue.draft_dropped"), *self._list_drafts())

    def _list_drafts(self) -> Prompts:
        return own_reports.list_drafts(self.uow, self._owner, self.services.municipality)

    def _begin_addition(self, number: str) -> Prompts:
        sent = own_reports.sent_report(self.uow, self._owner, number)
        if sent is None:
            return own_reports.list_reports(self.uow, self._owner, self.services.municipality)
        latest = self.uow.drafts.latest(self.message.conversation_id)
        moved = self._put_away(latest) if latest and latest.state.status not in _ENDED else ()
        draft = self._new_draft("addition", about=number)
        return (*moved, *self._steps(draft, UserInput(command=Command.START)))

    def _vote(self, number: str, *, useful: bool) -> Prompts:
        sent = own_reports.sent_report(self.uow, self._owner, number)
        listed = own_reports.list_reports(self.uow, self._owner, self.services.municipality)
        if sent is None or not own_reports.vote(self.uow, sent, useful=useful, now=self.now):
            return listed
        return (self._notice("dialogue.vote_thanks"), *listed)

    def _context(self, state: DialogueState) -> DialogueContext:
        context = context_for(self.services, self.uow, state.language)
        own = self._own_unit()
        first = tuple(unit for unit in context.units if unit.value == own)
        others = tuple(unit for unit in context.units if unit.value != own)
        units = (*first, *others)
        return replace(context, units=units, own_unit=own if first else "", now=self.now)

    def _own_unit(self) -> str:
        """Return where the person works, if it is known: the poster's unit, or the role's."""
        if self.message.unit_id or not self.message.person_id:
            return self.message.unit_id
        organisation, day = self.uow.organisation, local_date(self.now)
        own = organisation.assignments_of(self.message.person_id, day)
        scopes = {one.scope for one in own if one.role == Role.UNIT_MANAGER and not one.deputy}
        return next(iter(scopes)) if len(scopes) == 1 else ""

    def _say(self, key: str, **values: object) -> str:
        catalogue = self.services.municipality.catalogue
        return catalogue.get(key, self.message.language, **values)

    def _notice(self, key: str) -> Prompt:
        return Prompt(kind=PromptKind.NOTICE, text=self._say(key))


def context_for(services: Services, uow: SqlUnitOfWork, language: str) -> DialogueContext:
    units = uow.organisation.current_units(local_date(services.clock()))
    return DialogueContext(
        catalogue=services.municipality.catalogue,
        units=tuple(Option(value=unit.id, label=unit.name) for unit in units),
        categories=tuple(
            Option(value=c.code, label=c.label if language == "sv" else c.label_en)
            for c in services.taxonomy.offered
        ),
        reader=services.reader,
        now=services.clock(),
    )


def _unit_of(state: DialogueState) -> str:
    unit = state.answers.get("where")
    return unit.value if unit and unit.is_known else ""


def _suggestion(analysis: TextAnalysis) -> UserInput:
    return UserInput(
        command=Command.SUGGESTED,
        suggestions=tuple(s.category for s in analysis.suggestions),
        certain=analysis.certain,
    )


def _own_words(form: Form, state: DialogueState) -> str:
    """Everything that was written, so that what stands under "what was done" can alarm too."""
    own = [q.id for q in form.questions if q.type in (QuestionType.TEXT, QuestionType.CHOICE)]
    answers = (state.answers.get(question_id, Answer()) for question_id in own)
    return "\n".join(answer.text for answer in answers if answer.text)
