"""Where a dialogue goes next: the open question, or the summary.

The route is computed from form and answers on every step and never stored, so that a form may
change while somebody is answering it.
"""

from dataclasses import replace

from handlers.dialogue.prompts import current_prompt, is_asked
from handlers.dialogue.state import (
    SUMMARY,
    DialogueContext,
    DialogueState,
    Effect,
    EffectKind,
    Option,
    Prompt,
    PromptKind,
    Step,
)
from handlers.errors import AnswerRejected
from handlers.forms.form import Form, Question, QuestionType

WAY_OUT_AFTER = 3  # wrong answers in a row


def next_question(form: Form, state: DialogueState) -> Question | None:
    """Return the first question that applies and is open; None: time for the summary."""
    known = {*state.answers, *state.guesses}
    return next((q for q in form.questions if q.id not in known and is_asked(q, state)), None)


def proceed(
    form: Form, state: DialogueState, context: DialogueContext, before: tuple[Prompt, ...] = ()
) -> Step:
    """Go to the next open question, or to the summary."""
    question = next_question(form, state)
    state = replace(state, changing=False, rejected=0)
    if question is None:
        at_summary = replace(state, current=SUMMARY)
        return Step(state=at_summary, prompts=(*before, current_prompt(form, at_summary, context)))
    return at_question(form, replace(state, current=question.id), context, before)


def at_question(
    form: Form, state: DialogueState, context: DialogueContext, before: tuple[Prompt, ...] = ()
) -> Step:
    question = form.question(state.current)
    needs_suggestion = question is not None and question.type == QuestionType.CATEGORY
    if question is not None and needs_suggestion and state.suggestions is None:
        source = state.answers.get(question.from_question)
        effect = Effect(kind=EffectKind.SUGGEST_CATEGORY, text=source.text if source else "")
        return Step(state=state, prompts=before, effects=(effect,))
    return Step(state=state, prompts=(*before, current_prompt(form, state, context)))


def rejected(
    form: Form, state: DialogueState, rejection: AnswerRejected, context: DialogueContext
) -> Step:
    """Ask again with the reason; the third time with a way out."""
    counted = replace(state, rejected=state.rejected + 1)
    key = rejection.key if counted.rejected < WAY_OUT_AFTER else "dialogue.way_out"
    reason = replace(notice(key, state, context), kind=PromptKind.REJECTION)
    options = rejection.values.get("options")
    if isinstance(options, tuple):
        fitting = tuple(o.value for o in options if isinstance(o, Option))
        counted = replace(counted, fitting_units=fitting)
    return Step(state=counted, prompts=(reason, current_prompt(form, counted, context)))


def notice(key: str, state: DialogueState, context: DialogueContext) -> Prompt:
    text = context.catalogue.get(key, state.language)
    return Prompt(kind=PromptKind.NOTICE, text=text)
