"""A text cut into clauses: which words a "not" and an old date reach.

A "not" reaches a word of its own clause that no other verb takes it from: "ingen fraktur" is
denied, "ingen märkte frakturen" and "hon ville inte äta så de höll fast henne" are not. An old date
reaches its own part of the sentence, and only what no newer time stands nearer to.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nlp.wordforms import simplified


def _set(*words: str) -> frozenset[str]:
    return frozenset(simplified(word) for line in words for word in line.split())


def _stems(words: str) -> re.Pattern[str]:
    return re.compile("|".join(simplified(word) for word in words.split()))


# Like nlp.text.WORD, but a full stop without a space after it ends a sentence all the same.
_WORD = re.compile(r"\d+(?:[.:,]\d+)+|[^\W_]+(?:[:'’´-][^\W_]+)*")
# The end of a line that was long enough to be wrapped is no end of a sentence.
_SENTENCE_END = re.compile(r"[.!?;…]|(?<![^\n]{50})\n|\n\s*(?:\n|[-*•\d])")
_COMMA = re.compile(r"[,()\"”»]|\s[-–—]\s|\s/\s")

_BEGINS_CLAUSE = _set(
    "men fast fastän när då innan efter trots medan eftersom tills förrän samt därför varpå",
    "varför vilket but so that when because after before until while who which despite although",
)
_IN_LIST = _set("eller or")  # "inga sår, blödningar eller frakturer"
_AND = _set("och o å and plus")
_SUBJECTS = _set("hon han de dom jag vi ni personalen")
_NOT = _set(
    "inte ine inet itne int inge ej icke aldrig knappast not never nekar nekade förnekar förnekade"
)
_NO = _set("ingen inga inget ingenting varken no nor neither without utan")
_NEGATION = _NOT | _NO
_REACH = 5  # words from a "not" to what it denies
_REACH_NO = 4
# "inte bara", "inte ens försiktigt": nothing is denied.
_NO_DENIAL_AFTER = _set("bara enbart endast ens minst första nog mindre alltid only just even")
_BESIDE = 3  # words that an old date reaches where a newer time stands in the same part
_OPENING = 2  # words before a date that opens a sentence
_SMALL = _set("ju väl dock sig did")
_THINKS = _stems("påstår tror tycker anser bedöm misstänk tyd verkar think believe suspect")
_WHO_THINKS = _set(
    "jag vi man läkare läkaren doktorn doktor sköterskan ssk sjuksköterskan sjuksköterska i we",
    "inget ingenting inte",
)
# Verbs that take a "not" to themselves, and those that pass it on to what follows.
_OWN_VERB = _stems(
    "rapporter anmäl märk upptäck kontakt inform berätt sade sagt säg$ säga veta$ visst vet$ vetat"
    " duscha äta$ ätit gå$ gick$ gått kom$ komma$ kommit svar lägg lagt omlagd åtgärd dokument"
    " skriv skrev våga hjälp titta kolla lyssn prata pratat stoppa hindra ingrip ingrep uppmärk"
    " behandla utred följ reag bry brydd se$ såg$ anal vill ville vila sov sova stå stod ligga tog"
    " ta$ höra hörde förstå förstod lämna lät svara lita trodde tro$ tror orka hinner hunnit"
    " gett ger$ gav$ ge$ ville velat resa tänk räck report notic tell told call know knew see saw"
    " help want come came answer check"
)
_PAST = re.compile(r"(?:ade|ades|erat|erats|erade|ldes|ndes|gdes|kte|ktes)$")
_PASSES_ON = _stems(
    "var$ vara är har$ hade haft ha$ blev bli fick fat får få$ kun kan ska skul måst behöv kräv åk"
    " kör skick ring kal tilkal visa hita orsak ledd let$ medför lid drabba fins fan$ varit use"
    " försök råka ådra tyd misstänk uppg"
)
_VERB = re.compile(
    r"(?:[^s]ade|ades|lde|nde|gde|vde|rde|kte|pte|ste|dde)$|^(?:slog|slår|fol|faler|brot|bryter|bet"
    r"|biter|avled|dog|dor|bran|briner|brast|forsvan|stal|stjal|drog|tog|sprak|skar|nop|stak|rev"
    r"|hog|hol|kvavdes|fel|fastnade|satt?|hit|died|broke|trilar|ramlar|halkar|skadar|knufar)$"
)
_CONFIRMS = _stems(
    "påvis konstater missänk misstänk misstank syns sågs ses$ sed finns fanns förekom förelig"
    " inträff hänt händ aktuel uppstå uppstod uppkom behöv kräv bekräft verifier trolig found seen"
    " confirm suspect"
)
_RULED_OUT = _stems("uteslut ruled")
_RULED_OUT_REACH = 3
_SUPINE = re.compile(r"(?:at|it|ut|lt|rt|kt|gt|vt|nt)$")

_TO_LAST = r"(?:förra|förrförra)\s+(?:året|sommaren|hösten|vintern|våren|julen)"
_LONG_AGO = re.compile(
    r"\bför\s+(?:\w+\s+){0,3}(?:år|månader)\s+se(?:da)?n\b|\bi\s+fjol\b|\byears?\s+ago\b"
    rf"|\b{_TO_LAST}\b|\b(?:år|hösten|våren|sommaren|vintern|sedan|sen)\s+(?:19|20)\d\d\b"
    r"|\bi\s+(?:\w+\s+)?barndom(?:en)?\b|\b(?<!född )(?<!född år )(?<!f )19[6-9]\d\b"
    r"|\bsom\s+(?:ung|barn)\b|\bnär\s+(?:hon|han|jag)\s+var\s+(?:ung|barn|liten)\b"
    r"|(?P<known>\bsedan\s+tidigare\b|\bi\s+anamnesen\b)",
    re.IGNORECASE,
)
_ALIKE = re.compile(r"\b(?:liksom|precis\s+som|samma\s+som|som)\s*$", re.IGNORECASE)
_RECENT = re.compile(
    r"\b(?:i\s?(?:går|dag|natt|morse|morgon|kväll|förrgår|veckan|eftermiddags|kväll)"
    r"|i\s+(?:mån|tis|ons|tors|fre|lör|sön)dags|nu|nyss|nyligen|igen|återigen|på\s+nytt"
    r"|ännu\s+en\s+gång|de(?:nna|n\s+här)\s+gång(?:en)?|today|yesterday|now|again|tonight)\b",
    re.IGNORECASE,
)
# What happened long ago is told because nobody has dealt with it.
_STILL_OPEN = re.compile(
    r"\bförst\s+nu\b|\b(?:ingen|inte|aldrig|ej)\s+(?:\w+\s+){0,2}(?:utre[td]|anmäl|rapportera|"
    r"åtgärda|uppklara|fått\s+(?:\w+\s+)?(?:svar|förklaring|veta))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clauses:
    """The words of a text, each with the number of its clause, part and sentence."""

    written: tuple[str, ...]
    words: tuple[str, ...]  # simplified
    clauses: tuple[int, ...]  # what a "not" reaches
    parts: tuple[int, ...]  # what an old date reaches: between commas and "och"
    sentences: tuple[int, ...]
    negations: frozenset[int]  # words
    asked: frozenset[int]  # words after which a question mark or a colon stands
    old: tuple[tuple[int, int, bool], ...]  # first and last word; whether only "sedan tidigare"
    recent: tuple[int, ...]  # words

    def denied(self, hit: tuple[int, int]) -> bool:
        """Whether the text says that this was not so."""
        start, end = hit
        if _NEGATION.intersection(self.words[start:end]):
            return False  # the pattern itself says "inte"
        return self._denied_before(start) or self._denied_after(start, end)

    def _denied_before(self, start: int) -> bool:
        for place in range(start - 1, max(-1, start - 1 - _REACH), -1):
            if self.clauses[place] != self.clauses[start]:
                return False
            word, between = self.words[place], self.words[place + 1 : start]
            if _RULED_OUT.match(word):
                return not _NEGATION.intersection(self.words[max(0, place - 3) : place])
            if word in _NEGATION:
                near = len(between) < (_REACH_NO if word in _NO else _REACH)
                return (
                    near
                    and not any(map(_takes_denial, between))
                    and not (between and between[0] in _NO_DENIAL_AFTER)
                )
        return False

    def _denied_after(self, start: int, end: int) -> bool:
        after = self._same_clause(end)
        if end < len(self.words) and end - 1 in self.asked and self.words[end] in ("nej", "no"):
            return True
        for distance, word in enumerate(after[:_RULED_OUT_REACH]):
            if _RULED_OUT.match(word):
                return not _NEGATION.intersection(after[:distance])
        for distance, word in enumerate(after[:2]):
            if word in _NOT or (word == "inget" and not distance):
                following = after[distance + 1 : distance + 2]
                if _NO_DENIAL_AFTER.intersection(following):
                    return False
                confirmed = any(map(_CONFIRMS.match, (*after[:distance], *following)))
                next_to = not distance or after[0] in _SMALL
                return confirmed or (next_to and _is_verb(self.words[start:end]))
        return False

    def _same_clause(self, place: int) -> tuple[str, ...]:
        return tuple(
            self.words[n]
            for n in range(place, min(place + 4, len(self.words)))
            if self.clauses[n] == self.clauses[place - 1]
        )

    def long_ago(self, hit: tuple[int, int]) -> bool:
        """Whether the text says that this happened long ago."""
        if not self.old:
            return False
        place, part = hit[0], self.parts[hit[0]]
        after = bisect_left(self.recent, place)
        beside = self.recent[max(0, after - 1) : after + 1]
        recent = [n for n in beside if self.parts[n] == part]
        newest = min((_apart(n, n, hit) for n in recent), default=None)
        later = bisect_left(self.old, (place, 0, False))
        for first, last, _ in self.old[max(0, later - 1) : later + 1]:
            if self.parts[first] == part:
                near = _apart(first, last, hit)
                if newest is None or (near < newest and near <= _BESIDE):
                    return True
        return newest is None and self._goes_on(place)

    def _goes_on(self, place: int) -> bool:
        """Whether a date opens the sentence and no newer time stands before the hit."""
        begins = bisect_left(self.sentences, self.sentences[place])
        opening = bisect_left(self.old, (begins, 0, False))
        for first, last, is_known in self.old[opening : opening + 2]:
            if begins <= first <= begins + _OPENING and last < place and not is_known:
                return bisect_left(self.recent, first) == bisect_left(self.recent, place)
        return False


def _apart(first: int, last: int, hit: tuple[int, int]) -> int:
    return max(first - hit[1] + 1, hit[0] - last, 0)


def _takes_denial(word: str) -> bool:
    return not _PASSES_ON.match(word) and bool(_OWN_VERB.match(word) or _PAST.search(word))


def _is_verb(words: Sequence[str]) -> bool:
    return any(_VERB.search(word) for word in (words[0], words[-1]))


def read_clauses(text: str) -> Clauses:
    """Take a readable text."""
    found = list(_WORD.finditer(text))
    starts = [word.start() for word in found]
    gaps = [text[one.end() : other.start()] for one, other in pairwise(found)]
    written = tuple(word.group() for word in found)
    words = tuple(map(simplified, written))
    ends = {
        n + 1
        for n, (one, other) in enumerate(pairwise(found))
        if _SENTENCE_END.search(text, one.end(), other.start())  # sees how long the line was
    }
    commas = {n + 1 for n, gap in enumerate(gaps) if _COMMA.search(gap)}
    ands = {n for n in range(len(words)) if words[n] in _AND and _opens_clause(words, n)}
    insteads = {n + 1 for n in _places(words, "utan") if _is_instead(words, n)}
    return Clauses(
        written=written,
        words=words,
        clauses=_numbered(len(words), ends | ands | insteads | set(_cuts(words, commas))),
        parts=_numbered(len(words), ends | commas | ands | _places(words, "men")),
        sentences=_numbered(len(words), ends | _places(words, "men")),
        negations=frozenset(n for n, word in enumerate(words) if word in _NEGATION),
        asked=frozenset(n for n, gap in enumerate(gaps) if "?" in gap or ":" in gap),
        old=tuple(_old(text, starts)),
        recent=tuple(bisect_left(starts, time.start()) for time in _RECENT.finditer(text)),
    )


def _numbered(length: int, begins: Iterable[int]) -> tuple[int, ...]:
    wanted = set(begins)
    number, numbers = 0, []
    for place in range(length):
        number += place in wanted
        numbers.append(number)
    return tuple(numbers)


def _places(words: Sequence[str], wanted: str) -> set[int]:
    return {place for place, word in enumerate(words) if word == wanted}


def _cuts(words: Sequence[str], commas: set[int]) -> Iterator[int]:
    for place, word in enumerate(words):
        before = words[place - 1] if place else ""
        if place in commas and not _IN_LIST.intersection(words[place : place + 4]):
            yield place
        elif word == "at":
            if before != "utan" and not _is_thought(words[max(0, place - 4) : place]):
                yield place
        elif word in ("som", "sa"):
            if before not in _NEGATION:  # "ingen som slog", "inte så"
                yield place
        elif word in _BEGINS_CLAUSE:
            yield place


def _is_thought(before: Sequence[str]) -> bool:
    """Whether "jag tror inte" or "inget tyder på" stands before an "att"."""
    return any(map(_THINKS.match, before)) and not _WHO_THINKS.isdisjoint(before)


def _is_instead(words: Sequence[str], place: int) -> bool:
    """Whether "utan" answers an "inte": "hon föll inte utan blev knuffad"."""
    answers = not _NOT.isdisjoint(words[max(0, place - 6) : place])
    return answers or not _SUBJECTS.isdisjoint(words[place + 1 : place + 2])


def _opens_clause(words: Sequence[str], place: int) -> bool:
    following = words[place + 1] if place + 1 < len(words) else ""
    return not _SUPINE.search(following)


def _old(text: str, starts: Sequence[int]) -> Iterator[tuple[int, int, bool]]:
    if not starts or _STILL_OPEN.search(text):
        return
    for found in _LONG_AGO.finditer(text):
        if _ALIKE.search(text, max(0, found.start() - 20), found.start()):
            continue
        first = bisect_left(starts, found.start())
        yield first, bisect_left(starts, found.end()) - 1, found["known"] is not None
