"""One turn of the dialogue in Teams: received, and made into the card that follows."""

from dataclasses import dataclass, replace
from typing import TypeGuard

from bot.app import Services
from bot.channels.teams.activities import Tap
from bot.channels.teams.callers import CHANNEL, Caller
from bot.channels.teams.cards import Card
from bot.channels.teams.dialogue_cards import Say, View, dialogue_card
from bot.chat_words import own_words
from bot.config import ChatPolicy
from bot.continuing import continue_link
from bot.conversation import InboundMessage, context_for, current, receive
from bot.scene import Position
from handlers import own_reports
from handlers.dialogue.prompts import question_prompt, summary_prompt
from handlers.dialogue.state import SUMMARY, DraftStatus, Prompt, UserInput
from handlers.forms.form import QuestionType
from handlers.handing_over import NURSE
from handlers.own_reports import Owner
from handlers.records import Draft

FORM = "deviation"
_ENDED = (DraftStatus.SUBMITTED, DraftStatus.CANCELLED)


@dataclass(frozen=True, slots=True)
class Turns:
    services: Services

    @property
    def policy(self) -> ChatPolicy:
        return self.services.settings.chat_policy

    def page_of(self, draft: Draft | None) -> str:
        """Return where the report goes on outside Teams."""
        if is_open(draft):
            return continue_link(self.services, draft.id)
        return f"{self.services.municipality.base_url}/rapportera"

    def say(self, language: str) -> Say:
        def say(key: str, **values: object) -> str:
            return self.services.municipality.catalogue.get(key, language, **values)

        return say

    def draft(self, caller: Caller) -> Draft | None:
        return current(self.services, caller.conversation_id)

    def drafts(self, caller: Caller) -> tuple[int, int]:
        """Return how many reports the person has under way and cancelled, here and elsewhere."""
        owner = Owner(
            conversation_id=caller.conversation_id,
            person_id=caller.person_id,
            language=caller.language,
        )
        with self.services.unit_of_work(read_only=True) as uow:
            under_way = own_reports.drafts_of(uow, owner)
            return len(under_way), len(own_reports.cancelled_of(uow, owner))

    def is_used(self, caller: Caller, nonce: str) -> bool:
        with self.services.unit_of_work(read_only=True) as uow:
            key = f"{caller.conversation_id}/{nonce}"
            return uow.inbox.find(source=CHANNEL, key=key) is not None

    def receive(
        self,
        caller: Caller,
        message_id: str,
        said: UserInput,
        *,
        form_id: str = FORM,
        new_report: bool = False,
        position: Position | None = None,
    ) -> tuple[Prompt, ...]:
        return receive(
            self.services,
            InboundMessage(
                channel=CHANNEL,
                conversation_id=caller.conversation_id,
                message_id=message_id or self.services.municipality.new_id(),
                user_input=said,
                form_id=form_id,
                language=caller.language,
                person_id=caller.person_id,
                new_report=new_report,
                position=position,
            ),
        )

    def card(
        self,
        caller: Caller,
        prompts: tuple[Prompt, ...],
        *,
        notices: tuple[str, ...] = (),
        without_dialogs: bool = False,
    ) -> Card:
        view = self.view(caller, prompts, self.draft(caller))
        return dialogue_card(replace(view, notices=notices, without_dialogs=without_dialogs))

    def view(self, caller: Caller, prompts: tuple[Prompt, ...], draft: Draft | None) -> View:
        language = draft.state.language if draft else caller.language
        return View(
            prompts=prompts,
            say=self.say(language),
            language=language,
            policy=self.policy,
            nonce=self.services.municipality.new_id(),
            draft_id=draft.id if draft else "",
            standing_at=draft.state.current if draft else "",
            web_link=self.page_of(draft),
            own_words=own_words(self.services.forms, draft) if draft else {},
            read_aloud=draft is not None and draft.state.form_id == NURSE,
        )

    def prompt(self, draft: Draft, question_id: str) -> Prompt | None:
        """Return a question as it stands now, or the summary; None when there is no such one."""
        form = self.services.forms[draft.state.form_id]
        question = form.question(question_id)
        with self.services.unit_of_work(read_only=True) as uow:
            context = context_for(self.services, uow, draft.state.language)
        if question_id == SUMMARY:
            return summary_prompt(form, draft.state, context)
        return question_prompt(form, question, draft.state, context) if question else None

    def fits(self, draft: Draft | None, tap: Tap) -> bool:
        """Whether a tap's card is one of the draft that is under way."""
        return draft is not None and draft.id == tap.draft and is_open(draft)


def is_open(draft: Draft | None) -> TypeGuard[Draft]:
    return draft is not None and draft.state.status not in _ENDED


def wants_text(services: Services, draft: Draft) -> bool:
    """Whether the draft stands at a question that only words answer."""
    question = services.forms[draft.state.form_id].question(draft.state.current)
    return question is not None and question.type == QuestionType.TEXT
