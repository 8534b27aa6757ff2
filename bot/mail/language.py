"""Whether a mail is answered in Swedish or in English, and whether the model can read it."""

import re

from bot.mail.phrases import MailPhrases

_WORD = re.compile(r"[a-zåäöéü']+")
_SWEDISH_LETTERS = re.compile(r"[åäö]")
_ANY_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[a-z]")
_SAMPLE = 4_000
_ENOUGH_WORDS = 6  # fewer say nothing of the language
_READABLE_SHARE = 0.1  # of the words; Swedish notes without verbs have more, other languages less


def guess_language(text: str, phrases: MailPhrases, default: str = "sv") -> str:
    """Return "sv" or "en"; the default when the words speak for neither."""
    words = _WORD.findall(text[:_SAMPLE].lower())
    scores = {
        language: sum(word in known for word in words)
        for language, known in phrases.language_words.items()
    }
    swedish = scores["sv"] + sum(_SWEDISH_LETTERS.search(word) is not None for word in words)
    if scores["en"] == swedish:
        return default
    return "en" if scores["en"] > swedish else "sv"


def is_readable(text: str, phrases: MailPhrases) -> bool:
    """Return whether a text is in a language that the model was trained on; a short one is.

    What somebody writes in Finnish or Arabic is no spam because the model cannot read it.
    """
    words = _ANY_WORD.findall(text[:_SAMPLE].lower())
    if words and not any(_LATIN.search(word) for word in words):
        return False
    known = sum(word in phrases.readable_words for word in words)
    return len(words) < _ENOUGH_WORDS or known / len(words) > _READABLE_SHARE
