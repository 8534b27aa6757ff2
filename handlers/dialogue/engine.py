"""The dialogue as one pure step: form, state and input give the next state, prompts and effects."""

from dataclasses import replace

from handlers.dialogue.answers import CHANGE_WORDS, MORE_CATEGORIES, parse_answer, understood
from handlers.dialogue.commands import ANYTIME, COMMANDS, cancel, wanted_question
from handlers.dialogue.flow import at_question, next_question, notice, proceed, rejected
from handlers.dialogue.guessing import with_guesses, without_guess
from handlers.dialogue.names import noted
from handlers.dialogue.prompts import current_prompt, guessed_lines
from handlers.dialogue.state import (
    SUMMARY,
    Command,
    DialogueContext,
    DialogueState,
    DraftStatus,
    Effect,
    EffectKind,
    Prompt,
    PromptKind,
    Step,
    UserInput,
)
from handlers.domain.report import Answer
from handlers.errors import AnswerRejected
from handlers.forms.form import Form, Question, QuestionType

__all__ = ["next_question", "receipt", "step"]

WORDS_OF_STORY = 4  # so many words are no answer to a question with fixed choices


def step(form: Form, state: DialogueState, user_input: UserInput, context: DialogueContext) -> Step:
    """Return what follows. Never raises on anything that a person can send."""
    said = understood(user_input, at_summary=state.current == SUMMARY)
    anytime = ANYTIME.get(said.command)
    if anytime is not None:
        return anytime(form, state, said, context)
    if state.status != DraftStatus.ACTIVE:
        return _wake(form, state, said, context)
    if said.command in (Command.START, Command.RESUME) or not state.current:
        return _start(form, state, said, context)
    if said.command == Command.SUGGESTED:
        return _suggested(form, state, said, context)
    said = _as_change(form, state, said, context)
    command = COMMANDS.get(said.command)
    if command is not None:
        return command(form, state, said, context)
    return _answer(form, state, said, context)


def receipt(key: str, state: DialogueState, context: DialogueContext) -> Prompt:
    text = context.catalogue.get(key, state.language, number=state.case_number)
    return Prompt(kind=PromptKind.RECEIPT, text=text, case_number=state.case_number)


def _start(form: Form, state: DialogueState, said: UserInput, context: DialogueContext) -> Step:
    if state.current:
        return Step(state=state, prompts=(current_prompt(form, state, context),))
    if said.command in (Command.SWEDISH, Command.ENGLISH):
        state = replace(state, language=said.command.value)
    if said.command == Command.SUGGESTED:
        return _suggested(form, state, said, context)
    intro = Prompt(kind=PromptKind.INTRO, text=form.intro[state.language])
    if _is_untold(form, state) and _is_told(said):
        taken = _take_story(form, state, said, context)
        return replace(taken, prompts=(intro, *taken.prompts))
    return proceed(form, state, context, (intro,) if not state.answers else ())


def _answer(form: Form, state: DialogueState, said: UserInput, context: DialogueContext) -> Step:
    question = form.question(state.current)
    if question is None:
        if state.current == SUMMARY:
            return rejected(form, state, AnswerRejected("rejected.not_a_choice"), context)
        return proceed(form, state, context)
    try:
        answer = parse_answer(question, said, state, context)
        _doubt(question, answer, state, context)
    except AnswerRejected as rejection:
        fixed = question.type == QuestionType.CHOICE
        if fixed and _is_untold(form, state) and _is_told(said):
            return _take_story(form, state, said, context)
        return rejected(form, state, rejection, context)
    if question.type == QuestionType.CATEGORY and answer.value == MORE_CATEGORIES:
        shown = replace(state, all_categories=True)
        return Step(state=shown, prompts=(current_prompt(form, shown, context),))
    return _taken(form, state, question, answer, said, context)


def _doubt(
    question: Question, answer: Answer, state: DialogueState, context: DialogueContext
) -> None:
    """Ask again about a time that cannot be so; who says it again is taken at their word."""
    said_anew = question.id == "when" and answer.text and not answer.value and not state.rejected
    if not said_anew or context.reader is None or context.now is None:
        return
    if context.reader.is_doubtful(answer.text, context.now):
        raise AnswerRejected("rejected.cannot_have_been")


def _taken(
    form: Form,
    state: DialogueState,
    question: Question,
    answer: Answer,
    said: UserInput,
    context: DialogueContext,
) -> Step:
    answered = _with_answer(form, state, question, answer, said)
    prompts, effects = _danger(question, answer.value, state, context)
    if set(answered.mentions) - set(state.mentions):
        prompts = (*prompts, notice("dialogue.names", state, context))
    onward = next((c.form for c in question.choices if c.form and c.value == answer.value), "")
    if onward:
        switch = Effect(kind=EffectKind.SWITCH_FORM, text=onward)
        return Step(state=answered, prompts=prompts, effects=(*effects, switch))
    if question == form.story and answered.suggestions is None:
        suggest = Effect(kind=EffectKind.SUGGEST_CATEGORY, text=answer.text)
        return Step(state=answered, prompts=prompts, effects=(*effects, suggest))
    following = proceed(form, answered, context, prompts)
    return replace(following, effects=(*effects, *following.effects))


