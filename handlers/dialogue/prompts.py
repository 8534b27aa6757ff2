"""From a state to what the person sees next: questions, summary, receipt."""

from collections.abc import Callable

from handlers.dialogue.answers import shown_categories, shown_units
from handlers.dialogue.state import (
    SUMMARY,
    Command,
    DialogueContext,
    DialogueState,
    Option,
    Prompt,
    PromptChoice,
    PromptKind,
    SummaryLine,
)
from handlers.domain.report import SKIPPED, UNKNOWN, Answer
from handlers.forms.form import Form, Outcome, Question, QuestionType

Say = Callable[..., str]
EMPTY, TICKED = "☐", "☑"


def current_prompt(form: Form, state: DialogueState, context: DialogueContext) -> Prompt:
    """Return the question that the state stands at, or the summary."""
    if state.current == SUMMARY:
        return summary_prompt(form, state, context)
    question = form.question(state.current)
    if question is None:  # taken out of the form while somebody was answering
        return summary_prompt(form, state, context)
    return question_prompt(form, question, state, context)


def question_prompt(
    form: Form, question: Question, state: DialogueState, context: DialogueContext
) -> Prompt:
    answer = state.answers.get(question.id) or state.guesses.get(question.id, Answer())
    asked = [q.id for q in form.questions if is_asked(q, state)]
    unsure = question.type == QuestionType.CATEGORY and not state.certain
    text = question.texts[state.language]
    if unsure and state.suggestions:
        text = context.catalogue.get("dialogue.category_unsure", state.language)
    return Prompt(
        kind=PromptKind.QUESTION,
        text=text,
        help=question.help.get(state.language, ""),
        question_id=question.id,
        choices=_choices(question, answer, state, context),
        commands=_commands(form, question, state, context),
        free_text=question.free_text or question.type in (QuestionType.TEXT, QuestionType.UNIT),
        long_text=question.type == QuestionType.TEXT,
        earlier_text=answer.text if not answer.value else "",
        position=1 + asked.index(question.id) if question.id in asked else 0,
        total=len(asked),
    )


def summary_prompt(form: Form, state: DialogueState, context: DialogueContext) -> Prompt:
    say = _say(state, context)
    return Prompt(
        kind=PromptKind.SUMMARY,
        text=say(_of_outcome("dialogue.summary", form, state)),
        help=_summary_help(form, state, context),
        lines=tuple(
            _line(question, state, context)
            for question in form.questions
            if is_asked(question, state) or is_ticked(question, state)
        ),
        choices=(
            PromptChoice(
                label=say(_of_outcome("choice.submit", form, state)), command=Command.SUBMIT
            ),
        ),
        commands=(
            *_boxes(form, state),
            *(
                PromptChoice(label=say(f"choice.{command}"), command=command)
                for command in (
                    *((Command.USE_ROLES,) if state.mentions else ()),
                    Command.BACK,
                    Command.PAUSE,
                    Command.CANCEL,
                )
            ),
        ),
        takes_files=form.outcome != Outcome.HANDOVER,
        files=context.files,
    )


def _boxes(form: Form, state: DialogueState) -> tuple[PromptChoice, ...]:
    """Return the boxes of a form, each with whether it is ticked."""
    return tuple(
        PromptChoice(
            label=f"{TICKED if is_ticked(box, state) else EMPTY} {box.texts[state.language]}",
            command=Command.UNTICK if is_ticked(box, state) else Command.TICK,
            selected=is_ticked(box, state),
        )
        for box in form.questions
        if box.type == QuestionType.BOX
    )


def _summary_help(form: Form, state: DialogueState, context: DialogueContext) -> str:
    say = _say(state, context)
    guessed = any(guess.value != SKIPPED for guess in state.guesses.values())
    parts = [say("dialogue.summary_guesses")] if guessed else []
    parts += [q.help[state.language] for q in form.questions if q.type == QuestionType.BOX]
    if context.files:
        parts.append(say("dialogue.files", count=len(context.files)))
    return " ".join(parts)


def applies(question: Question, state: DialogueState) -> bool:
    condition = question.condition
    if condition is None:
        return True
    if condition.named:
        return not state.anonymous
    if condition.flag:
        return condition.flag in state.flags
    answer = state.answers.get(condition.question_id) or state.guesses.get(condition.question_id)
    return answer is not None and answer.value in condition.values


def is_asked(question: Question, state: DialogueState) -> bool:
    """Whether the dialogue comes to a question by itself; it never does to a box."""
    return question.type != QuestionType.BOX and applies(question, state)


