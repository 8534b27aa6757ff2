"""The fallback when no model is installed: categories by keyword, kinds by a few plain signs."""

import math
import re
from collections.abc import Sequence

from handlers.domain.category import FALLBACK_CATEGORY, Category, Taxonomy
from handlers.ports import CategorySuggestion
from nlp.text import words

SUGGESTIONS = 5
_KIND_SIGNS = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("irrelevant", r"unsubscribe|avregistrera|nyhetsbrev|erbjudande|jobbansökan"),
        ("praise", r"\b(?:stort )?tack (?:till|för)\b|\bberöm|fantastisk|thank you"),
        ("suggestion", r"\bförslag\b|\bföreslår\b|kunde (?:man|ni) inte|vore bra om"),
        ("complaint", r"klag|missnöjd|besviken|\bmin (?:mamma|pappa|mor|far|make|man|fru)\b"),
        ("risk", r"\brisk(?:en)? för\b|\btillbud\b|kunde ha"),
    )
)


class KeywordClassifier:
    def __init__(self, taxonomy: Taxonomy) -> None:
        self._categories = [c for c in taxonomy.offered if c.code != FALLBACK_CATEGORY]

    def suggestions(self, text: str) -> tuple[CategorySuggestion, ...]:
        """Best first; the more keywords the surer, but never above one half for one alone."""
        found = words(text)
        scores = [_score(category, text.lower(), found) for category in self._categories]
        raised = [math.exp(score) for score in scores]
        ranked = sorted(
            zip(self._categories, raised, strict=True), key=lambda pair: pair[1], reverse=True
        )
        return tuple(
            CategorySuggestion(category=category.code, probability=weight / sum(raised))
            for category, weight in ranked[:SUGGESTIONS]
        )

    def kind(self, text: str) -> str:
        return next((kind for kind, sign in _KIND_SIGNS if sign.search(text)), "deviation")


def _score(category: Category, lowered: str, found: Sequence[str]) -> float:
    hits = 0
    for keyword in category.keywords:
        if keyword.startswith("="):
            hits += keyword[1:] in found
        elif " " in keyword:
            hits += keyword in lowered
        else:
            hits += any(word.startswith(keyword) for word in found)
    return 1.5 * hits


def keyword_areas(category: str, text: str) -> tuple[str, ...]:
    """Guess the acts that a text falls under from its category and a few words."""
    lowered = text.lower()
    areas = []
    if category in ("medication", "treatment", "fall", "equipment", "care_transition") or (
        "sjuksköt" in lowered or "ssk" in lowered
    ):
        areas.append("HSL")
    if re.search(r"\blss\b|gruppbostad|servicebostad|assistans|daglig verksamhet", lowered):
        areas.append("LSS")
    elif not areas or category in ("fall", "equipment"):
        areas.append("SoL")
    return tuple(areas)
