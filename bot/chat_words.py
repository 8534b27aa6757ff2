"""What words typed in a chat mean, and which answers are a person's own words."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from handlers.dialogue.answers import understood
from handlers.dialogue.state import Command, Prompt, SummaryLine, UserInput
from handlers.forms.form import Form, QuestionType
from handlers.records import Draft

WORDS_OF_STORY = 4  # fewer are a greeting, or a word of no meaning here


def command_of(text: str) -> Command:
    """Return what a text asks for, when it is one of the dialogue's own words."""
    return understood(UserInput(text=text), at_summary=False).command


def is_story(text: str) -> bool:
    """Whether words that nobody asked for are enough to be what has happened."""
    return len(text.split()) >= WORDS_OF_STORY


def distinct(short: Sequence[str], long: Sequence[str]) -> list[str]:
    """Return a name for each of several things: the short one, the long one where short repeats.

    What opens or does something says in its own words what it is about, so that a list of ways
    can be used without the text around them.
    """
    count = Counter(short)
    pairs = zip(short, long, strict=True)
    return [one if one and count[one] == 1 else other for one, other in pairs]


def own_words(forms: Mapping[str, Form], draft: Draft) -> Mapping[str, str]:
    """Return what the person has written in a draft: question to words."""
    written = (QuestionType.TEXT, QuestionType.CHOICE)
    types = {question.id: question.type for question in forms[draft.state.form_id].questions}
    return {
        question_id: answer.text
        for question_id, answer in draft.state.answers.items()
        if answer.text and types.get(question_id) in written
    }


def hidden(
    prompts: tuple[Prompt, ...], words: Mapping[str, str], say: Callable[..., str]
) -> tuple[Prompt, ...]:
    """Return the prompts with the length of each of the person's own answers in its place."""

    def shown(line: SummaryLine) -> SummaryLine:
        text = words.get(line.question_id, "")
        return replace(line, answer=say("teams.written", count=len(text))) if text else line

    return tuple(replace(one, lines=tuple(map(shown, one.lines))) for one in prompts)
