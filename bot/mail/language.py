"""Whether a mail is answered in Swedish or in English."""

import re

from bot.mail.phrases import MailPhrases

_WORD = re.compile(r"[a-zåäöéü']+")
_SWEDISH_LETTERS = re.compile(r"[åäö]")
_SAMPLE = 4_000


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
