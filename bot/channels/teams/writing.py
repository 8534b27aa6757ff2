"""Words: dialogs that never stand in the chat, and boxes in cards for clients that have none."""

from dataclasses import dataclass

from bot.channels.teams.activities import Tap
from bot.channels.teams.callers import Caller
from bot.channels.teams.cards import Card
from bot.channels.teams.dialogue_cards import reading_dialog, text_dialog
from bot.channels.teams.talking import Talk
from bot.channels.teams.turns import Turns, is_open, wants_text
from handlers.dialogue.state import SUMMARY, Command, UserInput
from handlers.records import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the chat shows next, and the dialog that stays open, if any."""

    card: Card
    dialog: Card | None = None


@dataclass(frozen=True, slots=True)
class Writing:
    turns: Turns
    talk: Talk

    def in_card(self, caller: Caller, tap: Tap) -> Card:
        """Give the box for free text in the card itself, for clients that cannot open dialogs."""
        late = self.talk.lateness(caller, tap)
        if late is not None:
            return late
        if not tap.choice:
            return self.talk.now(caller, without_dialogs=True)
        change = UserInput(command=Command.CHANGE, choice=tap.choice)
        prompts = self.turns.receive(caller, tap.nonce, change)
        return self.turns.card(caller, prompts, without_dialogs=True)

    def dialog(self, caller: Caller, tap: Tap, chat_card: str) -> Card | None:
        """Open a box for free text, or all that was written; None: the report is sent or gone."""
        draft = self.turns.draft(caller)
        if draft is None or draft.id != tap.draft:
            return None
        view = self.turns.view(caller, (), draft)
        if tap.verb == "read":
            summary = self.turns.prompt(draft, SUMMARY)
            return reading_dialog(summary, view) if summary else None
        if not is_open(draft):
            return None
        prompt = self.turns.prompt(draft, tap.choice or tap.question)
        return text_dialog(prompt, view, chat_card=chat_card) if prompt else None

    def written(self, caller: Caller, tap: Tap) -> Reply:
        """Take a dialog's words; they are the answer to its question wherever the draft stands."""
        draft, say = self.turns.draft(caller), self.turns.say(caller.language)
        if draft is None or not self.turns.fits(draft, tap):
            return Reply(card=self.talk.now(caller, say("teams.late")))
        if tap.command == Command.KEEP:
            return Reply(card=self._kept(caller, draft, tap))
        if not tap.text.strip():
            again = self._asked_again(caller, draft, tap, say("rejected.empty"))
            return Reply(card=self.talk.now(caller), dialog=again)
        if draft.state.current != tap.question and not self.turns.is_used(caller, tap.nonce):
            change = UserInput(command=Command.CHANGE, choice=tap.question)
            self.turns.receive(caller, f"{tap.nonce}/change", change)
        prompts = self.turns.receive(caller, tap.nonce, UserInput(text=tap.text))
        following = self.turns.draft(caller)
        card = self.turns.card(caller, prompts)
        if not is_open(following) or not wants_text(self.turns.services, following):
            return Reply(card=card)
        view = self.turns.view(caller, prompts, following)
        return Reply(card=card, dialog=text_dialog(prompts[-1], view, chat_card=tap.card))

    def _kept(self, caller: Caller, draft: Draft, tap: Tap) -> Card:
        """Let a text stand that is too long for the dialog, and go on from its question."""
        if draft.state.current != tap.question:
            return self.talk.now(caller)
        keep = UserInput(command=Command.KEEP)
        return self.turns.card(caller, self.turns.receive(caller, tap.nonce, keep))

    def _asked_again(self, caller: Caller, draft: Draft, tap: Tap, error: str) -> Card | None:
        prompt = self.turns.prompt(draft, tap.question)
        view = self.turns.view(caller, (), draft)
        return text_dialog(prompt, view, chat_card=tap.card, error=error) if prompt else None
