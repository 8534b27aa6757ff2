"""The dialogue as one pure step: form, state and input give the next state, prompts and effects.

The route is computed from form and answers on every step and never stored, so that a form may
change while somebody is answering it.
"""

from collections.abc import Callable
from dataclasses import replace

from handlers.dialogue.answers import MORE_CATEGORIES, parse_answer, understood
from handlers.dialogue.prompts import current_prompt
from handlers.dialogue.state import (
    SUMMARY,
    Command,
    DialogueContext,
    DialogueState,
    DraftStatus,
    Effect,
    EffectKind,
    Option,
    Prompt,
    PromptChoice,
    PromptKind,
    Step,
    UserInput,
)
from handlers.errors import AnswerRejected
from handlers.forms.form import Form, Question, QuestionType

WAY_OUT_AFTER = 3  # wrong answers in a row


def step(form: Form, state: DialogueState, user_input: UserInput, context: DialogueContext) -> Step:
    """Return what follows. Never raises on anything that a person can send."""
    said = understood(user_input, at_summary=state.current == SUMMARY)
    if state.status != DraftStatus.ACTIVE:
        return _wake(form, state, said, context)
    command = _COMMANDS.get(said.command)
    if command is not None:
        return command(form, state, said, context)
    if not state.current:
        return _start(form, state, said, context)
    return _answer(form, state, said, context)


def next_question(form: Form, state: DialogueState) -> Question | None:
    """Return the first question that applies and has no answer; None: time for the summary."""
    return next(
        (q for q in form.questions if q.id not in state.answers and _applies(q, state)), None
    )


def _applies(question: Question, state: DialogueState) -> bool:
    condition = question.condition
    if condition is None:
        return True
    answer = state.answers.get(condition.question_id)
    return answer is not None and answer.value in condition.values


def _start(form: Form, state: DialogueState, said: UserInput, context: DialogueContext) -> Step:
    if state.current:
        return Step(state=state, prompts=(current_prompt(form, state, context),))
    del said
    intro = Prompt(kind=PromptKind.INTRO, text=form.intro[state.language])
    return _proceed(form, state, context, (intro,))


def _answer(form: Form, state: DialogueState, said: UserInput, context: DialogueContext) -> Step:
    question = form.question(state.current)
    if question is None:
        if state.current == SUMMARY:
            return _rejected(form, state, AnswerRejected("rejected.not_a_choice"), context)
        return _proceed(form, state, context)
    try:
        answer = parse_answer(question, said, state, context)
    except AnswerRejected as rejection:
        return _rejected(form, state, rejection, context)
    if question.type == QuestionType.CATEGORY and answer.value == MORE_CATEGORIES:
        shown = replace(state, all_categories=True)
        return Step(state=shown, prompts=(current_prompt(form, shown, context),))
    changed = state.answers.get(question.id) != answer
    answered = replace(
        state, answers={**state.answers, question.id: answer}, rejected=0, fitting_units=()
    )
    if changed and _feeds_category(form, question):
        answered = _without_suggestion(form, answered)
    prompts, effects = _danger(question, answer.value, state, context)
    following = _proceed(form, answered, context, prompts)
    return replace(following, effects=(*effects, *following.effects))


def _proceed(
    form: Form, state: DialogueState, context: DialogueContext, before: tuple[Prompt, ...] = ()
) -> Step:
    """Go to the next open question, or to the summary."""
    question = next_question(form, state)
    if question is None:
        at_summary = replace(state, current=SUMMARY, changing=False, rejected=0)
        return Step(state=at_summary, prompts=(*before, current_prompt(form, at_summary, context)))
    return _at_question(form, replace(state, current=question.id, rejected=0), context, before)


def _at_question(
    form: Form, state: DialogueState, context: DialogueContext, before: tuple[Prompt, ...] = ()
) -> Step:
    question = form.question(state.current)
    needs_suggestion = question is not None and question.type == QuestionType.CATEGORY
    if question is not None and needs_suggestion and state.suggestions is None:
        source = state.answers.get(question.from_question)
        effect = Effect(kind=EffectKind.SUGGEST_CATEGORY, text=source.text if source else "")
        return Step(state=state, prompts=before, effects=(effect,))
    return Step(state=state, prompts=(*before, current_prompt(form, state, context)))


def _suggested(form: Form, state: DialogueState, said: UserInput, context: DialogueContext) -> Step:
    informed = replace(state, suggestions=said.suggestions, certain=said.certain)
    return Step(state=informed, prompts=(current_prompt(form, informed, context),))


def _back(form: Form, state: DialogueState, said: UserInput, context: DialogueContext) -> Step:
    del said
    if state.changing:
        return _proceed(form, replace(state, changing=False), context)
    route = [q.id for q in form.questions if _applies(q, state)]
    here = route.index(state.current) if state.current in route else len(route)
    if here == 0:
        notice = _notice("dialogue.at_first", state, context)
        return Step(state=state, prompts=(notice, current_prompt(form, state, context)))
    return _at_question(form, replace(state, current=route[here - 1], rejected=0), context)


