"""What the buttons beside the answers do: back, change, send, pause, cancel, ways in."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from handlers.dialogue.flow import at_question, next_question, notice, proceed, rejected
from handlers.dialogue.guessing import confirmed
from handlers.dialogue.names import with_roles
from handlers.dialogue.prompts import current_prompt, is_asked, is_ticked
from handlers.dialogue.state import (
    SUMMARY,
    Command,
    DialogueContext,
    DialogueState,
    DraftStatus,
    Effect,
    EffectKind,
    Prompt,
    PromptChoice,
    PromptKind,
    Step,
    UserInput,
)
from handlers.domain.report import Answer
from handlers.errors import AnswerRejected
from handlers.forms.form import Form, Question, QuestionType

Act = Callable[[Form, DialogueState, UserInput, DialogueContext], Step]

# The ways in, in the order of showing, each with the form that it begins.
FORM_OF_WAY = {
    Command.NURSE: "nurse",
    Command.REPORT: "deviation",
    Command.RISK: "risk",
    Command.MISCONDUCT: "misconduct",
    Command.PASS_ON: "passed_on",
    Command.SUGGEST: "suggestion",
}
_LISTS = {Command.DRAFTS: EffectKind.LIST_DRAFTS, Command.MY_REPORTS: EffectKind.LIST_REPORTS}


def back(form: Form, state: DialogueState, said: UserInput, context: DialogueContext) -> Step:
    """Go to the question before. What was picked out of the story was never asked."""
    del said
    if state.changing:
        return proceed(form, state, context)
    asked = [q.id for q in form.questions if is_asked(q, state) and q.id not in state.guesses]
    here = asked.index(state.current) if state.current in asked else len(asked)
    if here == 0:
        first = notice("dialogue.at_first", state, context)
        return Step(state=state, prompts=(first, current_prompt(form, state, context)))
    return at_question(form, replace(state, current=asked[here - 1], rejected=0), context)


def change(form: Form, state: DialogueState, said: UserInput, context: DialogueContext) -> Step:
    wanted = wanted_question(form, state, said.choice, context)
    if (box := _box(form)) is not None and wanted == box.id:
        return tick(form, state, UserInput(command=Command.UNTICK), context)
    if not wanted:
        return rejected(form, state, AnswerRejected("rejected.no_such_question"), context)
    return at_question(form, replace(state, current=wanted, changing=True, rejected=0), context)


def tick(form: Form, state: DialogueState, said: UserInput, context: DialogueContext) -> Step:
    """Tick the box of a form, or take the tick away; a second tap on the same changes nothing."""
    box = _box(form)
    if box is None:
        return show_again(form, state, said, context)
    answers = {key: one for key, one in state.answers.items() if key != box.id}
    if said.command == Command.TICK:
        answers[box.id] = Answer(value=box.choices[0].value)
    ticked = replace(state, answers=answers)
    return Step(state=ticked, prompts=_present(form, ticked, context))


def _box(form: Form) -> Question | None:
    return next((q for q in form.questions if q.type == QuestionType.BOX), None)


def keep(form: Form, state: DialogueState, said: UserInput, context: DialogueContext) -> Step:
    """Go on with the answer that stands; where there is none, the question is asked again."""
    del said
    return proceed(form, state, context)


def wanted_question(form: Form, state: DialogueState, word: str, context: DialogueContext) -> str:
    """Return the id of the question that is meant by id, number in the summary, or label."""
    route = [q.id for q in form.questions if is_asked(q, state) or is_ticked(q, state)]
    if word.isascii() and word.isdigit() and 0 < int(word[:4]) <= len(route):
        return route[int(word[:4]) - 1]
    labels = {context.catalogue.get(f"label.{i}", state.language).casefold(): i for i in route}
    wanted = labels.get(word.casefold(), word)
    return wanted if wanted in route else ""


def submit(form: Form, state: DialogueState, said: UserInput, context: DialogueContext) -> Step:
    """Send; what was guessed has to have been read in the summary first."""
    del said
    unread = bool(state.guesses) and state.current != SUMMARY
    if unread or next_question(form, state) is not None:
        return proceed(form, state, context)
    done = replace(confirmed(form, state), status=DraftStatus.SUBMITTED, current=SUMMARY)
    return Step(state=done, effects=(Effect(kind=EffectKind.SUBMIT_REPORT),))


def pause(form: Form, state: DialogueState, said: UserInput, context: DialogueContext) -> Step:
    del form, said
    return _stopped(state, DraftStatus.PAUSED, "dialogue.paused", Command.RESUME, context)


def cancel(form: Form, state: DialogueState, said: UserInput, context: DialogueContext) -> Step:
    del form, said
    return _stopped(state, DraftStatus.CANCELLED, "dialogue.cancelled", Command.REGRET, context)


def use_roles(form: Form, state: DialogueState, said: UserInput, context: DialogueContext) -> Step:
    del said
    if not state.mentions:
        return Step(state=state, prompts=_present(form, state, context))
    told = notice("dialogue.roles_used", state, context)
    changed = with_roles(state, context)
    return Step(state=changed, prompts=(told, *_present(form, changed, context)))


def show_again(form: Form, state: DialogueState, said: UserInput, context: DialogueContext) -> Step:
    """Show where things stand; what came or went lies beside the draft, not in its state."""
    del said
    return Step(state=state, prompts=_present(form, state, context))


def speak(form: Form, state: DialogueState, said: UserInput, context: DialogueContext) -> Step:
    """Go on in the language that was asked for."""
    spoken = replace(state, language=said.command.value)
    return Step(state=spoken, prompts=_present(form, spoken, context))


def show_ways(form: Form, state: DialogueState, said: UserInput, context: DialogueContext) -> Step:
    """Show what else a person may have come for."""
    del form, said
    ways = tuple(
        PromptChoice(
            label=context.catalogue.get(f"choice.{command}", state.language), command=command
        )
        for command in (*FORM_OF_WAY, *_LISTS, Command.RESUME)
    )
    return Step(
        state=state, prompts=(replace(notice("dialogue.ways", state, context), choices=ways),)
    )


def begin(form: Form, state: DialogueState, said: UserInput, context: DialogueContext) -> Step:
    """Begin another form: with the same answers, or beside what has been written already."""
    wanted = FORM_OF_WAY[said.command]
    if wanted == form.id and state.status == DraftStatus.ACTIVE:
        return Step(state=state, prompts=_present(form, state, context))
    kind = EffectKind.SWITCH_FORM
    written = any(answer.text for answer in state.answers.values())
    if written or state.status != DraftStatus.ACTIVE:
        kind = EffectKind.BEGIN_FORM
    return Step(state=state, effects=(Effect(kind=kind, text=wanted),))


def show_list(form: Form, state: DialogueState, said: UserInput, context: DialogueContext) -> Step:
    del form, context
    return Step(state=state, effects=(Effect(kind=_LISTS[said.command]),))


def _present(form: Form, state: DialogueState, context: DialogueContext) -> tuple[Prompt, ...]:
    if not state.current:
        return (Prompt(kind=PromptKind.INTRO, text=form.intro[state.language]),)
    return (current_prompt(form, state, context),)


def _stopped(
    state: DialogueState, status: DraftStatus, key: str, way_on: Command, context: DialogueContext
) -> Step:
    say = context.catalogue.get
    label = say(f"choice.{way_on}", state.language)
    kept_for = _in_words(context.kept_for, state.language, say)
    text = say(key, state.language, kept_for=kept_for)
    told = Prompt(
        kind=PromptKind.NOTICE,
        text=text,
        choices=(PromptChoice(label=label, command=way_on),),
    )
    return Step(state=replace(state, status=status), prompts=(told,))


def _in_words(time: timedelta, language: str, say: Callable[..., str]) -> str:
    hours = round(time.total_seconds() / 3600)
    key, count = ("days", time.days) if time.days and hours % 24 == 0 else ("hours", hours)
    return say(f"dialogue.{key}_one" if count == 1 else f"dialogue.{key}", language, count=count)


COMMANDS: dict[Command, Act] = {
    Command.BACK: back,
    Command.CHANGE: change,
    Command.KEEP: keep,
    Command.TICK: tick,
    Command.UNTICK: tick,
    Command.SUBMIT: submit,
    Command.PAUSE: pause,
    Command.CANCEL: cancel,
    Command.USE_ROLES: use_roles,
    Command.ATTACH: show_again,
    Command.DETACH: show_again,
    Command.SWEDISH: speak,
    Command.ENGLISH: speak,
}
# These do not need a report that is being written.
ANYTIME: dict[Command, Act] = {
    Command.WAYS: show_ways,
    **dict.fromkeys(FORM_OF_WAY, begin),
    **dict.fromkeys(_LISTS, show_list),
}
