"""What every part of a turn needs: who says what where, the transaction, and the drafts' shelf."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.app import Services
from handlers import alerts
from handlers.dialogue.state import (
    AttachedFile,
    DialogueContext,
    DialogueState,
    DraftStatus,
    Option,
    Prompt,
    PromptKind,
    UserInput,
)
from handlers.domain.deadline import local_date
from handlers.domain.people import Role
from handlers.domain.report import Answer
from handlers.forms.form import Form, Outcome
from handlers.own_reports import Owner
from handlers.records import Draft
from storage.unit_of_work import SqlUnitOfWork

ANONYMOUS = "anonymous:"  # how the ids of such conversations begin
ENDED = (DraftStatus.SUBMITTED, DraftStatus.CANCELLED)

Prompts = tuple[Prompt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadedFile:
    """A picture or file that has been looked at and may be kept."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedFile:
    name: str
    reason: str  # a text key


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a page or a card stands: what it asks, of which draft."""

    draft_id: str
    question_id: str  # or SUMMARY


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
    files: tuple[UploadedFile, ...] = ()
    refused_files: tuple[RefusedFile, ...] = ()
    position: Position | None = None  # None: it is sent to wherever things stand

    @property
    def is_anonymous(self) -> bool:
        return self.conversation_id.startswith(ANONYMOUS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    services: Services
    uow: SqlUnitOfWork
    message: InboundMessage
    now: datetime

    @property
    def owner(self) -> Owner:
        message = self.message
        return Owner(
            conversation_id=message.conversation_id,
            person_id=message.person_id,
            language=message.language,
        )

    def new_draft(self, form_id: str, about: str = "") -> Draft:
        form = self.services.forms[form_id]
        draft_id = self.services.municipality.new_id()
        state = DialogueState(
            draft_id=draft_id,
            form_id=form.id,
            form_version=form.version,
            language=self.message.language,
            about=about,
            anonymous=self.message.is_anonymous,
        )
        state = self._at_own_unit(form, state)
        return Draft(
            id=draft_id,
            channel=self.message.channel,
            conversation_id=self.message.conversation_id,
            person_id="" if self.message.is_anonymous else self.message.person_id,
            state=state,
            created_at=self.now,
            updated_at=self.now,
        )

    def in_form(self, draft: Draft, form_id: str) -> Draft:
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
        return replace(draft, state=self._at_own_unit(form, state))

    def _at_own_unit(self, form: Form, state: DialogueState) -> DialogueState:
        """Guess the person's own unit where no story is read that could tell another one."""
        asks = form.story is None and form.question("where") is not None
        if not asks or "where" in {**state.guesses, **state.answers}:
            return state
        unit = self.uow.organisation.unit(self._own_unit())
        if unit is None:
            return state
        guess = Answer(value=unit.id, text=unit.name)
        return replace(state, guesses={**state.guesses, "where": guess})

    def put_away(self, draft: Draft) -> Prompts:
        """Keep a report that is being written while another is begun."""
        if draft.state.status in ENDED:
            self.save(draft)
            return ()
        self.save(replace(draft, state=replace(draft.state, status=DraftStatus.PAUSED)))
        return (self.notice("dialogue.moved"),)

    def save(self, draft: Draft) -> None:
        erase_at = self.now + self._kept_for(draft.state.form_id)
        touched = replace(draft, updated_at=self._touched(draft), erase_at=erase_at)
        self.uow.drafts.save(touched)
        self._place_danger(draft.state)

    def _kept_for(self, form_id: str) -> timedelta:
        """Return how long a report that is not sent is kept, and can be taken back."""
        municipality = self.services.municipality
        if self.services.forms[form_id].outcome == Outcome.HANDOVER:
            return timedelta(hours=municipality.handover_hours)
        return timedelta(days=municipality.draft_days)

    def _place_danger(self, state: DialogueState) -> None:
        known = {**state.guesses, **state.answers}
        danger, where = known.get("danger"), known.get("where")
        if danger is not None and danger.value == "yes" and where is not None and where.is_known:
            alerts.place_danger(self.uow, state.draft_id, where.value)

    def _touched(self, draft: Draft) -> datetime:
        """Return a moment that makes this the conversation's latest draft, whatever the clock.

        Anonymous turns of an hour have the same moment, and no two drafts may.
        """
        latest = self.uow.drafts.latest(draft.conversation_id)
        if latest is None:
            return self.now
        apart = timedelta(0) if latest.id == draft.id else timedelta(microseconds=1)
        return max(self.now, latest.updated_at + apart)

    def context(self, state: DialogueState) -> DialogueContext:
        context = context_for(self.services, self.uow, state.language)
        own = self._own_unit()
        first = tuple(unit for unit in context.units if unit.value == own)
        others = tuple(unit for unit in context.units if unit.value != own)
        units = (*first, *others)
        files = tuple(
            AttachedFile(id=file.id, name=file.name, size=file.size)
            for file in self.uow.report_files.of_draft(state.draft_id)
        )
        return replace(
            context,
            units=units,
            own_unit=own if first else "",
            now=self.now,
            files=files,
            kept_for=self._kept_for(state.form_id),
        )

    def _own_unit(self) -> str:
        """Return the poster's unit, the one that the person leads or works in, or the last one."""
        message = self.message
        if message.unit_id or message.is_anonymous:
            return message.unit_id
        organisation, day = self.uow.organisation, local_date(self.now)
        own = organisation.assignments_of(message.person_id, day)
        led = {one.scope for one in own if one.role == Role.UNIT_MANAGER and not one.deputy}
        if len(led) == 1:
            return next(iter(led))
        person = organisation.person(message.person_id)
        if person is not None and person.unit_id:
            return person.unit_id
        return self.uow.reports.last_unit(message.conversation_id, message.person_id)

    def say(self, key: str, **values: object) -> str:
        catalogue = self.services.municipality.catalogue
        return catalogue.get(key, self.message.language, **values)

    def notice(self, key: str) -> Prompt:
        return Prompt(kind=PromptKind.NOTICE, text=self.say(key))


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