def _change(form: Form, state: DialogueState, said: UserInput, context: DialogueContext) -> Step:
    route = [q.id for q in form.questions if _applies(q, state)]
    wanted = said.choice
    if wanted.isascii() and wanted.isdigit() and 0 < int(wanted[:4]) <= len(route):
        wanted = route[int(wanted[:4]) - 1]
    labels = {context.catalogue.get(f"label.{i}", state.language).casefold(): i for i in route}
    wanted = labels.get(wanted.casefold(), wanted)
    if wanted not in route:
        rejection = AnswerRejected("rejected.no_such_question")
        return _rejected(form, state, rejection, context)
    return _at_question(form, replace(state, current=wanted, changing=True, rejected=0), context)


def _submit(form: Form, state: DialogueState, said: UserInput, context: DialogueContext) -> Step:
    del said
    if next_question(form, state) is not None:
        return _proceed(form, state, context)
    done = replace(state, status=DraftStatus.SUBMITTED, current=SUMMARY)
    return Step(state=done, effects=(Effect(kind=EffectKind.SUBMIT_REPORT),))


def _pause(form: Form, state: DialogueState, said: UserInput, context: DialogueContext) -> Step:
    del form, said
    return _stopped(state, DraftStatus.PAUSED, "dialogue.paused", Command.RESUME, context)


def _cancel(form: Form, state: DialogueState, said: UserInput, context: DialogueContext) -> Step:
    del form, said
    return _stopped(state, DraftStatus.CANCELLED, "dialogue.cancelled", Command.REGRET, context)


def _stopped(
    state: DialogueState, status: DraftStatus, key: str, way_on: Command, context: DialogueContext
) -> Step:
    label = context.catalogue.get(f"choice.{way_on}", state.language)
    notice = replace(
        _notice(key, state, context), choices=(PromptChoice(label=label, command=way_on),)
    )
    return Step(state=replace(state, status=status), prompts=(notice,))


def _wake(form: Form, state: DialogueState, said: UserInput, context: DialogueContext) -> Step:
    """Go on with a dialogue that was paused, cancelled or sent already."""
    if state.status == DraftStatus.SUBMITTED:
        return Step(state=state, prompts=(receipt("dialogue.already_sent", state, context),))
    awake = replace(state, status=DraftStatus.ACTIVE)
    if state.status == DraftStatus.CANCELLED:
        if said.command not in (Command.REGRET, Command.RESUME):
            return _cancel(form, state, said, context)
        key = "dialogue.cancelled_regretted"
    else:
        key = "dialogue.resumed"
        if said.text or said.choice:  # an answer is an answer, also after a pause
            return step(form, awake, said, context)
    if not awake.current:
        return _start(form, awake, said, context)
    notice = _notice(key, state, context)
    following = _at_question(form, awake, context)
    return replace(following, prompts=(notice, *following.prompts))


def receipt(key: str, state: DialogueState, context: DialogueContext) -> Prompt:
    text = context.catalogue.get(key, state.language, number=state.case_number)
    return Prompt(kind=PromptKind.RECEIPT, text=text, case_number=state.case_number)


def _rejected(
    form: Form, state: DialogueState, rejection: AnswerRejected, context: DialogueContext
) -> Step:
    """Ask again with the reason; the third time with a way out."""
    counted = replace(state, rejected=state.rejected + 1)
    key = rejection.key if counted.rejected < WAY_OUT_AFTER else "dialogue.way_out"
    reason = replace(_notice(key, state, context), kind=PromptKind.REJECTION)
    options = rejection.values.get("options")
    if isinstance(options, tuple):
        fitting = tuple(o.value for o in options if isinstance(o, Option))
        counted = replace(counted, fitting_units=fitting)
    return Step(state=counted, prompts=(reason, current_prompt(form, counted, context)))


def _danger(
    question: Question, value: str, state: DialogueState, context: DialogueContext
) -> tuple[tuple[Prompt, ...], tuple[Effect, ...]]:
    if question.id != "danger" or value not in ("yes", "unknown"):
        return (), ()
    key = "dialogue.danger_advice" if value == "yes" else "dialogue.danger_advice_unknown"
    advice = replace(_notice(key, state, context), kind=PromptKind.ADVICE)
    effects = (Effect(kind=EffectKind.RAISE_DANGER),) if value == "yes" else ()
    return (advice,), effects


def _notice(key: str, state: DialogueState, context: DialogueContext) -> Prompt:
    text = context.catalogue.get(key, state.language)
    return Prompt(kind=PromptKind.NOTICE, text=text)


def _feeds_category(form: Form, question: Question) -> bool:
    return any(q.from_question == question.id for q in form.questions)


def _without_suggestion(form: Form, state: DialogueState) -> DialogueState:
    """Forget suggestion and confirmed category when the text that they came from has changed."""
    kept = {
        question_id: answer
        for question_id, answer in state.answers.items()
        if (q := form.question(question_id)) is None or q.type != QuestionType.CATEGORY
    }
    return replace(state, answers=kept, suggestions=None, certain=False, all_categories=False)


_COMMANDS: dict[Command, Callable[[Form, DialogueState, UserInput, DialogueContext], Step]] = {
    Command.START: _start,
    Command.RESUME: _start,
    Command.SUGGESTED: _suggested,
    Command.BACK: _back,
    Command.CHANGE: _change,
    Command.SUBMIT: _submit,
    Command.PAUSE: _pause,
    Command.CANCEL: _cancel,
}
