"""Rules that find possibly serious events in a text. They work without any model."""

import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from handlers.errors import ConfigurationFault
from nlp.clauses import Clauses, read_clauses
from nlp.readable import readable
from nlp.wordforms import MarkedText, PatternSet, WordIndex

DEFAULT_RULES = Path(__file__).resolve().parent / "serious_rules.toml"
FLAGS = frozenset({"medical_harm", "misconduct"})
RULE_IDS = frozenset(f"A{number}" for number in range(1, 14))

_NEAR = 6  # words between a hit and what speaks against it


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


class SeriousRules:
    def __init__(self, rules: Sequence[SeriousRule], index: WordIndex) -> None:
        self.rules = tuple(rules)
        self._index = index

    def findings(self, text: str) -> tuple[Finding, ...]:
        """Every rule that fires, in the order of the file; the same reason is given once."""
        reading = _read(text, self._index)
        found: dict[str, Finding] = {}
        for rule in self.rules:
            if rule.reason not in found and _fires(rule, reading):
                found[rule.reason] = Finding(
                    rule_id=rule.rule_id, flags=rule.flags, reason=rule.reason
                )
        return tuple(found.values())


@dataclass(frozen=True, slots=True)
class _Reading:
    clauses: Clauses
    marked: MarkedText


def _read(text: str, index: WordIndex) -> _Reading:
    clauses = read_clauses(readable(text).text)
    return _Reading(clauses, MarkedText(clauses.written, index, clauses.negations))


def _fires(rule: SeriousRule, reading: _Reading) -> bool:
    marked = reading.marked
    against = [place for place, _ in rule.unless_near.found(marked)]
    starts: list[list[int]] = []
    for group in rule.groups:
        hits = (hit for hit in group.found(marked) if _counts(hit, rule, reading, against))
        starts.append([start for start, _ in hits])
        if not starts[-1]:
            return False
    return any(
        all(_any_within(others, start, rule.span) for others in starts[1:]) for start in starts[0]
    ) and not rule.unless.found(marked)


def _counts(
    hit: tuple[int, int], rule: SeriousRule, reading: _Reading, against: Sequence[int]
) -> bool:
    if _any_within(against, hit[0], _NEAR):
        return False
    if rule.minds_history and reading.clauses.long_ago(hit):
        return False
    return not (rule.minds_negation and reading.clauses.denied(hit))


def _any_within(places: Sequence[int], place: int, reach: int) -> bool:
    """Whether one of the places, which are sorted, is that near."""
    first = bisect_left(places, place - reach)
    return first < len(places) and places[first] <= place + reach


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
