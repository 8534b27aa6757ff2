"""How well an analyst does on labelled texts, as plain figures. Printing them is done elsewhere."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from handlers.domain.category import FALLBACK_CATEGORY
from handlers.ports import TextAnalysis, TextAnalyst
from nlp import calibration
from nlp.corpus_file import CATEGORY, FULLY, LEGAL_AREAS, CorpusText

Stopwatch = Callable[[], float]  # seconds that only grow
Figures = dict[str, float]
BOOTSTRAPS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A labelled text with what the analyst made of it."""

    text: CorpusText
    analysis: TextAnalysis
    seconds: float

    @property
    def guess(self) -> str:
        return self.analysis.suggestions[0].category

    @property
    def alarmed(self) -> bool:
        return self.analysis.possible_medical_harm or self.analysis.possible_misconduct


def judge(
    analyst: TextAnalyst, texts: Sequence[CorpusText], stopwatch: Stopwatch
) -> tuple[Judged, ...]:
    judged = []
    for text in texts:
        start = stopwatch()
        analysis = analyst.analyse(text.text, subject=text.subject)
        judged.append(Judged(text=text, analysis=analysis, seconds=stopwatch() - start))
    return tuple(judged)


def has_category(text: CorpusText) -> bool:
    """Whether the category of a text counts: `other` is never chosen, spam has none."""
    counts = CATEGORY in text.judged and text.kind != "irrelevant"
    return counts and text.category not in (None, FALLBACK_CATEGORY)


def measured(judged: Sequence[Judged]) -> dict[str, object]:
    """All figures of one model on one set of texts; keys are stable for --json."""
    with_category = [one for one in judged if has_category(one.text)]
    fully = [one for one in judged if one.text.judged == FULLY]
    return {
        "texts": len(judged),
        "category": category_figures(with_category),
        "per_class": per_class([(str(one.text.category), one.guess) for one in with_category]),
        "confusions": confusions(with_category),
        "kind": kind_figures(fully),
        "serious": serious_figures(fully),
        "legal_areas": area_figures([one for one in fully if one.text.areas]),
        "personal_data": personal_data_figures(fully),
        "slices": slices(with_category),
        "milliseconds_p50": round(1000 * float(np.median([one.seconds for one in judged])), 2),
    }


def category_figures(judged: Sequence[Judged]) -> Figures:
    pairs = [(str(one.text.category), one.guess) for one in judged]
    right = [truth == guess for truth, guess in pairs]
    low, high = macro_f1_interval(pairs)
    sure = [hit for hit, one in zip(right, judged, strict=True) if one.analysis.certain]
    tops = [one.analysis.suggestions[0].probability for one in judged]
    return _rounded(
        macro_f1=macro_f1(pairs),
        macro_f1_low=low,
        macro_f1_high=high,
        accuracy=_share(right),
        top3=_share([_among_first(one, 3) for one in judged]),
        calibration_error=calibration.expected_calibration_error(tops, right),
        certain_share=len(sure) / max(1, len(judged)),
        certain_accuracy=_share(sure),
    )


def _among_first(one: Judged, count: int) -> bool:
    first = one.analysis.suggestions[:count]
    return one.text.category in {suggestion.category for suggestion in first}


def per_class(pairs: Sequence[tuple[str, str]]) -> dict[str, Figures]:
    found = {}
    for code in sorted({truth for truth, _ in pairs}):
        hits = sum(truth == guess == code for truth, guess in pairs)
        support = sum(truth == code for truth, _ in pairs)
        guessed = sum(guess == code for _, guess in pairs)
        precision, recall = hits / max(1, guessed), hits / support
        found[code] = _rounded(
            precision=precision,
            recall=recall,
            f1=2 * precision * recall / max(1e-9, precision + recall),
            support=support,
        )
    return found


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """The mean F1 over the classes that occur; each class weighs the same."""
    hits: Counter[str] = Counter(truth for truth, guess in pairs if truth == guess)
    truths, guesses = Counter(t for t, _ in pairs), Counter(g for _, g in pairs)
    scores = [2 * hits[code] / (truths[code] + guesses[code]) for code in truths]
    return sum(scores) / max(1, len(scores))


def macro_f1_interval(pairs: Sequence[tuple[str, str]]) -> tuple[float, float]:
    """Between these lies macro-F1 in 95 of 100 resamples of the texts."""
    if not pairs:
        return 0.0, 0.0
    chance = np.random.default_rng(1)
    values = [
        macro_f1([pairs[n] for n in chance.integers(0, len(pairs), len(pairs))])
        for _ in range(BOOTSTRAPS)
    ]
    return float(np.quantile(values, 0.025)), float(np.quantile(values, 0.975))


def confusions(judged: Sequence[Judged], *, most: int = 12) -> list[list[object]]:
    """The commonest mistakes as [true, guessed, how often]."""
    wrong = Counter(
        (str(one.text.category), one.guess) for one in judged if one.text.category != one.guess
    )
    return [[truth, guess, number] for (truth, guess), number in wrong.most_common(most)]


