"""Names of people in a text, by lists of names and by the words around them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import simplemma

from handlers.ports import PersonalDataSpan
from nlp.person_words import PersonWords
from nlp.text import Covered

_TOKEN = re.compile(r"[^\W\d_]+(?:[-'’´][^\W\d_]+)*")
_SENTENCE_BREAK = re.compile(r"[.!?:\n\"”“»•*(]\s*$|^\s*$|\s[-–]\s*$")
_GREETING = re.compile(
    r"(?:hälsning(?:ar|en)?|mvh|hälsar|vänlig(?:a|en|t)?|regards|sincerely|tack på förhand|"
    r"undertecknad|vh|kram(?:ar)?|/)[,.!\s]*$",
    re.IGNORECASE,
)
# A last line of two or three words with capital letters, perhaps with a number or address below.
_SIGNATURE = re.compile(
    r"[A-ZÅÄÖ][a-zåäöé]+(?:[ -][A-ZÅÄÖ][a-zåäöéü]+){1,2}[,.]?"
    r"\s*(?:tel\.?|mobil)?[\s\d+-]{0,30}(?:\S+@\S+)?\s*",
)
_VERB_AFTER = frozenset(
    {"är", "var", "har", "hade", "fick", "föll", "kom", "satt", "låg", "sa", "säger", "vill"}
    | {"ville", "blev", "skulle", "ska", "kan", "kunde", "gick", "går", "ringde", "bor", "bodde"}
    | {"åt", "drack", "sov", "skrek", "grät", "heter", "mår", "står", "stod", "tog", "gav"}
)
_LONGEST_NAME = 3  # words
_LONGEST_FOREIGN = 9  # letters


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    written: str
    lower: str
    first_in_sentence: bool

    @property
    def capital(self) -> bool:
        return self.written[0].isupper()

    @property
    def shouted(self) -> bool:
        return len(self.written) > 1 and self.written[:2].isupper()


class NameFinder:
    def __init__(self, words: PersonWords) -> None:
        self._words = words
        before = "|".join(re.escape(word) for word in words.colleague_before)
        self._introduced = re.compile(rf"(?:^|\W)(?:{before}),?\s+$")
        self._folded_first = {_without_dots(name) for name in words.first_names if len(name) > 3}

    def spans(self, text: str, taken: Sequence[tuple[int, int]]) -> tuple[PersonalDataSpan, ...]:
        """Find names outside the ranges already taken by other personal data."""
        tokens = _tokens(text, taken)
        found: list[PersonalDataSpan] = []
        position = 0
        while position < len(tokens):
            end = self._name_end(text, tokens, position)
            if end is None:
                position += 1
                continue
            label = self._label(text, tokens, position, end)
            start = tokens[position].start
            found.append(PersonalDataSpan(start=start, end=tokens[end - 1].end, label=label))
            position = end
        return _same_label(text, found)

    def _name_end(self, text: str, tokens: Sequence[_Token], position: int) -> int | None:
        """One past the last word of the name that begins here, or None."""
        if not self._begins_name(text, tokens, position):
            return None
        end = position + 1
        while end < len(tokens) and end - position < _LONGEST_NAME:
            if not self._continues_name(text, tokens, end):
                break
            end += 1
        return end

    def _begins_name(self, text: str, tokens: Sequence[_Token], position: int) -> bool:
        token = tokens[position]
        before = tokens[position - 1].lower if position else ""
        if before in ("lex", "sankt", "s:t") or len(token.lower) < 2:
            return False
        if self._listed(token):
            return True
        if not token.capital:
            return False
        return (
            self._ambiguous(text, tokens, position)
            or self._by_context(text, tokens, position)
            or self._signs(text, token)
        )

    def _signs(self, text: str, token: _Token) -> bool:
        """Whether the word opens a last line that holds nothing but a name, or is the last word."""
        lower = token.lower
        if not token.first_in_sentence or token.shouted or lower in self._words.not_names:
            return False
        if lower in self._words.ambiguous_names and not text[token.end :].strip(" .!\n"):
            return True
        below = text[: token.start].endswith("\n")
        return below and bool(_SIGNATURE.fullmatch(text[token.start :]))

    def _listed(self, token: _Token) -> bool:
        if self._is_first(token.lower):
            return True
        return (
            token.capital
            and token.lower not in self._words.not_names
            and (token.lower in self._folded_first or _base(token.lower) in self._folded_first)
            and not token.shouted
        )

    def _is_first(self, lower: str) -> bool:
        first = self._words.first_names
        if lower in first or _base(lower) in first:
            return True
        parts = re.split(r"[-]", _base(lower))
        known = first | self._words.ambiguous_names
        return len(parts) == 2 and all(part in known for part in parts)

    def _ambiguous(self, text: str, tokens: Sequence[_Token], position: int) -> bool:
        token = tokens[position]
        lower = token.lower if token.lower in self._words.ambiguous_names else _base(token.lower)
        if lower not in self._words.ambiguous_names or token.shouted:
            return False
        if token.lower in self._words.not_names:
            return False  # months: "in May"
        following = tokens[position + 1] if position + 1 < len(tokens) else None
        if following is not None and self._continues_name(text, tokens, position + 1):
            return True
        if not token.first_in_sentence:
            return True
        return following is not None and following.lower in _VERB_AFTER

    def _by_context(self, text: str, tokens: Sequence[_Token], position: int) -> bool:
        token = tokens[position]
        if token.shouted or not self._may_be_name(token):
            return False
        if _GREETING.search(text[max(0, token.start - 40) : token.start]):
            return True
        before = tokens[position - 1] if position else None
        if before is None or "\n" in text[before.end : token.start]:
            return self._full_name(text, tokens, position)
        near = not re.search(r"[.!?;:\"]", text[before.end : token.start])
        if near and before.lower in self._words.relations | self._words.colleague_titles:
            return True
        if token.first_in_sentence:
            return self._full_name(text, tokens, position) or self._acts(tokens, position)
        if before.lower in self._words.place_words:
            return self._full_name(text, tokens, position)
        return self._is_surname(token.lower) or self._foreign(token)

    def _acts(self, tokens: Sequence[_Token], position: int) -> bool:
        """Whether an unknown word opens a sentence and does something: "Hilmer ramlade"."""
        following = tokens[position + 1].lower if position + 1 < len(tokens) else ""
        does = following in _VERB_AFTER or following.endswith("ade")
        return does and self._foreign(tokens[position])

    def _foreign(self, token: _Token) -> bool:
        """Whether the word is no word of Swedish, so that a capital letter marks a name."""
        forms = (token.lower, _base(token.lower))
        if len(token.lower) > _LONGEST_FOREIGN:
            return False  # a compound that the dictionary does not know
        return not any(simplemma.is_known(form, lang="sv") for form in forms) and not any(
            "-" in form or form in self._words.not_names for form in forms
        )

    def _full_name(self, text: str, tokens: Sequence[_Token], position: int) -> bool:
        """An unknown word with a capital letter and a surname after it."""
        following = position + 1
        return (
            following < len(tokens)
            and self._is_surname(tokens[following].lower)
            and self._continues_name(text, tokens, following)
        )

    def _may_be_name(self, token: _Token) -> bool:
        titles = self._words.colleague_titles | self._words.relations
        if token.lower in self._words.not_names | titles or len(token.lower) < 3:
            return False
        if self._is_surname(token.lower):
            return True
        return not token.lower.endswith(self._words.place_endings)

    def _is_surname(self, lower: str) -> bool:
        base = _base(lower)
        if lower in self._words.not_names:
            return False
        if {lower, base} & self._words.surnames:
            return True
        return any(
            len(form) > len(ending) + 2 and form.endswith(ending)
            for form in (lower, base)
            for ending in self._words.surname_endings
        )

    def _continues_name(self, text: str, tokens: Sequence[_Token], position: int) -> bool:
        token, before = tokens[position], tokens[position - 1]
        between = text[before.end : token.start]
        if between not in (" ", "  ", ". ", "-") or (between == ". " and len(before.written) > 2):
            return False
        if self._genitive(before) and not self._is_surname(token.lower):
            return False  # "Berits Alvedon": the name ends with the genitive
        if not token.capital:
            return token.lower.endswith("sson") and len(token.lower) > 6
        if self._is_surname(token.lower) or self._listed(token):
            return True
        if len(token.written) == 1:
            return between == " " and text[token.end : token.end + 1] in (".", " ", "")
        return not token.shouted and self._may_be_name(token)

    def _genitive(self, token: _Token) -> bool:
        first = self._words.first_names
        return token.lower not in first and _base(token.lower) in first

    def _label(self, text: str, tokens: Sequence[_Token], start: int, end: int) -> str:
        titles = self._words.colleague_titles
        before = [token.lower for token in tokens[max(0, start - 2) : start]]
        if before and before[-1] in titles:
            return "colleague"
        near = text[tokens[end - 1].end : tokens[end - 1].end + 40].lstrip(" ,(").lower()
        if near.startswith(self._words.colleague_after):
            return "colleague"
        if len(before) == 2 and before[0] in titles and before[1] in ("vår", "er", "som", "heter"):
            return "colleague"
        name = tokens[start]
        ahead = re.split(r"[.!?\n]", text[max(0, name.start - 30) : name.start])[-1].lower()
        return "colleague" if self._introduced.search(ahead) else "name"


def _same_label(text: str, spans: Sequence[PersonalDataSpan]) -> tuple[PersonalDataSpan, ...]:
    """Call a name a colleague's everywhere in a text that says so once."""
    colleagues = {_called(text, span) for span in spans if span.label == "colleague"}
    return tuple(
        replace(span, label="colleague") if _called(text, span) in colleagues else span
        for span in spans
    )


def _called(text: str, span: PersonalDataSpan) -> str:
    return _base(text[span.start : span.end].lower())


def _tokens(text: str, taken: Sequence[tuple[int, int]]) -> list[_Token]:
    tokens = []
    covered = Covered(len(text), taken)
    for found in _TOKEN.finditer(text):
        if covered.meets(*found.span()):
            continue
        before = text[max(0, found.start() - 6) : found.start()]
        tokens.append(
            _Token(
                found.start(),
                found.end(),
                found.group(),
                found.group().lower(),
                found.start() == 0 or bool(_SENTENCE_BREAK.search(before)),
            )
        )
    return tokens


def _base(lower: str) -> str:
    """The word without the s of the genitive."""
    for ending in ("'s", "’s", "´s", "s"):
        if lower.endswith(ending) and len(lower) > len(ending) + 2:
            return lower[: -len(ending)]
    return lower


def _without_dots(name: str) -> str:
    return name.translate(str.maketrans("åäöéèü", "aaoeeu"))


def load_name_finder(words: PersonWords) -> NameFinder:
    return NameFinder(words)
