"""Reports in Slack: opening, answering and typing, through the same dialogue as everywhere."""

from dataclasses import dataclass

from bot.app import Services
from bot.channels.slack import rendering, turns
from bot.channels.slack.blocks import Message
from bot.channels.slack.deliveries import TEXT, Delivery, Kind
from bot.channels.slack.people import CHANNEL, Directory, Visitor
from bot.channels.slack.reactions import NOTHING, Reaction
from bot.channels.slack.rendering import Face
from bot.channels.slack.stories import Stories
from bot.channels.slack.turns import Turn
from bot.config import ChatPolicy
from bot.conversation import InboundMessage, current, receive
from handlers.dialogue.state import Command, DraftStatus, Prompt, PromptKind, UserInput
from handlers.forms.form import QuestionType
from handlers.records import Draft, OutboxMessage, Purpose

Prompts = tuple[Prompt, ...]
_UNDER_WAY = (DraftStatus.ACTIVE, DraftStatus.PAUSED)


@dataclass(frozen=True, slots=True)
class ReportDesk:
    services: Services
    directory: Directory
    policy: ChatPolicy

    @property
    def _stories(self) -> Stories:
        return Stories(self.services, self.directory)

    def face(self, visitor: Visitor) -> Face:
        catalogue = self.services.municipality.catalogue

        def say(key: str, **values: object) -> str:
            return catalogue.get(key, visitor.language, **values)

        link = f"{self.services.municipality.base_url}/rapportera"
        return Face(say=say, policy=self.policy, web_link=link)

    def open(self, delivery: Delivery, visitor: Visitor, form_id: str = "deviation") -> Reaction:
        """Show the report that is under way in a modal, or begin one."""
        if delivery.text and not self._is_greeting(visitor, delivery.text):
            visitor = self._stories.add(visitor, delivery.text)
        prompts = self._resume(visitor, f"open/{delivery.key}", form_id)
        return self._in_modal(visitor, prompts)

    def answer(self, delivery: Delivery, visitor: Visitor) -> Reaction:
        """Take a tap or a submission and show what follows, where it was made."""
        in_modal = bool(delivery.view)
        turn = Turn.decode(delivery.metadata if in_modal else delivery.block)
        if turn is None:
            return self.open(delivery, visitor)
        prompts = self._turn(delivery, visitor, turn)
        visitor = self._stories.without_used(visitor)
        self._keep_receipt(visitor, prompts)
        if in_modal:
            return self._in_modal(visitor, prompts)
        question, answer = self._answered(turn, visitor, delivery)
        shown = rendering.answered_message(question, answer, self.face(visitor))
        return Reaction(messages=self._as_message(visitor, prompts), replacement=shown)

    def typed(self, delivery: Delivery, visitor: Visitor) -> Reaction:
        """Take what was typed in the private conversation, and tell what the policy is."""
        face = self.face(visitor)
        if not delivery.text:
            text = face.say("slack.no_files" if delivery.has_files else "slack.greeting")
            return Reaction(messages=(rendering.open_message(face, text),))
        draft = self._under_way(visitor)
        if draft is None:
            if self._is_greeting(visitor, delivery.text):
                greeting = rendering.open_message(face, face.say("slack.greeting"))
                return Reaction(messages=(greeting,))
            visitor = self._stories.add(visitor, delivery.text)
            prompts = self._resume(visitor, f"dm/{delivery.message}", "deviation")
        elif self._stories.is_one(draft, delivery.text):
            visitor = self._stories.add(visitor, delivery.text)
            prompts = self._resume(visitor, f"dm/{delivery.message}", draft.state.form_id)
        else:
            said = UserInput(text=delivery.text)
            prompts = self._receive(visitor, f"dm/{delivery.message}", said)
        self._keep_receipt(visitor, prompts)
        prompts = (*self._policy_notice(face), *prompts)
        return Reaction(messages=self._as_message(visitor, prompts))

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
        fits = (
            draft is not None
            and draft.id == turn.draft_id
            and draft.state.current == turn.question_id
        )
        if not fits and not is_known:
            return self._present(delivery, visitor)
        said = _said(delivery)
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
            ),
        )

    def _in_modal(self, visitor: Visitor, prompts: Prompts) -> Reaction:
        face, draft = self.face(visitor), current(self.services, visitor.address)
        turn = self._next_turn(draft)
        form_id = draft.state.form_id if draft else "deviation"
        shown = self._stories.filled_in(visitor, prompts, draft)
        view = rendering.report_view(face, shown, turn, form_id)
        saved = None
        if not any(prompt.kind == PromptKind.RECEIPT for prompt in prompts):
            saved = rendering.open_message(face, face.say("slack.reopen"))
        return Reaction(view=view, without_view=saved)

    def _as_message(self, visitor: Visitor, prompts: Prompts) -> tuple[Message, ...]:
        turn = self._next_turn(current(self.services, visitor.address))
        return (rendering.report_message(self.face(visitor), prompts, turn),)

    def _next_turn(self, draft: Draft | None) -> Turn:
        state = draft.state if draft else None
        return Turn(
            draft_id=state.draft_id if state else "-",
            question_id=(state.current if state else "") or "-",
            nonce=self.services.municipality.new_id(),
        )

    def _under_way(self, visitor: Visitor) -> Draft | None:
        draft = current(self.services, visitor.address)
        return draft if draft and draft.state.status in _UNDER_WAY else None

    def _is_known(self, visitor: Visitor, nonce: str) -> bool:
        with self.services.unit_of_work(read_only=True) as uow:
            key = f"{visitor.address}/{nonce}"
            return uow.inbox.find(source=CHANNEL, key=key) is not None

    def _keep_receipt(self, visitor: Visitor, prompts: Prompts) -> None:
        """Queue the receipt for the private conversation, where it stays."""
        main = rendering.main_of(prompts)
        if main is None or main.kind != PromptKind.RECEIPT:
            return
        with self.services.unit_of_work() as uow:
            case = uow.cases.find_number(main.case_number)
            message = OutboxMessage(
                dedupe_key=f"slack/receipt/{main.case_number}",
                channel=CHANNEL,
                recipient=visitor.address,
                subject="",
                text=self.face(visitor).say("slack.receipt", number=main.case_number),
                purpose=Purpose.RECEIPT,
                case_id=case.id if case else "",
                language=visitor.language,
                person_id=visitor.person_id,
            )
            uow.outbox.add(message, self.services.clock())
            uow.commit()

    def _answered(self, turn: Turn, visitor: Visitor, delivery: Delivery) -> tuple[str, str]:
        """Return question and answer in words, for the message that asked."""
        say = self.face(visitor).say
        with self.services.unit_of_work(read_only=True) as uow:
            draft = uow.drafts.find(turn.draft_id)
            units = {unit.id: unit.name for unit in uow.organisation.units}
        form = self.services.forms.get(draft.state.form_id) if draft else None
        question = form.question(turn.question_id) if form else None
        said = _said(delivery)
        if said.command or question is None:
            text = question.texts[visitor.language] if question else ""
            return text, say(f"choice.{said.command or Command.RESUME}")
        labels = {c.value: c.texts[visitor.language] for c in question.choices}
        category = self.services.taxonomy.find_category(said.choice)
        found = labels.get(said.choice) or units.get(said.choice)
        return question.texts[visitor.language], found or (category.label if category else "…")

    def _policy_notice(self, face: Face) -> Prompts:
        if self.policy == ChatPolicy.OPEN:
            return ()
        text = face.say(f"slack.policy_{self.policy}")
        return (Prompt(kind=PromptKind.NOTICE, text=text),)

    def _is_greeting(self, visitor: Visitor, text: str) -> bool:
        words = self.face(visitor).say("slack.greetings").split(", ")
        return text.casefold().strip("!?. ") in words


def _said(delivery: Delivery) -> UserInput:
    """Return what a tap or a submission says."""
    if delivery.kind == Kind.SUBMISSION:
        if TEXT in delivery.answers:
            return UserInput(text=delivery.answers[TEXT])
        return UserInput(command=Command.SUBMIT)
    prefix, _, value = delivery.value.partition(":")
    match f"{prefix}:":
        case turns.CHOICE:  # with the words that were typed beside it
            return UserInput(choice=value, text=delivery.answers.get(TEXT, ""))
        case turns.COMMANDED:
            return _command(value)
        case turns.CHANGED:
            return UserInput(command=Command.CHANGE, choice=value)
        case _:
            return UserInput()


def _command(value: str) -> UserInput:
    known = {command.value for command in Command} - {Command.SUGGESTED.value}
    return UserInput(command=Command(value)) if value in known else UserInput()
