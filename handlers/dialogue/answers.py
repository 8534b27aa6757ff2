"""What a person's words mean: commands, choices, units.

Pure; a word that means nothing here raises AnswerRejected with the reason.
"""

from dataclasses import replace

from handlers.dialogue.state import Command, DialogueContext, DialogueState, Option, UserInput
from handlers.domain.report import SKIPPED, UNKNOWN, Answer
from handlers.domain.text import clean
from handlers.errors import AnswerRejected
from handlers.forms.form import Question, QuestionType

MORE_CATEGORIES = "more"

# What people type for the buttons, in both languages.
_COMMAND_WORDS = {
    "tillbaka": Command.BACK,
    "bakåt": Command.BACK,
    "back": Command.BACK,
    "hoppa över": Command.SKIP,
    "hoppa": Command.SKIP,
    "skip": Command.SKIP,
    "vet inte": Command.UNKNOWN,
    "vet ej": Command.UNKNOWN,
    "jag vet inte": Command.UNKNOWN,
    "don't know": Command.UNKNOWN,
    "i don't know": Command.UNKNOWN,
    "paus": Command.PAUSE,
    "pausa": Command.PAUSE,
    "pause": Command.PAUSE,
    "fortsätt": Command.RESUME,
    "continue": Command.RESUME,
    "avbryt": Command.CANCEL,
    "cancel": Command.CANCEL,
    "ångra": Command.REGRET,
    "undo": Command.REGRET,
    "skicka": Command.SUBMIT,
    "send": Command.SUBMIT,
    "skriv rollen": Command.USE_ROLES,
    "skriv rollen i stället": Command.USE_ROLES,
    "write the role": Command.USE_ROLES,
    "write the role instead": Command.USE_ROLES,
    "svenska": Command.SWEDISH,
    "på svenska": Command.SWEDISH,
    "swedish": Command.SWEDISH,
    "english": Command.ENGLISH,
    "engelska": Command.ENGLISH,
    "in english": Command.ENGLISH,
    "något annat ärende": Command.WAYS,
    "another matter": Command.WAYS,
    "jag behöver nå sjuksköterska": Command.NURSE,
    "nå sjuksköterska": Command.NURSE,
    "i need to reach a nurse": Command.NURSE,
    "reach a nurse": Command.NURSE,
    "avvikelse": Command.REPORT,
    "rapportera en avvikelse": Command.REPORT,
    "report a deviation": Command.REPORT,
    "risk": Command.RISK,
    "rapportera en risk": Command.RISK,
    "report a risk": Command.RISK,
    "lex sarah": Command.MISCONDUCT,
    "missförhållande": Command.MISCONDUCT,
    "rapportera ett missförhållande": Command.MISCONDUCT,
    "misconduct": Command.MISCONDUCT,
    "report misconduct": Command.MISCONDUCT,
    "lämna vidare en synpunkt": Command.PASS_ON,
    "pass on a view": Command.PASS_ON,
    "förslag eller beröm": Command.SUGGEST,
    "suggestion or praise": Command.SUGGEST,
    "mina utkast": Command.DRAFTS,
    "utkast": Command.DRAFTS,
    "my drafts": Command.DRAFTS,
    "mina rapporter": Command.MY_REPORTS,
    "my reports": Command.MY_REPORTS,
}
_SUBMIT_WORDS = frozenset(
    {"ja", "yes", "ok", "stämmer", "det stämmer", "skicka rapporten", "send the report"}
    | {"klart", "done", "lägg till", "add it", "skicka till chefen", "send to the manager"}
    | {"skicka till chefens chef", "send to the manager's manager"}
    | {"skicka förbi min chef", "send it past my manager"}
)
CHANGE_WORDS = ("ändra", "change")
_TICK_WORDS = frozenset({"min chef är inblandad", "my manager is involved"})


def understood(user_input: UserInput, *, at_summary: bool) -> UserInput:
    """Return the input with its text read as a command where the text is one."""
    if user_input.command or user_input.choice:
        return user_input
    text = clean(user_input.text)
    word = text.casefold().rstrip("!. ")
    if at_summary:
        first, _, rest = word.partition(" ")
        if first in CHANGE_WORDS:
            return UserInput(command=Command.CHANGE, choice=rest)
        if word.lstrip("☐☑ ") in _TICK_WORDS:
            return UserInput(command=Command.TICK)
        if word in _SUBMIT_WORDS:
            return UserInput(command=Command.SUBMIT)
    command = _COMMAND_WORDS.get(word, Command.NONE)
    return replace(user_input, text=text, command=command)


