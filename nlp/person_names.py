"""Names of people in a text, by lists of names and by the words around them."""

import re
from collections.abc import Sequence

import simplemma

from handlers.ports import PersonalDataSpan
from nlp.family_names import FamilyNames, is_sson
from nlp.name_labels import Labeller, with_same_label
from nlp.name_tokens import Token, age_follows, base, is_compound, lost_its_dots, tokens_of
from nlp.person_words import PersonWords

_GREETING = re.compile(
    r"(?:hälsning(?:ar|en)?|mvh|hälsar|vänlig(?:a|en|t)?|regards|sincerely|tack på förhand|"
    r"vh|/)[,.!\s]*$|(?:undertecknad|kram(?:ar)?)[,!\s]*(?:\.\s*\n\s*)?$",
    re.IGNORECASE,
)
# A last line of two or three words with capital letters, perhaps with a number or address below.
_SIGNATURE = re.compile(
    r"[A-ZÅÄÖ][a-zåäöé]+(?:[ -][A-ZÅÄÖ][a-zåäöéü]+){1,2}[,.]?"
    r"\s*(?:tel\.?|mobil)?[\s\d+-]{0,30}(?:\S+@\S+)?\s*",
)
_LONGEST_NAME = 3  # words
_LONGEST_FOREIGN = 9  # letters
_NO_PERSON_AFTER = frozenset({"lex", "sankt", "s:t", "kung", "kungen", "drottning", "prins"})
_MONTHS = frozenset({"may", "maj", "august", "june", "juni"})
_WORDS_FIRST = frozenset({"inga", "ben", "elva", "rosa", "dag", "ruta", "norma", "vida", "ramla"})
_OF_A_PERSON = frozenset({"fick", "får", "föll", "faller", "ligger", "låg", "satt", "sitter"})
# What is called by an unknown word and does something: "Provlarm fungerade".
_THINGS = (
    *("larm", "larmet", "pump", "pumpen", "skydd", "bil", "bilen", "ssk", "usk", "schema", "avd"),
    *("pat", "tub", "pennan", "enh"),
)
_ARTICLES = frozenset({"en", "ett"})