def is_ticked(question: Question, state: DialogueState) -> bool:
    return question.type == QuestionType.BOX and question.id in state.answers


def guessed_lines(
    form: Form, state: DialogueState, context: DialogueContext
) -> tuple[SummaryLine, ...]:
    """Return what was picked out of the story, to be shown at once and changed with a tap."""
    return tuple(
        _line(question, state, context)
        for question in form.questions
        if (guess := state.guesses.get(question.id)) is not None
        and guess.value != SKIPPED  # left to the summary, not picked out
        and applies(question, state)
    )


def told_lines(
    form: Form, state: DialogueState, context: DialogueContext
) -> tuple[SummaryLine, ...]:
    """Return what has been told so far, answered or picked out of the story, danger left out."""
    known = {**state.guesses, **state.answers}
    return tuple(
        _line(question, state, context)
        for question in form.questions
        if question.id in known and question.id != "danger" and applies(question, state)
    )


def _line(question: Question, state: DialogueState, context: DialogueContext) -> SummaryLine:
    say = _say(state, context)
    guess = state.guesses.get(question.id) if question.id not in state.answers else None
    if guess is not None and guess.value == SKIPPED:
        skipped = say("dialogue.not_answered")
        return SummaryLine(
            question_id=question.id, label=say(f"label.{question.id}"), answer=skipped
        )
    answer = answer_text(question, guess or state.answers.get(question.id), state, context)
    return SummaryLine(
        question_id=question.id,
        label=say(f"label.{question.id}"),
        answer=say("dialogue.guess", answer=answer) if guess else answer,
        guessed=guess is not None,
    )


def _of_outcome(key: str, form: Form, state: DialogueState) -> str:
    """Return the words of a form that is no case; it goes elsewhere when its box is ticked."""
    if form.outcome == Outcome.CASE:
        return key
    ticked = any(is_ticked(question, state) for question in form.questions)
    return f"{key}_{form.id}{'_above' if ticked else ''}"


def answer_text(
    question: Question, answer: Answer | None, state: DialogueState, context: DialogueContext
) -> str:
    """Return an answer as people read it."""
    say = _say(state, context)
    if answer is None or answer.value == SKIPPED:
        return say("dialogue.not_answered")
    if answer.value == UNKNOWN:
        return say("dialogue.unknown")
    if question.type in (QuestionType.CHOICE, QuestionType.BOX) and answer.value:
        label = next(
            (c.texts[state.language] for c in question.choices if c.value == answer.value),
            answer.value,
        )
        return f"{label}. {answer.text}" if answer.text else label
    return answer.text


def _choices(
    question: Question, answer: Answer, state: DialogueState, context: DialogueContext
) -> tuple[PromptChoice, ...]:
    if question.type == QuestionType.CATEGORY:
        return _category_choices(answer, state, context, _say(state, context))
    if question.type == QuestionType.UNIT:
        options = list(shown_units(state, context))
    else:
        options = [Option(value=c.value, label=c.texts[state.language]) for c in question.choices]
    return tuple(
        PromptChoice(label=o.label, choice=o.value, selected=o.value == answer.value)
        for o in options
    )


def _category_choices(
    answer: Answer, state: DialogueState, context: DialogueContext, say: Say
) -> tuple[PromptChoice, ...]:
    first = (state.suggestions or ("",))[0]
    return tuple(
        PromptChoice(
            label=say("choice.suggested", label=o.label)
            if state.certain and o.value == first
            else o.label,
            choice=o.value,
            selected=o.value == answer.value,
        )
        for o in shown_categories(state, context)
    )


def _commands(
    form: Form, question: Question, state: DialogueState, context: DialogueContext
) -> tuple[PromptChoice, ...]:
    offered = any(choice.value == UNKNOWN for choice in question.choices)
    required_text = question.type == QuestionType.TEXT and not question.optional
    wanted = [
        (Command.BACK, question.id != form.questions[0].id or state.changing),
        (Command.UNKNOWN, not offered and not required_text),
        (Command.SKIP, question.optional),
        (Command.USE_ROLES, bool(state.mentions)),
        *((Command(way), question.id == form.questions[0].id) for way in form.ways),
        (Command.PAUSE, True),
        (Command.CANCEL, True),
    ]
    say = _say(state, context)
    return tuple(
        PromptChoice(label=say(f"choice.{command}"), command=command)
        for command, holds in wanted
        if holds
    )


def _say(state: DialogueState, context: DialogueContext) -> Say:
    def say(key: str, **values: object) -> str:
        return context.catalogue.get(key, state.language, **values)

    return say
