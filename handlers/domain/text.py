"""Text from people: taken as it is, made safe to store, never cut."""

import re
import unicodedata

SHOWN_PREVIEW_CHARACTERS = 2_000

# Not Cc as a whole: tab and line feed are people's own. Bidirectional overrides can make a shown
# text lie about its order (CVE-2021-42574), so they go; right-to-left letters stay.
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

# Where a line may break or may not, and the byte order mark: nobody sees them, and no word with one
# inside is found again. Joiners stay, since pictures and some languages need them.
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]+")
_MOST_MARKS = 30  # on one letter (Unicode UAX 15, stream-safe text); sorting more takes too long
_RUN_OF_MARKS = re.compile(rf"[^\w\s!-~]{{{_MOST_MARKS},}}")


def clean(text: str) -> str:
    """Return the text without null bytes, other control characters and bidi overrides, composed.

    PostgreSQL refuses null bytes in text; lone surrogates can be stored nowhere.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in text if c in "\n\t" or _may_stay(c))
    return composed("".join(kept)).strip()


def is_storable(text: str) -> bool:
    """Whether a line has no control characters, overrides of direction or lone surrogates."""
    return all(_may_stay(character) for character in text)


def composed(text: str) -> str:
    """Return the text in NFC, without unseen signs inside its words, in time linear to its length.

    A letter keeps 30 marks at most.
    """
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _RUN_OF_MARKS.sub(_few_marks, _UNSEEN.sub("", text)))


def _few_marks(run: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for sign in run.group():
        marks = marks + 1 if unicodedata.combining(sign) else 0
        if marks <= _MOST_MARKS:
            kept.append(sign)
    return "".join(kept)


def _may_stay(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cs") and character not in _OVERRIDES


def preview(text: str, limit: int = SHOWN_PREVIEW_CHARACTERS) -> str:
    """Return the beginning of a long text with an ellipsis; the whole is kept elsewhere."""
    return text if len(text) <= limit else text[:limit].rstrip() + " …"
