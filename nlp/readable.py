"""A text as the eye reads it, with the way back to how it was written.

Programs write "ö" as one sign or as "o" and two dots, put signs that nobody sees where a word may
be divided, and cut words at the end of a line. Rules and searches read the text without all that;
what they find is told in the places of the text as it was written.
"""

import re
import unicodedata
from array import array
from dataclasses import dataclass

# Soft hyphen, joiners, zero-width spaces, marks of direction, byte order mark, variation selectors.
_UNSEEN = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u2060-\u2064\u206a-\u206f\ufe00-\ufe0f\ufeff"
_MARKS = "\u0300-\u034e\u0350-\u036f"
# "fast-" at the end of a line and "spänd" on the next, but not "natt-" and "och kvällspersonal".
_CUT = (
    r"(?<=[^\W\d_])[-\u2010\u2011][ \t]{0,8}\r?\n[ \t>]{0,8}"
    r"(?=[a-zåäöéü])(?!(?:och|eller|samt)\b)"
)
_WRITTEN_OTHERWISE = re.compile(
    rf"(?P<letter>[^\W\d_][{_UNSEEN}]{{0,8}}[{_MARKS}]+|[\u212a\u212b])|[{_UNSEEN}]+|{_CUT}"
)
_NOT_OF_A_LETTER = re.compile(f"[{_UNSEEN}]")
_MOST_MARKS = 4  # that one letter is composed with; any more are left out


@dataclass(frozen=True, slots=True)
class ReadableText:
    """A text to be read; each of its characters begins and ends at a place of the written one."""

    text: str
    _begins: "array[int]"  # empty if nothing was changed
    _ends: "array[int]"

    def written(self, start: int, end: int) -> tuple[int, int]:
        """Return the range of the written text that a range of this one, not empty, stands for."""
        return (self._begins[start], self._ends[end - 1]) if self._begins else (start, end)


def readable(text: str) -> ReadableText:
    """Compose letters with their dots and rings, drop unseen signs, join words that a line cut."""
    parts: list[str] = []
    begins, ends = array("L"), array("L")
    position = 0
    for found in _WRITTEN_OTHERWISE.finditer(text):
        parts.append(text[position : found.start()])
        begins.extend(range(position, found.start()))
        ends.extend(range(position + 1, found.start() + 1))
        if found["letter"]:
            parts.append(_composed(found["letter"]))
            begins.append(found.start())
            ends.append(found.end())
        position = found.end()
    if not parts:
        return ReadableText(text, begins, ends)
    begins.extend(range(position, len(text)))
    ends.extend(range(position + 1, len(text) + 1))
    return ReadableText("".join([*parts, text[position:]]), begins, ends)


def _composed(letter: str) -> str:
    signs = _NOT_OF_A_LETTER.sub("", letter[: 1 + 8 + _MOST_MARKS])
    return unicodedata.normalize("NFC", signs[: 1 + _MOST_MARKS])[0]
