"""From what a story tells to guesses in the dialogue's state, kept apart from the answers."""

from collections.abc import Mapping
from dataclasses import replace

from handlers.dialogue.prompts import is_asked
from handlers.dialogue.state import DialogueContext, DialogueState
from handlers.dialogue.story import Found
from handlers.domain.report import SKIPPED, Answer
from handlers.forms.form import Form, Question, QuestionType

MOST_QUESTIONS = 8  # and then the report is sent: nine steps


def with_guesses(form: Form, state: DialogueState, context: DialogueContext) -> DialogueState:
    """Return the state with a guess for every question that the story answers already."""
    story = form.story
    told = state.answers.get(story.id) if story else None
    if told is None or not told.text or context.reader is None or context.now is None:
        return state
    units = tuple((unit.value, unit.label) for unit in context.units)
    found = context.reader.read(told.text, units, context.now, state.language)
    possible = {
        question.id: guess
        for question in form.questions
        if question.id not in state.answers
        and (guess := _guess(question, found, state, context)) is not None
    }
    informed = replace(state, guesses=possible, flags=found.flags)
    return _within_nine_steps(form, informed)


def _within_nine_steps(form: Form, state: DialogueState) -> DialogueState:
    """Leave to the summary what can wait when a story tells so little that all would be asked.

    Only what may be left out waits: first the last text, then the first of the others, such as
    whether it has happened before. It is shown before sending and answered with a tap. What it is
    about is always asked when the model is unsure.
    """
    asked = [q for q in form.questions if q.id not in state.guesses and is_asked(q, state)]
    spare = [q for q in asked if q.id not in state.answers and q.optional]
    texts = [q for q in reversed(spare) if q.type == QuestionType.TEXT]
    others = [q for q in spare if q.type != QuestionType.TEXT]
    waiting = [*texts, *others][: max(0, len(asked) - MOST_QUESTIONS)]
    skipped = {question.id: Answer(value=SKIPPED) for question in waiting}
    return replace(state, guesses={**state.guesses, **skipped})


def confirmed(form: Form, state: DialogueState) -> DialogueState:
    """Return the state with the guesses as answers: the person has seen them and sent."""
    known = {**state.guesses, **state.answers}
    ordered = {q.id: known.pop(q.id) for q in form.questions if q.id in known}
    guessed = tuple(key for key in state.guesses if key not in state.answers)
    return replace(state, answers={**ordered, **known}, guesses={}, guessed=guessed)


def without_guess(state: DialogueState, question_id: str) -> Mapping[str, Answer]:
    return {key: guess for key, guess in state.guesses.items() if key != question_id}


def _guess(
    question: Question, found: Found, state: DialogueState, context: DialogueContext
) -> Answer | None:
    match question.type:
        case QuestionType.UNIT:
            return _unit(found.unit or context.own_unit, context)
        case QuestionType.CATEGORY:
            return _category(state, context)
        case QuestionType.CHOICE if question.id == "when":
            return _when(question, found)
        case QuestionType.CHOICE:
            read = {"harm": found.harm, "done": found.told, "background": found.background}
            return _of_choices(question, read.get(question.id, ""))
        case _:
            return None


def _unit(unit_id: str, context: DialogueContext) -> Answer | None:
    known = next((unit for unit in context.units if unit.value == unit_id), None)
    return None if known is None else Answer(value=known.value, text=known.label)


def _category(state: DialogueState, context: DialogueContext) -> Answer | None:
    """The best suggestion, when the model is sure of it."""
    if not state.certain:
        return None
    best = (state.suggestions or ("",))[0]
    known = next((one for one in context.categories if one.value == best), None)
    return Answer(value=best, text=known.label) if known else None


def _when(question: Question, found: Found) -> Answer | None:
    if found.when is None:
        return None
    bucket, words = found.when
    offered = {choice.value for choice in question.choices}
    if bucket in offered:
        return Answer(value=bucket, text=words)
    return Answer(text=words) if words and question.free_text else None


def _of_choices(question: Question, value: str) -> Answer | None:
    return Answer(value=value) if any(c.value == value for c in question.choices) else None