def kind_figures(judged: Sequence[Judged]) -> Figures:
    right = [_scored_kind(one.text.kind) == _scored_kind(one.analysis.kind) for one in judged]
    spam = [one.analysis.kind == "irrelevant" for one in judged if one.text.kind == "irrelevant"]
    real = [one.analysis.kind == "irrelevant" for one in judged if one.text.kind != "irrelevant"]
    return _rounded(
        accuracy=_share(right),
        irrelevant_found=_share(spam),
        real_called_irrelevant=_share(real),
    )


def area_figures(judged: Sequence[Judged]) -> Figures:
    """How often the acts are right, on texts that are labelled with any.

    `exact`: just these acts. `covered`: all of them, and perhaps one more.
    """
    pairs = [(set(one.text.areas), set(one.analysis.legal_areas)) for one in judged]
    found = {
        "texts": float(len(pairs)),
        "exact": _share([truth == guess for truth, guess in pairs]),
        "covered": _share([truth <= guess for truth, guess in pairs]),
        "exact_of_several": _share([truth == guess for truth, guess in pairs if len(truth) > 1]),
    }
    for area in LEGAL_AREAS:
        found[f"{area}_precision"] = _share([area in truth for truth, own in pairs if area in own])
        found[f"{area}_recall"] = _share([area in own for truth, own in pairs if area in truth])
    return _rounded(**found)


def _scored_kind(kind: str) -> str:
    return "deviation" if kind == "risk" else kind


def serious_figures(judged: Sequence[Judged]) -> Figures:
    serious = [one for one in judged if one.text.serious]
    found = sum(one.alarmed for one in serious)
    alarms = [one.text.serious for one in judged if one.alarmed]
    recall = found / max(1, len(serious))
    false_share = _share([one.alarmed for one in judged if not one.text.serious])
    medical = [one.analysis.possible_medical_harm for one in judged if one.text.medical_harm]
    misconduct = [one.analysis.possible_misconduct for one in judged if one.text.misconduct]
    return _rounded(
        texts=len(serious),
        found=found,
        recall=recall,
        recall_at_least=lower_bound(found, len(serious)),
        precision=_share(alarms),
        others_alarmed=false_share,
        # What precision would be if every other text were serious: comparable between sets.
        precision_at_half=recall / max(1e-9, recall + false_share),
        found_by_rules=_share([bool(one.analysis.rule_ids) for one in serious]),
        medical_harm_recall=_share(medical),
        misconduct_recall=_share(misconduct),
    )


def lower_bound(found: int, total: int, *, confidence: float = 0.95) -> float:
    """The recall that is surpassed with this confidence (one-sided, exact binomial)."""
    if found == 0:
        return 0.0
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        surely = _at_least(found, total, middle)
        low, high = (middle, high) if surely < 1 - confidence else (low, middle)
    return low


def _at_least(found: int, total: int, chance: float) -> float:
    return sum(
        math.comb(total, number) * chance**number * (1 - chance) ** (total - number)
        for number in range(found, total + 1)
    )


def personal_data_figures(judged: Sequence[Judged]) -> Figures:
    covered = exact = spans = wrongly = others = 0
    for one in judged:
        masked = {n for span in one.analysis.personal_data for n in range(span.start, span.end)}
        bounds = {(span.start, span.end) for span in one.analysis.personal_data}
        marked: set[int] = set()
        for span in one.text.spans:
            signs = set(range(span.start, span.end))
            marked |= signs
            spans += 1
            covered += signs <= masked
            exact += (span.start, span.end) in bounds
        wrongly += len(masked - marked)
        others += len(one.text.text) - len(marked)
    return _rounded(
        spans=spans,
        covered=covered / max(1, spans),
        exact=exact / max(1, spans),
        other_characters_masked=wrongly / max(1, others),
    )


def slices(judged: Sequence[Judged]) -> dict[str, dict[str, Figures]]:
    """Accuracy of the category by voice, length and noise."""
    keys: Mapping[str, Callable[[CorpusText], str]] = {
        "voice": lambda text: text.voice,
        "length": lambda text: _length(text.text),
        "writing": lambda text: _writing(text.text),
    }
    found: dict[str, dict[str, Figures]] = {}
    for name, key in keys.items():
        groups: dict[str, list[bool]] = {}
        for one in judged:
            groups.setdefault(key(one.text), []).append(one.text.category == one.guess)
        found[name] = {
            group: _rounded(accuracy=_share(hits), texts=len(hits))
            for group, hits in sorted(groups.items())
        }
    return found


def _length(text: str) -> str:
    words = len(text.split())
    limits = ((10, "1-10 words"), (30, "11-30 words"), (80, "31-80 words"))
    return next((name for limit, name in limits if words <= limit), "over 80 words")


def _writing(text: str) -> str:
    if text.isupper():
        return "capitals"
    if not any(sign in text for sign in ".!?,"):
        return "no punctuation"
    if not any(sign in text.lower() for sign in "åäö"):
        return "no å ä ö"
    return "plain"


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0


def _rounded(**figures: float) -> Figures:
    return {name: round(value, 4) for name, value in figures.items()}
