"""LIX, the Swedish readability index: words per sentence plus the share of long words in per cent.

Source: C. H. Björnsson, Läsbarhet (1968). A long word has more than six letters. A sentence ends
at a full stop, question mark, exclamation mark, colon before a line break, or at a line's end.
"""

import re

LONG = 6  # letters; a word with more is long
_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$|[”\"»)])|\n+|;")
_NAMED = re.compile(r"\{\w+\}")  # what is filled in: read as one short word


def lix(text: str) -> float:
    """Return the LIX of a text; 0 for one without words."""
    plain = _NAMED.sub("ord", text)
    words = _WORD.findall(plain)
    if not words:
        return 0.0
    sentences = [part for part in _SENTENCE_END.split(plain) if _WORD.search(part)]
    long_words = sum(len(re.sub(r"[^\w]", "", word)) > LONG for word in words)
    return len(words) / len(sentences) + 100 * long_words / len(words)


def words_in(text: str) -> int:
    return len(_WORD.findall(_NAMED.sub("ord", text)))
