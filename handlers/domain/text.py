"""Text from people: taken as it is, made safe to store, never cut."""

import unicodedata

SHOWN_PREVIEW_CHARACTERS = 2_000

# Not Cc as a whole: tab and line feed are people's own. Bidirectional overrides can make a shown
# text lie about its order (CVE-2021-42574), so they go; right-to-left letters stay.
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def clean(text: str) -> str:
    """Return the text without null bytes, other control characters and bidi overrides, NFC.

    PostgreSQL refuses null bytes in text; lone surrogates can be stored nowhere.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in text if c in "\n\t" or _may_stay(c))
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def _may_stay(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cs") and character not in _OVERRIDES


def preview(text: str, limit: int = SHOWN_PREVIEW_CHARACTERS) -> str:
    """Return the beginning of a long text with an ellipsis; the whole is kept elsewhere."""
    return text if len(text) <= limit else text[:limit].rstrip() + " …"
