"""Whose name it is: a colleague's, or that of a resident, a relative or somebody else."""

import re
from collections.abc import Sequence
from dataclasses import replace

from handlers.ports import PersonalDataSpan
from nlp.name_tokens import Token, base
from nlp.person_words import PersonWords

_WORD_AFTER = re.compile(r"\W{0,3}(\w{1,30})")
_TITLE_AFTER = re.compile(r"\s?[,(]\s?(?:(?:vår|er|min|en|ordinarie|som är)\s)?([\w-]{2,30})")
_THANKED = re.compile(r"(?:^|\W)(?:tack|hej|hejsan),?\s+$")
_SPOKEN_TO = re.compile(r"\b(?:sa|sa det|säger|sade)\still\s+$")
_COUPLE = re.compile(
    r"\s(?:är|var|har\svarit|blev)\s(?:gifta|sambor|syskon|systrar|bröder|skilda|förlovade|ett\spar|"
    r"tillsammans)|\s(?:har\sbarn|träffades|gifte|skildes|bor\skvar)\b"
)
_MET = re.compile(r"\s(?:tog|tar)\semot\s(\w{1,30})")
# "Hemtjänst Astrid fick vänta": the service is named for whoever has it.
_SERVICES = frozenset(
    {"hemtjänst", "hemtjänsten", "hemsjukvården", "hemsjukvård", "boendestöd", "boendestödet"}
    | {"nattpatrullen", "rehab"}
)
_RECEIVES = re.compile(
    r"\s(?:fick|får|har\sinte\sfått|väntar|väntade|saknar|behöver|föll|ramlade|mår|är\sutan)\b"
)
# Words that name no relation although a private person's name follows them.
_NO_KIN = frozenset(
    {"hos", "heter", "hette", "kallas", "namn", "namnet", "named", "syster", "systern", "boende"}
)


class Labeller:
    def __init__(self, words: PersonWords) -> None:
        self._words = words
        self._kin = words.relations - _NO_KIN
        before = "|".join(re.escape(word) for word in words.colleague_before)
        self._introduced = re.compile(rf"(?:^|\W)(?:{before}),?\s+$")

    def label(self, text: str, tokens: Sequence[Token], start: int, end: int) -> str:
        """Return colleague or name for the name in tokens[start:end]."""
        titles = self._words.colleague_titles
        before = [token.lower for token in tokens[max(0, start - 2) : start]]
        after = text[tokens[end - 1].end : tokens[end - 1].end + 40].lower()
        if before and before[-1] in self._kin:
            return "name"  # "sonen Per, som jobbar natt"
        if before and before[-1] in titles:
            served = before[-1] in _SERVICES and _RECEIVES.match(after)
            return "name" if served else "colleague"
        if self._works(after):
            return "colleague"
        if len(before) == 2 and before[0] in titles and before[1] in ("vår", "er", "som", "heter"):
            return "colleague"
        return self._by_introduction(
            text[max(0, tokens[start].start - 40) : tokens[start].start], after
        )

    def _works(self, after: str) -> bool:
        met = _MET.match(after)
        if met and met[1] in self._words.colleague_titles:
            return False  # "Astrid tog emot personalen"
        if after.lstrip(" ,(").startswith(self._words.colleague_after):
            return True
        title = _TITLE_AFTER.match(after)
        return title is not None and title[1] in self._words.colleague_titles

    def _by_introduction(self, before: str, after: str) -> str:
        ahead = re.split(r"[.!?\n]", before)[-1].lower()
        if not self._introduced.search(ahead[-30:]):
            return "name"
        following = _WORD_AFTER.match(after)
        if _THANKED.search(ahead) and following and self._words.is_verb(following[1]):
            return "name"  # "Tack, Birgit mår bättre nu"
        spoken = _SPOKEN_TO.search(ahead)
        if spoken and set(ahead[: spoken.start()].split()[-3:]) & self._words.colleague_titles:
            return "name"  # "sköterskan sa till Birgit"
        if _COUPLE.match(after):
            return "name"  # "jag och Birgit är gifta"
        return "colleague"


def with_same_label(text: str, spans: Sequence[PersonalDataSpan]) -> tuple[PersonalDataSpan, ...]:
    """Call a name a colleague's everywhere in a text that says so once."""
    colleagues = {_called(text, span) for span in spans if span.label == "colleague"}
    return tuple(
        replace(span, label="colleague") if _called(text, span) in colleagues else span
        for span in spans
    )


def _called(text: str, span: PersonalDataSpan) -> str:
    return base(text[span.start : span.end].lower())
