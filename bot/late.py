"""A tap on a page that is behind: it changes nothing and shows where things stand.

A cry for help is heard all the same, whatever the page is of: the advice comes, and the alert goes.
"""

from dataclasses import dataclass, replace

from bot.scene import ENDED, Position, Prompts, Scene
from handlers import alerts
from handlers.dialogue.answers import parse_answer, understood
from handlers.dialogue.commands import ANYTIME
from handlers.dialogue.state import (
    SUMMARY,
    Command,
    DraftStatus,
    Prompt,
    PromptKind,
    UserInput,
)
from handlers.domain.report import Answer
from handlers.errors import AnswerRejected
from handlers.own_reports import ADD, DROP_DRAFT, NOT_USEFUL, OPEN_DRAFT, USEFUL
from handlers.records import Draft

DANGER = "danger"
_OWN_ACTS = {OPEN_DRAFT, DROP_DRAFT, ADD, USEFUL, NOT_USEFUL}  # they name what they are about
# These mean the same wherever the sender's page stands.
_ANYWHERE = {Command.START, Command.RESUME, Command.SWEDISH, Command.ENGLISH, *ANYTIME}
_FILES = {Command.ATTACH, Command.DETACH}  # whatever the draft asks just now
_ASKING = (PromptKind.QUESTION, PromptKind.SUMMARY)


def cries(question_id: str, said: UserInput) -> bool:
    """Whether a button says "danger now"; nothing that is behind may swallow that."""
    return question_id == DANGER and said.choice == "yes"


def names_something(said: UserInput) -> bool:
    """Whether the choice is the name of a draft, a file or a case, and no answer."""
    return said.command == Command.DETACH or _is_own_act(said)


def _is_own_act(said: UserInput) -> bool:
    return said.choice.partition(":")[0] in _OWN_ACTS


def fits(position: Position | None, draft: Draft | None, said: UserInput) -> bool:
    """Whether what was said is an answer to where the draft stands."""
    if said.command in _ANYWHERE or _is_own_act(said):
        return True
    if draft is None or position is None or draft.id != position.draft_id:
        return False
    if said.command == Command.REGRET:
        return draft.state.status in (DraftStatus.CANCELLED, DraftStatus.PAUSED)
    if said.command in _FILES:
        return True
    asked = draft.state.current == position.question_id
    return asked and draft.state.status not in ENDED


@dataclass(frozen=True, slots=True)
class Late:
    """`position` is where the sender's page stands, if that is known."""

    scene: Scene
    position: Position | None

    def take(self, said: UserInput, standing: Prompts) -> Prompts:
        """Return what is to be seen above `standing`, where things stand, and that itself."""
        if self.position is None:
            return standing
        if self._is_cry(said):
            self._raise()
            advice = self._told("dialogue.danger_advice", PromptKind.ADVICE)
            return (advice, self._told("dialogue.late_danger", PromptKind.NOTICE), *standing)
        refused = self._told("dialogue.late", PromptKind.REJECTION)
        told = [replace(refused, question_id=self.position.question_id)]
        if said.text and self.scene.message.position is not None:
            told.append(self._told("dialogue.late_words", PromptKind.NOTICE, text=said.text))
        return (*told, *standing)

    def _is_cry(self, said: UserInput) -> bool:
        """Whether it says "danger now" to the question whether anybody is in danger."""
        if self.position is None or self.position.question_id != DANGER:
            return False
        draft = self._draft()
        form_id = draft.state.form_id if draft else self.scene.message.form_id
        question = self.scene.services.forms[form_id].question(DANGER)
        if question is None:
            return False
        state = draft.state if draft else self.scene.new_draft(form_id).state
        meant = understood(said, at_summary=False)
        try:
            answer = parse_answer(question, meant, state, self.scene.context(state))
        except AnswerRejected:
            return False
        return answer.value == "yes"

    def _draft(self) -> Draft | None:
        """Return the draft that the page is of; the conversation's latest if that one is gone."""
        drafts, message = self.scene.uow.drafts, self.scene.message
        found = drafts.find(self.position.draft_id) if self.position else None
        if found is not None:
            here = found.conversation_id == message.conversation_id
            if here or (message.person_id and found.person_id == message.person_id):
                return found
        return drafts.latest(message.conversation_id)

    def _raise(self) -> None:
        draft = self._draft() or self.scene.new_draft(self.scene.message.form_id)
        if draft.state.status not in ENDED:
            draft = self._in_danger(draft)
        alerts.raise_danger(
            self.scene.uow,
            draft.id,
            _unit_of(draft),
            self.scene.now,
            self.scene.services.municipality,
            told_at=self.scene.services.clock(),
        )
        case_number = self.scene.uow.reports.case_number_of_draft(draft.id)
        case = self.scene.uow.cases.find_number(case_number) if case_number else None
        if case is not None:
            self.scene.uow.alerts.attach_draft(draft.id, case.id)

    def _in_danger(self, draft: Draft) -> Draft:
        """Note the danger in what is being written, which stays as old as it was."""
        state = draft.state
        answers = {**state.answers, DANGER: Answer(value="yes")}
        guesses = {key: one for key, one in state.guesses.items() if key != DANGER}
        noted = replace(draft, state=replace(state, answers=answers, guesses=guesses))
        self.scene.uow.drafts.save(noted)
        return noted

    def _told(self, key: str, kind: PromptKind, **values: object) -> Prompt:
        return Prompt(kind=kind, text=self.scene.say(key, **values))


def _unit_of(draft: Draft) -> str:
    known = {**draft.state.guesses, **draft.state.answers}
    unit = known.get("where")
    return unit.value if unit and unit.is_known else ""


def position_in(prompts: Prompts, draft: Draft | None) -> Position | None:
    """Return where a page stands that shows these prompts."""
    if draft is None:
        return None
    asked = next((p for p in reversed(prompts) if p.kind in _ASKING), None)
    if asked is None:
        return Position(draft_id=draft.id, question_id=draft.state.current)
    question_id = SUMMARY if asked.kind == PromptKind.SUMMARY else asked.question_id
    return Position(draft_id=draft.id, question_id=question_id)
