"""The dialogue's turns in Teams: which tap counts, which is late, and the card that follows.

Synchronous, because the core is; the door calls it in a thread.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.channels.teams import cards
from bot.channels.teams.activities import Tap
from bot.channels.teams.callers import Caller, choose_language
from bot.channels.teams.cards import Card, Element
from bot.channels.teams.turns import FORM, Turns, is_open
from bot.chat_words import command_of, is_story, own_words
from bot.config import ChatPolicy
from bot.late import cries
from bot.scene import Position
from handlers.dialogue.state import Command, DraftStatus, Prompt, UserInput
from handlers.forms.form import LANGUAGES
from handlers.own_reports import ADD
from handlers.records import Draft

COMPLAINT = "complaint"


@dataclass(frozen=True, slots=True)
class Talk:
    turns: Turns

    def hello(self, caller: Caller) -> Card:
        """The first card: begin, or go on where the person was, and everything of one's own."""
        say = self.turns.say(caller.language)
        words = say("teams.hello_strict" if self._is_strict else "teams.hello")
        drafts, cancelled = self.turns.drafts(caller)
        begin, *others = self._beginnings(caller, drafts)
        nonce = {"nonce": self.turns.services.municipality.new_id()}
        if drafts > 1 or cancelled:
            others.append(cards.button(say("choice.drafts"), "drafts", nonce))
        others.append(cards.button(say("teams.my_reports"), "mine", nonce))
        if caller.person_id:
            others.append(cards.button(say("teams.waiting"), "waiting", {}))
        other = next(one for one in LANGUAGES if one != caller.language)
        switch = {"language": other}
        others.append(cards.button(say("teams.other_language"), "language", switch, minor=True))
        body = [cards.text(words)]
        actions = [begin, *others]
        return cards.card(body, fallback=words, language=caller.language, actions=actions)

    def speak(self, caller: Caller, tap: Tap) -> Card:
        """Go over to another language; a report that is begun keeps its own."""
        if tap.language not in LANGUAGES:
            return self.hello(caller)
        return self.hello(choose_language(self.turns.services, caller, tap.language))

    def start(self, caller: Caller, tap: Tap) -> Card:
        """Begin a report, or show where the one that is begun stands."""
        if self.turns.is_used(caller, tap.nonce):
            return self.now(caller)
        fresh = not is_open(self.turns.draft(caller))
        form_id = COMPLAINT if tap.form == COMPLAINT else FORM
        said = UserInput(command=Command.RESUME)
        prompts = self.turns.receive(caller, tap.nonce, said, form_id=form_id, new_report=fresh)
        return self.turns.card(caller, prompts)

    def answer(self, caller: Caller, tap: Tap) -> Card:
        """Take a tapped answer if its card is the one that the draft stands at."""
        late = self.lateness(caller, tap)
        said = UserInput(text=tap.text, choice=tap.choice, command=tap.command)
        if late is not None and cries(tap.question, said):
            asked = Position(draft_id=tap.draft, question_id=tap.question)
            return self.turns.card(
                caller, self.turns.receive(caller, tap.nonce, said, position=asked)
            )
        if late is not None:
            return late
        return self.turns.card(caller, self.turns.receive(caller, tap.nonce, said))

    def typed(self, caller: Caller, text: str, message_id: str) -> Card:
        """Take what somebody wrote in the chat, and tell them of the better way."""
        before = self.turns.draft(caller)
        if self._is_greeting(caller, text):
            under_way = before is not None and before.state.status == DraftStatus.ACTIVE
            return self.now(caller) if under_way else self.hello(caller)
        if command_of(text):
            return self.turns.card(caller, self._commanded(caller, text, message_id))
        earlier = self._words(before)
        if not is_open(before) or self.turns.is_used(caller, f"{message_id}/start"):
            if not is_story(text):
                return self.hello(caller)
            prompts = self._story(caller, text, message_id)
        else:
            prompts = self.turns.receive(caller, message_id, UserInput(text=text))
        notices: tuple[str, ...] = ()
        taken = self._words(self.turns.draft(caller)) != earlier
        if taken and self.turns.policy != ChatPolicy.OPEN:
            notices = (self.turns.say(caller.language)(f"teams.typed_{self.turns.policy}"),)
        return self.turns.card(caller, prompts, notices=notices)

    def now(self, caller: Caller, *notices: str, without_dialogs: bool = False) -> Card:
        """Show where the draft stands, changing nothing."""
        draft = self.turns.draft(caller)
        if draft is None or draft.state.status == DraftStatus.CANCELLED:
            return cards.with_notes(self.hello(caller), notices)
        said = UserInput(command=Command.RESUME)
        prompts = self.turns.receive(caller, "", said)
        return self.turns.card(caller, prompts, notices=notices, without_dialogs=without_dialogs)

    def show(self, caller: Caller, tap: Tap) -> Card:
        """What a button without a meaning here is answered."""
        del tap
        return self.now(caller)

    def my_reports(self, caller: Caller, tap: Tap) -> Card:
        """Show what was sent, with status and answer, and what can be done with each."""
        prompts = self.turns.receive(caller, tap.nonce, UserInput(command=Command.MY_REPORTS))
        return self.turns.card(caller, prompts)

    def drafts(self, caller: Caller, tap: Tap) -> Card:
        """Show what is not sent, to go on with or throw away."""
        prompts = self.turns.receive(caller, tap.nonce, UserInput(command=Command.DRAFTS))
        return self.turns.card(caller, prompts)

    def own(self, caller: Caller, tap: Tap) -> tuple[Card, Card | None]:
        """Do what a button under an answer says: say whether it helped, or add to the report.

        Return the card that takes the tapped one's place, which has to hold the answer still, and
        the one that is new in the chat.
        """
        prompts = self.turns.receive(caller, tap.nonce, UserInput(choice=tap.choice))
        card = self.turns.card(caller, prompts)
        if not tap.choice.startswith(f"{ADD}:"):
            return card, None
        said = UserInput(command=Command.MY_REPORTS)
        reports = self.turns.receive(caller, f"{tap.nonce}/list", said)
        return self.turns.card(caller, reports), card

    def no_files(self, caller: Caller) -> Card:
        """Decline a picture or a file, and show the page where the report takes it."""
        say = self.turns.say(caller.language)
        page = cards.link(say("teams.begin_web"), self.turns.page_of(self.turns.draft(caller)))
        words = say("teams.files")
        return cards.card(
            [cards.text(words)], fallback=words, language=caller.language, actions=[page]
        )

    def lateness(self, caller: Caller, tap: Tap) -> Card | None:
        """Return what a double tap or an old card gets: the present state, and nothing done."""
        draft = self.turns.draft(caller)
        late = self.turns.say(caller.language)("teams.late")
        if draft is None or draft.id != tap.draft:
            return self.now(caller, late)
        if self.turns.is_used(caller, tap.nonce):
            return self.now(caller)
        return None if draft.state.current == tap.question else self.now(caller, late)

    def _words(self, draft: Draft | None) -> Mapping[str, str]:
        return own_words(self.turns.services.forms, draft) if draft else {}

    @property
    def _is_strict(self) -> bool:
        return self.turns.policy == ChatPolicy.STRICT

    def _beginnings(self, caller: Caller, drafts: int) -> list[Element]:
        say = self.turns.say(caller.language)
        data = {"nonce": self.turns.services.municipality.new_id()}
        if drafts or is_open(self.turns.draft(caller)):
            return [cards.button(say("teams.go_on"), "start", data, style="positive")]
        complaint = {**data, "form": COMPLAINT}
        return [
            cards.button(say("teams.begin"), "start", data, style="positive"),
            cards.button(say("teams.complaint"), "start", complaint),
        ]

    def _commanded(self, caller: Caller, text: str, message_id: str) -> tuple[Prompt, ...]:
        """Do one of the dialogue's own words, whether or not a report is under way."""
        fresh = self.turns.draft(caller) is None
        return self.turns.receive(caller, message_id, UserInput(text=text), new_report=fresh)

    def _story(self, caller: Caller, text: str, message_id: str) -> tuple[Prompt, ...]:
        """Begin a report with what somebody has told at once; the rest is asked for.

        Each step has a key of its own, so that a second try goes on where a first one died.
        """
        begin = UserInput(command=Command.RESUME)
        self.turns.receive(caller, f"{message_id}/start", begin, new_report=True)
        to_story = UserInput(command=Command.CHANGE, choice="what")
        self.turns.receive(caller, f"{message_id}/story", to_story)
        return self.turns.receive(caller, message_id, UserInput(text=text))

    def _is_greeting(self, caller: Caller, text: str) -> bool:
        known = self.turns.say(caller.language)("teams.greetings").split()
        said = [word.strip("!.,? ").casefold() for word in text.split()]
        return bool(said) and all(word in known for word in said)