def parse_answer(
    question: Question, user_input: UserInput, state: DialogueState, context: DialogueContext
) -> Answer:
    if user_input.command == Command.UNKNOWN or user_input.choice == UNKNOWN:
        return _unknown(question, user_input)
    if user_input.command == Command.SKIP:
        return _skipped(question)
    if not user_input.text and not user_input.choice:
        raise AnswerRejected("rejected.empty")
    match question.type:
        case QuestionType.TEXT:
            return Answer(text=user_input.text or clean(user_input.choice))
        case QuestionType.CHOICE | QuestionType.BOX:
            return _choice(question, user_input, state.language)
        case QuestionType.UNIT:
            shown = shown_units(state, context)
            return _one_of(shown, user_input, "rejected.no_such_unit", context.units)
        case QuestionType.CATEGORY:
            shown = shown_categories(state, context)
            return _one_of(shown, user_input, "rejected.not_a_choice", context.categories)


def shown_units(state: DialogueState, context: DialogueContext) -> tuple[Option, ...]:
    fitting = tuple(unit for unit in context.units if unit.value in state.fitting_units)
    return fitting or context.units


def shown_categories(state: DialogueState, context: DialogueContext) -> tuple[Option, ...]:
    """Return the categories to choose from: the three best and a way to the rest, or all."""
    by_code = {option.value: option for option in context.categories}
    best = tuple(by_code[code] for code in (state.suggestions or ())[:3] if code in by_code)
    if state.all_categories or not best:
        return context.categories
    more = context.catalogue.get("choice.more_categories", state.language)
    return (*best, Option(value=MORE_CATEGORIES, label=more))


def _unknown(question: Question, user_input: UserInput) -> Answer:
    offered = any(choice.value == UNKNOWN for choice in question.choices)
    if question.type == QuestionType.TEXT and not question.optional and not offered:
        raise AnswerRejected("rejected.unknown_not_here")
    return Answer(value=UNKNOWN, text=clean(user_input.text) if user_input.choice else "")


def _skipped(question: Question) -> Answer:
    if not question.optional:
        raise AnswerRejected("rejected.not_optional")
    return Answer(value=SKIPPED)


def _choice(question: Question, user_input: UserInput, language: str) -> Answer:
    options = tuple(Option(value=c.value, label=c.texts[language]) for c in question.choices)
    found = _find(options, user_input)
    if len(found) == 1:
        own_words = user_input.text if user_input.choice and question.free_text else ""
        return Answer(value=found[0].value, text=own_words)
    if question.free_text and user_input.text:
        return Answer(text=user_input.text)
    raise AnswerRejected("rejected.not_a_choice")


def _one_of(
    shown: tuple[Option, ...],
    user_input: UserInput,
    reason: str,
    every: tuple[Option, ...],
) -> Answer:
    found = _find(shown, user_input) or _find(every, user_input)
    if len(found) > 1:
        raise AnswerRejected("dialogue.unit_many", options=found)
    if not found:
        raise AnswerRejected(reason)
    return Answer(value=found[0].value, text=found[0].label)


def _find(options: tuple[Option, ...], user_input: UserInput) -> tuple[Option, ...]:
    """Return what is meant: by value, by number in the list, by whole label, by part of it."""
    if user_input.choice:
        return tuple(option for option in options if option.value == user_input.choice)
    word = user_input.text.casefold().rstrip("!. ")
    # isascii: "²" and "٣" are digits too, but int() refuses the first.
    if word.isascii() and word.isdigit() and len(word) < 4 and 0 < int(word) <= len(options):
        return (options[int(word) - 1],)
    whole = tuple(option for option in options if option.label.casefold() == word)
    if whole or len(word) < 2:
        return whole
    starts = tuple(option for option in options if option.label.casefold().startswith(word))
    return starts or tuple(option for option in options if word in option.label.casefold())