def _with_answer(
    form: Form, state: DialogueState, question: Question, answer: Answer, said: UserInput
) -> DialogueState:
    changed = state.answers.get(question.id) != answer
    answered = replace(
        state,
        answers={**state.answers, question.id: answer},
        guesses=without_guess(state, question.id),
        rejected=0,
        fitting_units=(),
    )
    if changed and question == form.story:
        answered = _without_suggestion(form, answered)
    return noted(form, answered, said.mentions, answer.text)


def _take_story(
    form: Form, state: DialogueState, said: UserInput, context: DialogueContext
) -> Step:
    """Keep what somebody tells before being asked, then ask what comes first."""
    story = form.story
    if story is None:
        return proceed(form, state, context)
    told = notice("dialogue.story_kept", state, context)
    taken = _taken(form, state, story, Answer(text=said.text), said, context)
    return replace(taken, prompts=(told, *taken.prompts))


def _is_untold(form: Form, state: DialogueState) -> bool:
    return form.story is not None and form.story.id not in state.answers


def _is_told(said: UserInput) -> bool:
    is_words = not said.choice and not said.command
    return is_words and len(said.text.split()) >= WORDS_OF_STORY


def _suggested(form: Form, state: DialogueState, said: UserInput, context: DialogueContext) -> Step:
    """Take the model's suggestion, read the story, and show what it tells already."""
    informed = replace(state, suggestions=said.suggestions, certain=said.certain)
    if not state.guesses:
        informed = with_guesses(form, informed, context)
    following = proceed(form, informed, context)
    lines = guessed_lines(form, informed, context)
    if not lines or following.state.current == SUMMARY:
        return following
    understood_so = replace(notice("dialogue.understood", state, context), lines=lines)
    return replace(following, prompts=(understood_so, *following.prompts))


def _as_change(
    form: Form, state: DialogueState, said: UserInput, context: DialogueContext
) -> UserInput:
    """Read "ändra när" as a wish to change, also before the summary."""
    first, _, rest = said.text.partition(" ")
    if said.command or said.choice or first.casefold() not in CHANGE_WORDS or rest.isdigit():
        return said
    wanted = wanted_question(form, state, rest.rstrip("!. "), context)
    return UserInput(command=Command.CHANGE, choice=wanted) if wanted else said


def _wake(form: Form, state: DialogueState, said: UserInput, context: DialogueContext) -> Step:
    """Go on with a dialogue that was paused, cancelled or sent already."""
    if state.status == DraftStatus.SUBMITTED:
        key = "dialogue.already_sent" if state.case_number else "dialogue.already_done"
        return Step(state=state, prompts=(receipt(key, state, context),))
    awake = replace(state, status=DraftStatus.ACTIVE)
    if state.status == DraftStatus.CANCELLED:
        if said.command not in (Command.REGRET, Command.RESUME):
            return cancel(form, state, said, context)
        key = "dialogue.cancelled_regretted"
    else:
        key = "dialogue.resumed"
        if said.text or said.choice:  # an answer is an answer, also after a pause
            return step(form, awake, said, context)
    if not awake.current:
        return _start(form, awake, said, context)
    told = notice(key, state, context)
    following = at_question(form, awake, context)
    return replace(following, prompts=(told, *following.prompts))


def _danger(
    question: Question, value: str, state: DialogueState, context: DialogueContext
) -> tuple[tuple[Prompt, ...], tuple[Effect, ...]]:
    if question.id != "danger" or value not in ("yes", "unknown"):
        return (), ()
    key = "dialogue.danger_advice" if value == "yes" else "dialogue.danger_advice_unknown"
    advice = replace(notice(key, state, context), kind=PromptKind.ADVICE)
    effects = (Effect(kind=EffectKind.RAISE_DANGER),) if value == "yes" else ()
    return (advice,), effects


def _without_suggestion(form: Form, state: DialogueState) -> DialogueState:
    """Forget what came from the text that has changed: suggestion, category, guesses, flags."""
    kept = {
        question_id: answer
        for question_id, answer in state.answers.items()
        if (q := form.question(question_id)) is None or q.type != QuestionType.CATEGORY
    }
    return replace(
        state,
        answers=kept,
        guesses={},
        flags=(),
        suggestions=None,
        certain=False,
        all_categories=False,
    )
