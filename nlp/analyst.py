"""The language part as the rest of Lotsen sees it: model, rules and personal data in one answer."""

from dataclasses import dataclass
from pathlib import Path

from handlers.domain.category import Taxonomy, load_taxonomy
from handlers.errors import ConfigurationFault
from handlers.ports import TextAnalysis
from nlp.keywords import KeywordClassifier, keyword_areas
from nlp.model import Judgement, TrainedModel, load_model
from nlp.personal_data import PersonalDataFinder, load_personal_data_finder
from nlp.serious import SeriousRules, load_serious_rules
from nlp.signs import SignFinder, load_sign_finder
from nlp.text import model_text

KEYWORDS_VERSION = "keywords"
# Everything that spaCy, thinc and numpy raise on input or files they cannot take.
_MODEL_FAILURES = (
    ArithmeticError, AssertionError, AttributeError, ImportError, LookupError, MemoryError, OSError,
    RuntimeError, TypeError, ValueError, ConfigurationFault,
)  # fmt: skip
_MODEL_REASONS = {
    "medical_harm": "Texten liknar händelser som har bedömts som möjlig allvarlig vårdskada.",
    "misconduct": "Texten liknar händelser som har bedömts som möjligt missförhållande.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Analyst:
    """Implements handlers.ports.TextAnalyst. The rules work whatever becomes of the model."""

    keywords: KeywordClassifier
    rules: SeriousRules
    signs: SignFinder
    personal_data: PersonalDataFinder
    model: TrainedModel | None

    def analyse(self, text: str, *, subject: str = "") -> TextAnalysis:
        read = model_text(text, subject)
        judgement, version = self._judged(read)
        # The rules read all of the text, also what lies beyond the model's limit.
        whole = f"{subject}\n{text}" if subject else text
        findings = self.rules.findings(whole)
        raised = {flag for finding in findings for flag in finding.flags}
        reasons = [finding.reason for finding in findings]
        for flag, seen in (
            ("medical_harm", judgement.medical_harm),
            ("misconduct", judgement.misconduct),
        ):
            if seen and flag not in raised:
                reasons.append(_MODEL_REASONS[flag])
        return TextAnalysis(
            kind=judgement.kind,
            kind_probability=judgement.kind_probability,
            suggestions=judgement.suggestions,
            certain=judgement.certain,
            possible_medical_harm=judgement.medical_harm or "medical_harm" in raised,
            possible_misconduct=judgement.misconduct or "misconduct" in raised,
            reasons=tuple(reasons),
            rule_ids=tuple(dict.fromkeys(finding.rule_id for finding in findings)),
            legal_areas=judgement.legal_areas,
            personal_data=self.personal_data.spans(text),
            model_version=version,
            signs=self.signs.signs(whole),
        )

    def _judged(self, read: str) -> tuple[Judgement, str]:
        if self.model is not None:
            try:
                return self.model.judge(read), self.model.settings.version
            except _MODEL_FAILURES:
                return self._by_keywords(read), KEYWORDS_VERSION
        return self._by_keywords(read), KEYWORDS_VERSION

    def _by_keywords(self, read: str) -> Judgement:
        suggestions = self.keywords.suggestions(read)
        return Judgement(
            kind=self.keywords.kind(read),
            kind_probability=0.5,
            suggestions=suggestions,
            certain=suggestions[0].probability >= 0.5,
            medical_harm=False,
            misconduct=False,
            legal_areas=keyword_areas(suggestions[0].category, read),
        )


def load_analyst(model_dir: Path | None, taxonomy: Taxonomy | None = None) -> Analyst:
    """Build the analyst with the model in use; without a readable one it works by keywords.

    Raises ConfigurationFault only when Lotsen's own rules or word lists are broken.
    """
    try:
        model = None if model_dir is None else load_model(model_dir)
    except _MODEL_FAILURES:
        model = None
    return Analyst(
        keywords=KeywordClassifier(taxonomy or load_taxonomy()),
        rules=load_serious_rules(),
        signs=load_sign_finder(),
        personal_data=load_personal_data_finder(),
        model=model,
    )
