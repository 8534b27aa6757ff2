"""Reports in Slack: opening, answering and typing, through the same dialogue as everywhere."""

from dataclasses import dataclass, replace
from functools import partial

from bot.app import Services
from bot.channels.slack import rendering
from bot.channels.slack.blocks import Message
from bot.channels.slack.deliveries import TEXT, Delivery
from bot.channels.slack.people import CHANNEL, Directory, Visitor
from bot.channels.slack.reactions import NOTHING, Reaction
from bot.channels.slack.receipts import keep_receipt
from bot.channels.slack.rendering import Face
from bot.channels.slack.turns import NOWHERE, Turn
from bot.channels.slack.words import said_in
from bot.chat_words import command_of, hidden, is_story, own_words
from bot.config import ChatPolicy
from bot.continuing import continue_link
from bot.conversation import InboundMessage, context_for, current, receive
from bot.late import cries
from bot.scene import Position
from handlers.dialogue.prompts import summary_prompt
from handlers.dialogue.state import Command, DraftStatus, Prompt, PromptKind, UserInput
from handlers.forms.form import QuestionType
from handlers.handing_over import NURSE
from handlers.records import Draft

Prompts = tuple[Prompt, ...]
_UNDER_WAY = (DraftStatus.ACTIVE, DraftStatus.PAUSED)


