"""What the core needs of the language part, as a protocol and plain records."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class CategorySuggestion:
    category: str  # a code of categories.toml
    probability: float  # calibrated; the suggestions of one text sum to at most 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalDataSpan:
    start: int  # in characters of the analysed text
    end: int
    label: str  # name, colleague, person_number, phone, email, address


@dataclass(frozen=True, slots=True, kw_only=True)
class TextAnalysis:
    """What the machine makes of a text. It suggests and may raise an alarm, never lower one."""

    kind: str  # a kind code of categories.toml
    kind_probability: float
    suggestions: tuple[CategorySuggestion, ...]  # best first, at least three
    certain: bool  # False: ask the person instead of showing the best as the choice
    possible_medical_harm: bool
    possible_misconduct: bool
    reasons: tuple[str, ...]  # plain Swedish, one sentence for each alarm
    rule_ids: tuple[str, ...]  # A1 to A13 of the alert list that fired
    legal_areas: tuple[str, ...]  # any of HSL, SoL, LSS
    personal_data: tuple[PersonalDataSpan, ...]
    model_version: str  # "keywords" when no model is installed
    signs: tuple[str, ...] = ()  # of handlers.domain.sign


class TextAnalyst(Protocol):
    def analyse(self, text: str, *, subject: str = "") -> TextAnalysis:
        """Never raises on any text; bounded in time. Spans count in `text` alone."""
        ...

    def personal_data_in(self, text: str) -> tuple[PersonalDataSpan, ...]:
        """The spans of `analyse` alone, which take no model."""
        ...
