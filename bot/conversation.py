"""The imperative shell of the dialogue: one turn in, replies out, all of it in one transaction.

A turn is stored under its message id together with what it led to. The same message again, from a
double tap, a client's retry or a killed process, gives the stored replies.
"""

import json
from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from bot.app import Services
from handlers import alerts, reporting
from handlers.dialogue.engine import receipt, step
from handlers.dialogue.state import (
    Command,
    DialogueContext,
    DialogueState,
    DraftStatus,
    EffectKind,
    Option,
    Prompt,
    PromptKind,
    Step,
    UserInput,
)
from handlers.domain.deadline import local_date
from handlers.domain.report import Answer
from handlers.domain.text import clean
from handlers.forms.form import Form, QuestionType
from handlers.ports import TextAnalysis
from handlers.records import Draft
from storage.unit_of_work import SqlUnitOfWork

PROMPTS = TypeAdapter(tuple[Prompt, ...])
MASK = "[dolt nummer]"


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


def receive(services: Services, message: InboundMessage) -> tuple[Prompt, ...]:
    """Return what the person is to see next."""
    now = services.clock()
    said, masked = _masked(services, message.user_input)
    key = f"{message.conversation_id}/{message.message_id}"
    raw = json.dumps({"text": said.text, "choice": said.choice, "command": said.command})
    with services.unit_of_work() as uow:
        item_id = uow.inbox.add(source=message.channel, key=key, raw=raw.encode(), now=now)
        if item_id is None:
            known = uow.inbox.find(source=message.channel, key=key)
            return PROMPTS.validate_python(known.outcome["prompts"]) if known else ()
        draft = _draft(services, uow, message)
        prompts = _turn(services, uow, draft, said)
        if masked:
            prompts = (_masking_notice(services, draft.state.language), *prompts)
        outcome = {"prompts": PROMPTS.dump_python(prompts, mode="json")}
        uow.inbox.settle(item_id, state="done", outcome=outcome)
        uow.commit()
    return prompts


def current(services: Services, conversation_id: str) -> Draft | None:
    """Return the draft that a conversation stands at."""
    with services.unit_of_work(read_only=True) as uow:
        return uow.drafts.latest(conversation_id)


def context_for(services: Services, uow: SqlUnitOfWork, language: str) -> DialogueContext:
    units = uow.organisation.current_units(local_date(services.clock()))
    return DialogueContext(
        catalogue=services.municipality.catalogue,
        units=tuple(Option(value=unit.id, label=unit.name) for unit in units),
        categories=tuple(
            Option(value=c.code, label=c.label if language == "sv" else c.label_en)
            for c in services.taxonomy.offered
        ),
    )


def _draft(services: Services, uow: SqlUnitOfWork, message: InboundMessage) -> Draft:
    found = uow.drafts.latest(message.conversation_id)
    if found is not None and not message.new_report:
        return found
    now = services.clock()
    form = services.forms[message.form_id]
    draft_id = services.municipality.new_id()
    state = DialogueState(
        draft_id=draft_id,
        form_id=form.id,
        form_version=form.version,
        language=message.language,
    )
    return Draft(
        id=draft_id,
        channel=message.channel,
        conversation_id=message.conversation_id,
        person_id=message.person_id,
        state=state,
        created_at=now,
        updated_at=now,
    )


def _turn(
    services: Services, uow: SqlUnitOfWork, draft: Draft, said: UserInput
) -> tuple[Prompt, ...]:
    """Step until the person is asked something, doing what the steps call for."""
    context = context_for(services, uow, draft.state.language)
    form = services.forms[draft.state.form_id]
    now = services.clock()
    if said.command == Command.SUGGESTED:  # only this function may say so
        said = UserInput(text=said.text)
    taken = step(form, draft.state, said, context)
    prompts = list(taken.prompts)
    while taken.effects:
        following = UserInput()
        for effect in taken.effects:
            match effect.kind:
                case EffectKind.RAISE_DANGER:
                    unit = taken.state.answers.get("where")
                    unit_id = unit.value if unit and unit.is_known else ""
                    alerts.raise_danger(uow, draft.id, unit_id, now, services.municipality)
                case EffectKind.SUGGEST_CATEGORY:
                    following = _suggestion(services.analyst.analyse(effect.text))
                case EffectKind.SUBMIT_REPORT:
                    taken = _submit(services, uow, replace(draft, state=taken.state), context)
                    prompts += taken.prompts
        if not following.command:
            break
        taken = step(form, taken.state, following, context)
        prompts += taken.prompts
    uow.drafts.save(replace(draft, state=taken.state, updated_at=now))
    return tuple(prompts)


def _submit(services: Services, uow: SqlUnitOfWork, draft: Draft, context: DialogueContext) -> Step:
    number = uow.reports.case_number_of_draft(draft.id)
    if number is None:
        uow.drafts.save(draft)
        analysis = services.analyst.analyse(
            _own_words(services.forms[draft.state.form_id], draft.state)
        )
        case = reporting.submit_report(
            uow, draft, analysis, services.clock(), services.municipality
        )
        number = case.number
    sent = replace(draft.state, case_number=number, status=DraftStatus.SUBMITTED)
    return Step(state=sent, prompts=(receipt("dialogue.receipt", sent, context),))


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


def _masked(services: Services, said: UserInput) -> tuple[UserInput, bool]:
    """Hide personal identity numbers before anything is stored."""
    text = clean(said.text)
    analysis = services.analyst.analyse(text) if any(c.isdigit() for c in text) else None
    spans = [s for s in analysis.personal_data if s.label == "person_number"] if analysis else []
    for span in sorted(spans, key=lambda one: one.start, reverse=True):
        text = f"{text[: span.start]}{MASK}{text[span.end :]}"
    return replace(said, text=text), bool(spans)


def _masking_notice(services: Services, language: str) -> Prompt:
    text = services.municipality.catalogue.get("dialogue.masked", language)
    return Prompt(kind=PromptKind.NOTICE, text=text)