@dataclass(frozen=True, slots=True)
class ReportDesk:
    services: Services
    directory: Directory
    policy: ChatPolicy

    def face(self, visitor: Visitor) -> Face:
        catalogue = self.services.municipality.catalogue

        def say(key: str, **values: object) -> str:
            return catalogue.get(key, visitor.language, **values)

        return Face(say=say, policy=self.policy, page=partial(self._page_of, visitor))

    def _page_of(self, visitor: Visitor) -> str:
        """Return where the report goes on outside Slack: long texts, files, strict chats."""
        draft = self._under_way(visitor)
        if draft is not None:
            return continue_link(self.services, draft.id)
        return f"{self.services.municipality.base_url}/rapportera"

    def open(self, delivery: Delivery, visitor: Visitor, form_id: str = "deviation") -> Reaction:
        """Show the report that is under way in a modal, or begin one with what was told."""
        message_id = f"open/{delivery.key}"
        if delivery.text and not self._is_greeting(visitor, delivery.text):
            prompts = self._told(visitor, delivery.text, message_id, form_id)
        else:
            prompts = self._resume(visitor, message_id, form_id)
        return self._in_modal(visitor, prompts)

    def own(self, delivery: Delivery, visitor: Visitor) -> Reaction:
        """Do something with one's own report that needs no window, and tell how it went."""
        prompts = self._receive(visitor, f"own/{delivery.key}", said_in(delivery))
        return Reaction(messages=self._as_message(visitor, prompts[:1]))

    def own_in_window(self, delivery: Delivery, visitor: Visitor) -> Reaction:
        """Add to a report of one's own, or go through the drafts."""
        prompts = self._receive(visitor, f"own/{delivery.key}", said_in(delivery))
        return self._in_modal(visitor, prompts)

    def answer(self, delivery: Delivery, visitor: Visitor) -> Reaction:
        """Take a tap or a submission and show what follows, where it was made."""
        in_modal = bool(delivery.view)
        turn = Turn.decode(delivery.metadata if in_modal else delivery.block)
        if turn is None:
            return self.open(delivery, visitor)
        prompts = self._turn(delivery, visitor, turn)
        keep_receipt(self.services, visitor, prompts, turn.draft_id)
        if in_modal:
            return self._in_modal(visitor, prompts)
        question = self._question_of(turn, visitor)
        shown = rendering.answered_message(question, delivery.label, self.face(visitor))
        return Reaction(messages=self._as_message(visitor, prompts), replacement=shown)

    def typed(self, delivery: Delivery, visitor: Visitor) -> Reaction:
        """Take what was typed in the private conversation, and tell what the policy is."""
        face = self.face(visitor)
        if not delivery.text:
            if delivery.has_files:
                return Reaction(messages=(self.no_files(visitor),))
            return Reaction(messages=(rendering.open_message(face, face.say("slack.greeting")),))
        draft, message_id = self._under_way(visitor), f"dm/{delivery.message}"
        if self._is_greeting(visitor, delivery.text) or (
            draft is None and not command_of(delivery.text) and not is_story(delivery.text)
        ):
            if draft is not None:
                prompts = self._resume(visitor, message_id, draft.state.form_id)
                return Reaction(messages=self._as_message(visitor, prompts))
            greeting = rendering.open_message(face, face.say("slack.greeting"))
            return Reaction(messages=(greeting,))
        if draft is None:
            prompts = self._told(visitor, delivery.text, message_id, "deviation")
        else:
            prompts = self._receive(visitor, message_id, UserInput(text=delivery.text))
            keep_receipt(self.services, visitor, prompts, draft.id)
        if not command_of(delivery.text):
            prompts = (*self._policy_notice(face), *prompts)
        return Reaction(messages=self._as_message(visitor, prompts))

    def no_files(self, visitor: Visitor) -> Message:
        """Decline a picture or a file, and show the page where the report takes it."""
        face = self.face(visitor)
        return rendering.page_message(face, face.say("slack.no_files"))

    def closed(self, delivery: Delivery, visitor: Visitor) -> Reaction:
        """Tell once for each report that nothing is lost when its window is closed."""
        turn = Turn.decode(delivery.metadata)
        draft = self._under_way(visitor)
        if turn is None or draft is None or draft.id != turn.draft_id or not draft.state.answers:
            return NOTHING
        with self.services.unit_of_work() as uow:
            key = f"{visitor.address}/closed/{draft.id}"
            now = self.services.clock()
            item_id = uow.inbox.add(source=CHANNEL, key=key, raw=b"", now=now)
            if item_id is not None:
                uow.inbox.settle(item_id, state="done", outcome={})
            uow.commit()
        if item_id is None:
            return NOTHING
        face = self.face(visitor)
        return Reaction(messages=(rendering.open_message(face, face.say("slack.saved")),))

    def _turn(self, delivery: Delivery, visitor: Visitor, turn: Turn) -> Prompts:
        """Return what follows; an old window or message changes nothing and shows the present."""
        draft = current(self.services, visitor.address)
        is_known = self._is_known(visitor, turn.nonce)
        fits = turn.fits(draft)
        said = said_in(delivery)
        if not fits and cries(turn.question_id, said):
            return self._receive(visitor, turn.nonce, said, position=turn.position)
        if not fits and not is_known:
            return self._present(delivery, visitor)
        if draft is not None and fits and not is_known:
            self._keep_words(delivery, visitor, turn, said, draft)
        prompts = self._receive(visitor, turn.nonce, said)
        last = rendering.main_of(prompts)
        asks = last is not None and last.kind == PromptKind.QUESTION
        if is_known and draft and asks and last and last.question_id != draft.state.current:
            return self._present(delivery, visitor)
        return prompts

    def _keep_words(
        self, delivery: Delivery, visitor: Visitor, turn: Turn, said: UserInput, draft: Draft
    ) -> None:
        """Take what was typed in a window that is left by pausing or going back."""
        words = delivery.answers.get(TEXT, "")
        question = self.services.forms[draft.state.form_id].question(turn.question_id)
        if not words or question is None or question.type != QuestionType.TEXT:
            return
        going_back = said.command == Command.BACK
        if said.command != Command.PAUSE and (not going_back or draft.state.changing):
            return
        self._receive(visitor, f"{turn.nonce}/words", UserInput(text=words))
        if going_back:
            # The words have led one question further, so that there are two to go back.
            self._receive(visitor, f"{turn.nonce}/back", UserInput(command=Command.BACK))

    def _present(self, delivery: Delivery, visitor: Visitor) -> Prompts:
        notice = Prompt(kind=PromptKind.NOTICE, text=self.face(visitor).say("slack.stale"))
        said = UserInput(command=Command.RESUME)
        return (notice, *self._receive(visitor, f"again/{delivery.key}", said))

    def _told(self, visitor: Visitor, text: str, message_id: str, form_id: str) -> Prompts:
        """Take what somebody tells before being asked: a command, or what has happened.

        What has happened begins a report of its own when the one under way tells something else.
        Every step has its own key, so that a second try goes on where a first one died.
        """
        said, draft = UserInput(text=text), self._under_way(visitor)
        if command_of(text) or self._is_known(visitor, message_id):
            fresh = draft is None
            return self._receive(visitor, message_id, said, form_id=form_id, new_report=fresh)
        if draft is not None and self._has_story(draft):
            self._receive(visitor, f"{message_id}/pause", UserInput(command=Command.PAUSE))
            self._receive(visitor, f"{message_id}/new", UserInput(command=Command.REPORT))
        else:
            self._resume(visitor, f"{message_id}/begin", form_id)
        draft = current(self.services, visitor.address)
        story = self.services.forms[draft.state.form_id].story if draft else None
        if story is not None:
            change = UserInput(command=Command.CHANGE, choice=story.id)
            self._receive(visitor, f"{message_id}/story", change)
        kept = Prompt(kind=PromptKind.NOTICE, text=self.face(visitor).say("dialogue.story_kept"))
        return (kept, *self._receive(visitor, message_id, said))

    def _has_story(self, draft: Draft) -> bool:
        story = self.services.forms[draft.state.form_id].story
        return story is None or story.id in draft.state.answers

    def _resume(self, visitor: Visitor, message_id: str, form_id: str) -> Prompts:
        new_report = self._under_way(visitor) is None
        said = UserInput(command=Command.RESUME)
        return self._receive(visitor, message_id, said, form_id=form_id, new_report=new_report)

    def _receive(
        self,
        visitor: Visitor,
        message_id: str,
        said: UserInput,
        *,
        form_id: str = "deviation",
        new_report: bool = False,
        position: Position | None = None,
    ) -> Prompts:
        return receive(
            self.services,
            InboundMessage(
                channel=CHANNEL,
                conversation_id=visitor.address,
                message_id=message_id,
                user_input=said,
                form_id=form_id,
                language=visitor.language,
                person_id=visitor.person_id,
                new_report=new_report,
                position=position,
            ),
        )

    def _in_modal(self, visitor: Visitor, prompts: Prompts) -> Reaction:
        face, draft = self.face(visitor), current(self.services, visitor.address)
        turn = self._next_turn(draft)
        form_id = draft.state.form_id if draft else "deviation"
        if draft is not None and draft.state.form_id == NURSE:
            prompts = self._with_lines(prompts, draft)
        elif draft is not None:
            prompts = self._as_allowed(visitor, prompts, draft)
        view = rendering.report_view(face, prompts, turn, form_id)
        saved = None
        if not any(prompt.kind == PromptKind.RECEIPT for prompt in prompts):
            saved = rendering.open_message(face, face.say("slack.reopen"))
        return Reaction(view=view, without_view=saved)

    def _with_lines(self, prompts: Prompts, draft: Draft) -> Prompts:
        """Let what was gathered stand in the receipt, as it is read aloud on the phone."""
        form = self.services.forms[draft.state.form_id]
        with self.services.unit_of_work(read_only=True) as uow:
            context = context_for(self.services, uow, draft.state.language)
        lines = summary_prompt(form, draft.state, context).lines
        return tuple(
            replace(prompt, lines=lines) if prompt.kind == PromptKind.RECEIPT else prompt
            for prompt in prompts
        )

    def _as_message(self, visitor: Visitor, prompts: Prompts) -> tuple[Message, ...]:
        draft = current(self.services, visitor.address)
        if draft is not None:
            prompts = self._as_allowed(visitor, prompts, draft)
        return (rendering.report_message(self.face(visitor), prompts, self._next_turn(draft)),)

    def _as_allowed(self, visitor: Visitor, prompts: Prompts, draft: Draft) -> Prompts:
        """Show in a strict chat how long an answer is instead of the person's own words."""
        if self.policy != ChatPolicy.STRICT:
            return prompts
        return hidden(prompts, own_words(self.services.forms, draft), self.face(visitor).say)

    def _next_turn(self, draft: Draft | None) -> Turn:
        state = draft.state if draft else None
        return Turn(
            draft_id=state.draft_id if state else NOWHERE,
            question_id=(state.current if state else "") or NOWHERE,
            nonce=self.services.municipality.new_id(),
        )

    def _under_way(self, visitor: Visitor) -> Draft | None:
        draft = current(self.services, visitor.address)
        return draft if draft and draft.state.status in _UNDER_WAY else None

    def _is_known(self, visitor: Visitor, nonce: str) -> bool:
        with self.services.unit_of_work(read_only=True) as uow:
            key = f"{visitor.address}/{nonce}"
            return uow.inbox.find(source=CHANNEL, key=key) is not None

    def _question_of(self, turn: Turn, visitor: Visitor) -> str:
        """Return the question in words, for the message that asked it."""
        with self.services.unit_of_work(read_only=True) as uow:
            draft = uow.drafts.find(turn.draft_id)
        form = self.services.forms.get(draft.state.form_id) if draft else None
        question = form.question(turn.question_id) if form else None
        return question.texts[visitor.language] if question else ""

    def _policy_notice(self, face: Face) -> Prompts:
        if self.policy == ChatPolicy.OPEN:
            return ()
        return (Prompt(kind=PromptKind.NOTICE, text=face.say(f"slack.policy_{self.policy}")),)

    def _is_greeting(self, visitor: Visitor, text: str) -> bool:
        words = self.face(visitor).say("slack.greetings").split(", ")
        return text.casefold().strip("!?. ") in words
