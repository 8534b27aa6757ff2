"""Rules that find possibly serious events in a text. They work without any model."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from handlers.errors import ConfigurationFault
from nlp.readable import readable
from nlp.text import WORD
from nlp.wordforms import MarkedText, PatternSet, WordIndex, simplified

DEFAULT_RULES = Path(__file__).resolve().parent / "serious_rules.toml"
FLAGS = frozenset({"medical_harm", "misconduct"})
RULE_IDS = frozenset(f"A{number}" for number in range(1, 14))

_CLAUSE_END = re.compile(r"[.!?;\n]|,\s+(?:men|och|så)\b|\bmen\b", re.IGNORECASE)
_NEGATION = frozenset(
    simplified(word)
    for word in (
        *("inte", "int", "ej", "icke", "ingen", "inga", "inget", "inge", "ingenting", "aldrig"),
        *("utan", "nekar", "förnekar", "utesluten", "uteslutet", "uteslöts"),
        *("no", "not", "never", "without"),
    )
)
_NEGATION_BEFORE, _NEGATION_AFTER = 4, 2  # words
_NEAR = 6  # words between a hit and what speaks against it
_LONG_AGO = re.compile(
    r"\bför\s+(?:\w+\s+){0,3}(?:år|månader)\s+se(?:da)?n\b|\bförra\s+(?:året|sommaren|hösten|"
    r"vintern|våren|julen)\b|\bi\s+fjol\b|\b(?:år|hösten|våren|sommaren|vintern|sedan|sen)\s+"
    r"(?:19|20)\d\d\b|\bsedan\s+tidigare\b|\bi\s+anamnesen\b|\bsom\s+(?:ung|barn)\b|\byears?\s+ago\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    rule_id: str  # A1 to A13 of the alert list
    flags: frozenset[str]
    reason: str  # plain Swedish, without a word of the text


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriousRule:
    """Fires when every group stands within `span` words and nothing speaks against it."""

    rule_id: str
    flags: frozenset[str]
    reason: str
    groups: tuple[PatternSet, ...]
    span: int
    unless: PatternSet
    unless_near: PatternSet
    minds_negation: bool
    minds_history: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """A text as words with, for each, the number of its clause and whether it is long ago."""

    words: tuple[str, ...]
    marked: MarkedText
    clauses: tuple[int, ...]
    long_ago: tuple[bool, ...]


class SeriousRules:
    def __init__(self, rules: Sequence[SeriousRule], index: WordIndex) -> None:
        self.rules = tuple(rules)
        self._index = index

    def findings(self, text: str) -> tuple[Finding, ...]:
        """Every rule that fires, in the order of the file; the same reason is given once."""
        reading = _read(readable(text).text, self._index)
        found: dict[str, Finding] = {}
        for rule in self.rules:
            if rule.reason not in found and _fires(rule, reading):
                found[rule.reason] = Finding(
                    rule_id=rule.rule_id, flags=rule.flags, reason=rule.reason
                )
        return tuple(found.values())


def _read(text: str, index: WordIndex) -> _Reading:
    ends = [end.end() for end in _CLAUSE_END.finditer(text)]
    past = [match.span() for match in _LONG_AGO.finditer(text)]
    words, clauses = [], []
    written = []
    clause = 0
    for word in WORD.finditer(text):
        while clause < len(ends) and ends[clause] <= word.start():
            clause += 1
        written.append(word.group())
        words.append(simplified(word.group()))
        clauses.append(clause)
    old = {sum(end <= start for end in ends) for start, _ in past}
    return _Reading(
        words=tuple(words),
        marked=MarkedText(written, index),
        clauses=tuple(clauses),
        long_ago=tuple(clause in old for clause in clauses),
    )


def _fires(rule: SeriousRule, reading: _Reading) -> bool:
    hits = [_valid_hits(rule, group, reading) for group in rule.groups]
    if not all(hits):
        return False
    return any(_all_near(start, hits, rule.span) for start, _ in hits[0]) and not (
        rule.unless.found(reading.marked)
    )


def _valid_hits(rule: SeriousRule, group: PatternSet, reading: _Reading) -> list[tuple[int, int]]:
    hits = group.found(reading.marked)
    if rule.minds_history:
        hits = [hit for hit in hits if not reading.long_ago[hit[0]]]
    if rule.minds_negation:
        hits = [hit for hit in hits if not _negated(hit, reading)]
    against = rule.unless_near.found(reading.marked)
    return [hit for hit in hits if not any(abs(hit[0] - place) <= _NEAR for place, _ in against)]


def _negated(hit: tuple[int, int], reading: _Reading) -> bool:
    start, end = hit
    if any(word in _NEGATION for word in reading.words[start:end]):
        return False  # the pattern itself says "inte"
    around = (*range(start - _NEGATION_BEFORE, start), *range(end, end + _NEGATION_AFTER))
    return any(
        0 <= place < len(reading.words)
        and reading.clauses[place] == reading.clauses[start]
        and reading.words[place] in _NEGATION
        for place in around
    )


def _all_near(start: int, hits: Sequence[Sequence[tuple[int, int]]], span: int) -> bool:
    return all(any(abs(other - start) <= span for other, _ in group) for group in hits)


def load_serious_rules(path: Path = DEFAULT_RULES) -> SeriousRules:
    """Raise ConfigurationFault that names file and rule when the rules cannot be used."""
    return load_rules(path, RULE_IDS, needs_reason=True)


def load_rules(path: Path, ids: frozenset[str], *, needs_reason: bool = False) -> SeriousRules:
    """Return the rules of a file in this format; only these ids may stand in it."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as fault:
        raise ConfigurationFault(f"{path}: {fault}") from fault
    sources = _Sources(
        words=document.get("words", {}), index=WordIndex(), ids=ids, needs_reason=needs_reason
    )
    rules = [
        _rule(block, sources, f"{path.name}: rule {number}")
        for number, block in enumerate(document.get("rule", []), start=1)
    ]
    return SeriousRules(rules, sources.index)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sources:
    words: dict[str, list[str]]  # the [words] table: named lists of patterns
    index: WordIndex
    ids: frozenset[str]  # that a rule may have
    needs_reason: bool


