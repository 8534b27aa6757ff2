"""The dialogue's turns in Teams: which tap counts, which is late, and the card that follows.

Synchronous, because the core is; the door calls it in a thread.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.app import Services
from bot.channels.teams import cards
from bot.channels.teams.activities import Tap
from bot.channels.teams.callers import CHANNEL, Caller, choose_language
from bot.channels.teams.cards import Card
from bot.channels.teams.dialogue_cards import Say, View, dialogue_card, text_dialog
from bot.config import ChatPolicy
from bot.conversation import InboundMessage, context_for, current, receive
from handlers.dialogue.prompts import question_prompt
from handlers.dialogue.state import (
    Command,
    DraftStatus,
    Prompt,
    UserInput,
)
from handlers.forms.form import LANGUAGES, QuestionType
from handlers.records import Draft

FORM = "deviation"
STORY = "what"  # the question that an account of what happened answers
STORY_WORDS = 5  # fewer words are a greeting, not an account of what happened


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the chat shows next, and the dialog that stays open, if any."""

    card: Card
    dialog: Card | None = None


@dataclass(frozen=True, slots=True)
class Talk:
    services: Services
    policy: ChatPolicy

    def hello(self, caller: Caller) -> Card:
        """The first card: begin, or go on where the person was."""
        say = self.say(caller.language)
        strict = self.policy == ChatPolicy.STRICT
        words = say("teams.hello_strict" if strict else "teams.hello")
        data = {"nonce": self.services.municipality.new_id()}
        label = "teams.go_on" if _is_open(self._draft(caller)) else "teams.begin"
        actions = [cards.button(say(label), "start", data, style="positive")]
        if strict:
            actions = [cards.link(say("teams.begin_web"), self._web_link)]
        actions.append(cards.button(say("teams.my_reports"), "mine", data))
        other = next(one for one in LANGUAGES if one != caller.language)
        switch = {"language": other}
        actions.append(cards.button(say("teams.other_language"), "language", switch, minor=True))
        body = [cards.text(words)]
        return cards.card(body, fallback=words, language=caller.language, actions=actions)

    def speak(self, caller: Caller, tap: Tap) -> Card:
        """Go over to another language; a report that is begun keeps its own."""
        if tap.language not in LANGUAGES:
            return self.hello(caller)
        return self.hello(choose_language(self.services, caller, tap.language))

    def start(self, caller: Caller, tap: Tap) -> Card:
        """Begin a report, or show where the one that is begun stands."""
        if self._is_used(caller, tap.nonce):
            return self.now(caller)
        fresh = not _is_open(self._draft(caller))
        said = UserInput(command=Command.RESUME)
        return self._card(caller, self._receive(caller, tap.nonce, said, new_report=fresh))

    def answer(self, caller: Caller, tap: Tap) -> Card:
        """Take a tapped answer if its card is the one that the draft stands at."""
        late = self._lateness(caller, tap)
        if late is not None:
            return late
        said = UserInput(text=tap.text, choice=tap.choice, command=tap.command)
        return self._card(caller, self._receive(caller, tap.nonce, said))

    def typed(self, caller: Caller, text: str, message_id: str) -> Card:
        """Take what somebody wrote in the chat, and tell them of the better way."""
        before = self._draft(caller)
        if self._is_greeting(caller, text):
            return self.now(caller) if _is_open(before) else self.hello(caller)
        asked = before.state.current if before else ""
        if not _is_open(before) or self._is_used(caller, f"{message_id}/start"):
            if len(text.split()) < STORY_WORDS:
                return self.hello(caller)
            asked, prompts = STORY, self._story(caller, text, message_id)
        else:
            prompts = self._receive(caller, message_id, UserInput(text=text))
        after = self._draft(caller)
        answer = after.state.answers.get(asked) if after else None
        notices: tuple[str, ...] = ()
        if answer is not None and not answer.value and self.policy != ChatPolicy.OPEN:
            notices = (self.say(caller.language)(f"teams.typed_{self.policy}"),)
        return self._card(caller, prompts, notices=notices)

    def now(self, caller: Caller, *notices: str, without_dialogs: bool = False) -> Card:
        """Show where the draft stands, changing nothing."""
        draft = self._draft(caller)
        if draft is None or draft.state.status == DraftStatus.CANCELLED:
            return self.hello(caller)
        said = UserInput(command=Command.RESUME)
        prompts = self._receive(caller, self.services.municipality.new_id(), said)
        return self._card(caller, prompts, notices=notices, without_dialogs=without_dialogs)

    def write_in_card(self, caller: Caller, tap: Tap) -> Card:
        """Give the box for free text in the card itself, for clients that cannot open dialogs."""
        late = self._lateness(caller, tap)
        if late is not None:
            return late
        if not tap.choice:
            return self.now(caller, without_dialogs=True)
        change = UserInput(command=Command.CHANGE, choice=tap.choice)
        prompts = self._receive(caller, tap.nonce, change)
        return self._card(caller, prompts, without_dialogs=True)

    def dialog(self, caller: Caller, tap: Tap, chat_card: str) -> Card | None:
        """Open the box for free text; None when the report is sent or gone."""
        draft = self._draft(caller)
        wanted = tap.choice or tap.question
        if draft is None or draft.id != tap.draft or not _is_open(draft):
            return None
        prompt = self._prompt(draft, wanted)
        view = self._view(caller, (), draft)
        return text_dialog(prompt, view, chat_card=chat_card) if prompt else None

    def written(self, caller: Caller, tap: Tap) -> Reply:
        """Take a dialog's words; they are the answer to its question wherever the draft stands."""
        draft = self._draft(caller)
        if draft is None or draft.id != tap.draft or not _is_open(draft):
            return Reply(card=self.now(caller, self.say(caller.language)("teams.late")))
        if not tap.text.strip():
            error = self.say(caller.language)("rejected.empty")
            return Reply(card=self.now(caller), dialog=self._asked_again(caller, draft, tap, error))
        if draft.state.current != tap.question and not self._is_used(caller, tap.nonce):
            change = UserInput(command=Command.CHANGE, choice=tap.question)
            self._receive(caller, f"{tap.nonce}/change", change)
        prompts = self._receive(caller, tap.nonce, UserInput(text=tap.text))
        following = self._draft(caller)
        card = self._card(caller, prompts)
        if following is None or not _is_text(self.services, following):
            return Reply(card=card)
        view = self._view(caller, prompts, following)
        return Reply(card=card, dialog=text_dialog(prompts[-1], view, chat_card=tap.card))

    def show(self, caller: Caller, tap: Tap) -> Card:
        """What a button without a meaning here is answered."""
        del tap
        return self.now(caller)

    def my_reports(self, caller: Caller, tap: Tap) -> Card:
        del tap
        say = self.say(caller.language)
        with self.services.unit_of_work(read_only=True) as uow:
            cases = uow.reports.cases_of_conversation(caller.conversation_id)
        body = [cards.heading(say("teams.my_reports"))]
        body += [cards.text(f"{case.number}: {say(f'status.{case.status}')}") for case in cases]
        if not cases:
            body.append(cards.text(say("teams.no_reports")))
        view = self._view(caller, (), None)
        label = "teams.go_on" if _is_open(self._draft(caller)) else "teams.new_report"
        actions = [cards.button(say(label), "start", {"nonce": view.nonce})]
        if self.policy == ChatPolicy.STRICT:
            actions = [cards.link(say("teams.begin_web"), self._web_link)]
        fallback = say("teams.my_reports")
        return cards.card(body, fallback=fallback, language=caller.language, actions=actions)

    def say(self, language: str) -> Say:
        def say(key: str, **values: object) -> str:
            return self.services.municipality.catalogue.get(key, language, **values)

        return say

    @property
    def _web_link(self) -> str:
        return f"{self.services.municipality.base_url}/rapportera"

    def _story(self, caller: Caller, text: str, message_id: str) -> tuple[Prompt, ...]:
        """Begin a report with what somebody has told at once; the rest is asked for.

        Each step has a key of its own, so that a second try goes on where a first one died.
        """
        begin = UserInput(command=Command.RESUME)
        self._receive(caller, f"{message_id}/start", begin, new_report=True)
        to_story = UserInput(command=Command.CHANGE, choice=STORY)
        self._receive(caller, f"{message_id}/story", to_story)
        return self._receive(caller, message_id, UserInput(text=text))

    def _lateness(self, caller: Caller, tap: Tap) -> Card | None:
        """Return what a double tap or an old card gets: the present state, and nothing done."""
        draft = self._draft(caller)
        late = self.say(caller.language)("teams.late")
        if draft is None or draft.id != tap.draft:
            return self.now(caller, late)
        if self._is_used(caller, tap.nonce):
            return self.now(caller)
        return None if draft.state.current == tap.question else self.now(caller, late)

    def _is_greeting(self, caller: Caller, text: str) -> bool:
        known = self.say(caller.language)("teams.greetings").split()
        said = [word.strip("!.,? ").casefold() for word in text.split()]
        return bool(said) and all(word in known for word in said)

    def _is_used(self, caller: Caller, nonce: str) -> bool:
        with self.services.unit_of_work(read_only=True) as uow:
            key = f"{caller.conversation_id}/{nonce}"
            return uow.inbox.find(source=CHANNEL, key=key) is not None

    def _draft(self, caller: Caller) -> Draft | None:
        return current(self.services, caller.conversation_id)

    def _receive(
        self, caller: Caller, message_id: str, said: UserInput, *, new_report: bool = False
    ) -> tuple[Prompt, ...]:
        return receive(
            self.services,
            InboundMessage(
                channel=CHANNEL,
                conversation_id=caller.conversation_id,
                message_id=message_id or self.services.municipality.new_id(),
                user_input=said,
                form_id=FORM,
                language=caller.language,
                person_id=caller.person_id,
                new_report=new_report,
            ),
        )

    def _card(
        self,
        caller: Caller,
        prompts: tuple[Prompt, ...],
        *,
        notices: tuple[str, ...] = (),
        without_dialogs: bool = False,
    ) -> Card:
        view = self._view(caller, prompts, self._draft(caller))
        return dialogue_card(replace(view, notices=notices, without_dialogs=without_dialogs))

    def _view(self, caller: Caller, prompts: tuple[Prompt, ...], draft: Draft | None) -> View:
        language = draft.state.language if draft else caller.language
        return View(
            prompts=prompts,
            say=self.say(language),
            language=language,
            policy=self.policy,
            nonce=self.services.municipality.new_id(),
            draft_id=draft.id if draft else "",
            standing_at=draft.state.current if draft else "",
            web_link=self._web_link,
            own_words=_own_words(self.services, draft) if draft else {},
        )

    def _prompt(self, draft: Draft, question_id: str) -> Prompt | None:
        form = self.services.forms[draft.state.form_id]
        question = form.question(question_id)
        if question is None:
            return None
        with self.services.unit_of_work(read_only=True) as uow:
            context = context_for(self.services, uow, draft.state.language)
        return question_prompt(form, question, draft.state, context)

    def _asked_again(self, caller: Caller, draft: Draft, tap: Tap, error: str) -> Card | None:
        prompt = self._prompt(draft, tap.question)
        view = self._view(caller, (), draft)
        return text_dialog(prompt, view, chat_card=tap.card, error=error) if prompt else None


def _is_open(draft: Draft | None) -> bool:
    closed = (DraftStatus.SUBMITTED, DraftStatus.CANCELLED)
    return draft is not None and draft.state.status not in closed


def _is_text(services: Services, draft: Draft) -> bool:
    """Whether the draft stands at a question that only words answer."""
    question = services.forms[draft.state.form_id].question(draft.state.current)
    return question is not None and question.type == QuestionType.TEXT


def _own_words(services: Services, draft: Draft) -> Mapping[str, str]:
    form = services.forms[draft.state.form_id]
    written = (QuestionType.TEXT, QuestionType.CHOICE)
    types = {question.id: question.type for question in form.questions}
    return {
        question_id: answer.text
        for question_id, answer in draft.state.answers.items()
        if answer.text and types.get(question_id) in written
    }
