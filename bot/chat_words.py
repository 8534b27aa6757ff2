"""What words typed in a chat mean before a dialogue is asked, and which of them may be kept."""

from bot.config import ChatPolicy
from bot.masking import masked
from handlers.dialogue.answers import understood
from handlers.dialogue.state import Command, UserInput
from handlers.ports import TextAnalyst

WORDS_OF_STORY = 4  # fewer are a greeting, or a word of no meaning here
NOT_KEPT = "[inte sparat]"


def command_of(text: str) -> Command:
    """Return what a text asks for, when it is one of the dialogue's own words."""
    return understood(UserInput(text=text), at_summary=False).command


def is_story(text: str) -> bool:
    """Whether words that nobody asked for are enough to be what has happened."""
    return len(text.split()) >= WORDS_OF_STORY


def kept_words(analyst: TextAnalyst, policy: ChatPolicy, text: str) -> str:
    """Return a text as it may be stored: without identity numbers, in a strict chat not at all."""
    if text and policy == ChatPolicy.STRICT and not command_of(text):
        return NOT_KEPT
    return masked(analyst, text)