def _rule(block: dict[str, object], sources: _Sources, item: str) -> SeriousRule:
    rule_id = str(block.get("id", ""))
    reason = block.get("reason", None if sources.needs_reason else rule_id)
    flags = frozenset(str(flag) for flag in _list(block, "flags", item))
    if rule_id not in sources.ids:
        raise ConfigurationFault(f"{item}: id must be one of {', '.join(sorted(sources.ids))}")
    if not isinstance(reason, str) or not flags <= FLAGS:
        raise ConfigurationFault(f"{item} ({rule_id}): needs a reason and known flags")
    groups = [_patterns(group, sources, item) for group in _list(block, "groups", item)]
    span = block.get("span", 25)
    if not groups or not isinstance(span, int):
        raise ConfigurationFault(f"{item} ({rule_id}): needs groups and a whole number as span")
    return SeriousRule(
        rule_id=rule_id,
        flags=flags,
        reason=reason,
        groups=tuple(groups),
        span=span,
        unless=_patterns(block.get("unless", []), sources, item),
        unless_near=_patterns(block.get("unless_near", []), sources, item),
        minds_negation=block.get("minds_negation", True) is True,
        minds_history=block.get("minds_history", True) is True,
    )


def _patterns(group: object, sources: _Sources, item: str) -> PatternSet:
    """A group lists patterns; "@name" brings in a list of the [words] table."""
    if not isinstance(group, list):
        raise ConfigurationFault(f"{item}: a group must be a list of words")
    return PatternSet(sources.index.pattern(one) for one in _written(group, sources.words, item))


def _written(group: list[str], words: dict[str, list[str]], item: str) -> Iterator[str]:
    for entry in group:
        if not entry.startswith("@"):
            yield entry
        elif entry[1:] in words:
            yield from _written(words[entry[1:]], words, item)
        else:
            raise ConfigurationFault(f"{item}: {entry} is not in [words]")


def _list(block: dict[str, object], key: str, item: str) -> list[object]:
    value = block.get(key, [])
    if not isinstance(value, list):
        raise ConfigurationFault(f"{item}: {key} must be a list")
    return value