class NameFinder:
    def __init__(self, words: PersonWords) -> None:
        self._words = words
        self._families = FamilyNames(words)
        self._labeller = Labeller(words)
        self._folded_first = {_without_dots(name) for name in words.first_names if len(name) > 3}

    def spans(self, text: str, taken: Sequence[tuple[int, int]]) -> tuple[PersonalDataSpan, ...]:
        """Find names outside the ranges already taken by other personal data."""
        tokens = tokens_of(text, taken)
        found: list[PersonalDataSpan] = []
        position = 0
        while position < len(tokens):
            end = self._name_end(text, tokens, position)
            if end is None:
                position += 1
                continue
            label = self._labeller.label(text, tokens, position, end)
            start = tokens[position].start
            found.append(PersonalDataSpan(start=start, end=tokens[end - 1].end, label=label))
            position = end
        return with_same_label(text, found)

    def _name_end(self, text: str, tokens: Sequence[Token], position: int) -> int | None:
        """One past the last word of the name that begins here, or None."""
        if not self._begins_name(text, tokens, position):
            return None
        end = position + 1
        while end < len(tokens) and end - position < _LONGEST_NAME:
            if not self._continues_name(text, tokens, end):
                break
            end += 1
        return end

    def _begins_name(self, text: str, tokens: Sequence[Token], position: int) -> bool:
        token = tokens[position]
        before = tokens[position - 1].lower if position else ""
        if before in _NO_PERSON_AFTER:
            return False
        if token.initial:
            return self._families.follows_initial(text, tokens, position)
        if self._listed(token) or self._families.stands_alone(text, tokens, position):
            return True
        if not token.capital or len(token.lower) < 2:
            return False
        return (
            self._ambiguous(text, tokens, position)
            or self._by_context(text, tokens, position)
            or self._signs(text, token)
        )

    def _does(self, lower: str, following: Token) -> bool:
        if following.capital:
            return False
        if lower in _WORDS_FIRST:
            return self._suffers(following)  # "Inga missade doser", "Rosa tvättades"
        return self._words.is_verb(following.lower)

    def _signs(self, text: str, token: Token) -> bool:
        """Whether the word opens a last line that holds nothing but a name, or is the last word."""
        lower = token.lower
        if not token.first_in_sentence or token.shouted or lower in self._words.not_names:
            return False
        if lower in self._words.ambiguous_names and not text[token.end :].strip(" .!\n"):
            return True
        below = text[: token.start].endswith("\n")
        return below and bool(_SIGNATURE.fullmatch(text[token.start :]))

    def _listed(self, token: Token) -> bool:
        if self._is_first(token.lower):
            return True
        return (
            token.capital
            and token.lower not in self._words.not_names
            and (token.lower in self._folded_first or base(token.lower) in self._folded_first)
            and not token.shouted
        )

    def _is_first(self, lower: str) -> bool:
        first = self._words.first_names
        if lower in first or base(lower) in first:
            return True
        parts = re.split(r"[-]", base(lower))
        known = first | self._words.ambiguous_names
        return len(parts) == 2 and all(part in known for part in parts)

    def _ambiguous(self, text: str, tokens: Sequence[Token], position: int) -> bool:
        token = tokens[position]
        lower = token.lower if token.lower in self._words.ambiguous_names else base(token.lower)
        if lower not in self._words.ambiguous_names or token.shouted:
            return False
        following = tokens[position + 1] if position + 1 < len(tokens) else None
        if token.lower in self._words.not_names:  # months: "in May", but "May ramlade"
            joined = following is not None and text[token.end : following.start] == " "
            return joined and token.lower in _MONTHS and self._suffers(following)
        if age_follows(text, token):
            return True
        if following is not None and self._continues_name(text, tokens, position + 1):
            return True
        if not token.first_in_sentence:
            return True
        if following is None or not text[token.end : following.start].isspace():
            return False
        if following.lower in ("och", "o", "å", "&"):
            return self._in_company(tokens, position + 2)
        return self._does(lower, following)

    def _suffers(self, following: Token | None) -> bool:
        if following is None:
            return False
        return following.lower in self._words.person_verbs or following.lower in _OF_A_PERSON

    def _in_company(self, tokens: Sequence[Token], position: int) -> bool:
        """Whether a name stands here: "Liv och Love bråkade", not "Dag och natt"."""
        if position >= len(tokens) or not tokens[position].capital:
            return False
        other = tokens[position].lower
        return self._is_first(other) or other in self._words.ambiguous_names

    def _by_context(self, text: str, tokens: Sequence[Token], position: int) -> bool:
        token = tokens[position]
        if token.shouted or not self._may_be_name(token):
            return False
        if _GREETING.search(text[max(0, token.start - 40) : token.start]):
            return True
        before = tokens[position - 1] if position else None
        if before is None or "\n" in text[before.end : token.start]:
            return self._full_name(text, tokens, position) or self._acts(text, tokens, position)
        near = not re.search(r"[.!?;:\"]", text[before.end : token.start])
        if near and before.lower in self._words.relations | self._words.colleague_titles:
            return True
        if token.first_in_sentence:
            return self._full_name(text, tokens, position) or self._acts(text, tokens, position)
        if before.lower in self._words.place_words:
            return self._full_name(text, tokens, position)
        if before.lower in _ARTICLES and self._is_thing(token.lower):
            return False  # "ett Teamsmöte"
        return self._families.holds(token.lower) or self._foreign(token)

    def _acts(self, text: str, tokens: Sequence[Token], position: int) -> bool:
        """Whether an unknown word opens a sentence and does something: "Hilmer ramlade"."""
        if position + 1 >= len(tokens):
            return False
        token, following = tokens[position], tokens[position + 1]
        if following.capital or text[token.end : following.start] != " ":
            return False
        return (
            self._words.is_verb(following.lower)
            and self._foreign(token)
            and not self._is_thing(token.lower)
        )

    def _is_thing(self, lower: str) -> bool:
        """Whether a word that no list of names has is a compound, or has lost its dots."""
        if self._families.holds(lower):
            return False
        return is_compound(lower) or lost_its_dots(lower) or lower.endswith(_THINGS)

    def _foreign(self, token: Token) -> bool:
        """Whether the word is no word of Swedish, so that a capital letter marks a name."""
        forms = (token.lower, base(token.lower))
        if len(token.lower) > _LONGEST_FOREIGN:
            return False  # a compound that the dictionary does not know
        return not any(simplemma.is_known(form, lang="sv") for form in forms) and not any(
            "-" in form or form in self._words.not_names for form in forms
        )

    def _full_name(self, text: str, tokens: Sequence[Token], position: int) -> bool:
        """An unknown word with a capital letter and a surname after it."""
        following = position + 1
        return (
            following < len(tokens)
            and self._families.holds(tokens[following].lower)
            and self._continues_name(text, tokens, following)
        )

    def _may_be_name(self, token: Token) -> bool:
        titles = self._words.colleague_titles | self._words.relations
        if token.lower in self._words.not_names | titles or len(token.lower) < 2:
            return False
        if len(token.lower) < 3:
            return token.lower in self._words.surnames | self._words.ambiguous_names
        if self._families.holds(token.lower):
            return True
        return not token.lower.endswith(self._words.place_endings)

    def _continues_name(self, text: str, tokens: Sequence[Token], position: int) -> bool:
        token, before = tokens[position], tokens[position - 1]
        between = text[before.end : token.start]
        if between == ", " and self._families.holds(before.lower):
            return self._is_first(token.lower)  # "Svensson, Karin"
        if between not in (" ", "  ", ". ", "-", "."):
            return False
        if between.startswith(".") and not (
            before.initial or len(before.written) <= 2 < 1 + len(between)
        ):
            return False
        if self._genitive(before) and not self._families.holds(token.lower):
            return False  # "Berits Alvedon": the name ends with the genitive
        if not token.capital:
            return is_sson(token.lower) or (
                token.lower[-3:] not in ("ell", "ing")
                and self._families.holds(token.lower)
                and not simplemma.is_known(token.lower, lang="sv")
            )
        if self._families.holds(token.lower) or self._listed(token):
            return True
        if len(token.written) == 1:
            return between in (" ", ".") and not text[token.end : token.end + 1].isalnum()
        return not token.shouted and self._may_be_name(token)

    def _genitive(self, token: Token) -> bool:
        first = self._words.first_names
        return token.lower not in first and base(token.lower) in first


def _without_dots(name: str) -> str:
    return name.translate(str.maketrans("åäöéèü", "aaoeeu"))


def load_name_finder(words: PersonWords) -> NameFinder:
    return NameFinder(words)
