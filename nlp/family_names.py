"""Family names: by lists and endings, after an initial, and where one stands alone."""

from collections.abc import Sequence

import simplemma

from nlp.name_tokens import Token, age_follows, base
from nlp.person_words import PersonWords

_STYLES = frozenset({"fru", "herr", "fröken", "hr"})
# The dictionary knows some family names too; these endings make no everyday word of the lists.
_ONLY_OF_NAMES = ("gren", "qvist", "kvist", "stedt", "dahl", "lund", "holm", "ström", "berg", "man")
_BETWEEN_INITIALS = 5  # characters at most from the first letter to the name


class FamilyNames:
    def __init__(self, words: PersonWords) -> None:
        self._words = words

    def holds(self, lower: str) -> bool:
        """Whether a word is listed as a family name or ends as one."""
        if lower in self._words.not_names:
            return False
        if self._listed(lower):
            return True
        return any(
            len(form) > len(ending) + 2 and form.endswith(ending)
            for form in (lower, base(lower))
            for ending in self._words.surname_endings
        )

    def follows_initial(self, text: str, tokens: Sequence[Token], position: int) -> bool:
        """Whether a letter stands for the first name: "K. Andersson", "Pat R Sjögren"."""
        token = tokens[position]
        before = tokens[position - 1].lower if position else ""
        following = position + 1
        if following < len(tokens) and tokens[following].initial:
            following += 1
        if following >= len(tokens) or before in self._words.place_words:
            return False
        name = tokens[following]
        between = text[token.end : name.start]
        if not between.startswith(".") and token.lower in "iåa":
            return False  # "I Lund", "Å Berg"
        near = len(between) <= _BETWEEN_INITIALS and "\n" not in between
        joined = not between.translate(_JOINTS).strip(tokens[position + 1].written)
        return near and joined and name.capital and self.holds(name.lower)

    def stands_alone(self, text: str, tokens: Sequence[Token], position: int) -> bool:
        """Whether a family name begins here: "svensson ramlade", "fru ek", "Ek, Karin"."""
        token = tokens[position]
        if is_sson(token.lower):
            return not text.startswith(" frestelse", token.end)
        before = tokens[position - 1] if position else None
        if before is not None and before.lower in _STYLES and self._listed(token.lower):
            return text[before.end : token.start] == " "
        following = tokens[position + 1] if position + 1 < len(tokens) else None
        if following is not None and is_sson(following.lower):
            return token.lower in self._words.ambiguous_names  # "inga gustafsson"
        if not token.capital or token.shouted or not self.holds(token.lower):
            return False
        return age_follows(text, token) or self._opens(text, token, following)

    def _opens(self, text: str, token: Token, following: Token | None) -> bool:
        """Whether a first name or a verb comes after: "Ek, Karin", "Lindgren fick"."""
        if following is None:
            return False
        between = text[token.end : following.start]
        first = following.lower in self._words.first_names | self._words.ambiguous_names
        if following.capital and first:  # not "Ring Berit"
            return between == ", " or (between == " " and not self._is_word(token.lower))
        if not token.first_in_sentence or between != " " or following.capital:
            return False
        if self._is_word(token.lower):
            return following.lower in self._words.person_verbs  # "Ek ramlade", "Gren föll"
        return self._words.is_verb(following.lower)

    def _is_word(self, lower: str) -> bool:
        return simplemma.is_known(lower, lang="sv") and not (
            lower in self._words.surnames and lower.endswith(_ONLY_OF_NAMES) and len(lower) > 5
        )

    def _listed(self, lower: str) -> bool:
        return bool({lower, base(lower)} & self._words.surnames) or is_sson(lower)


_JOINTS = str.maketrans("", "", " .")


def is_sson(lower: str) -> bool:
    """Whether a word can be nothing but a family name, in whatever letters it is written."""
    return len(lower) > 5 and base(lower).endswith("sson") and base(lower) != "lesson"
