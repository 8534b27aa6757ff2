"""The language part as the rest of Lotsen sees it: model, rules and personal data in one answer."""

from dataclasses import dataclass
from pathlib import Path

import structlog

from handlers.domain.category import Taxonomy, load_taxonomy
from handlers.ports import PersonalDataSpan, TextAnalysis
from nlp.enough import says_enough
from nlp.guard import Deadline, Trouble, attempted
from nlp.keywords import KeywordClassifier, keyword_areas
from nlp.model import Judgement, TrainedModel, load_model
from nlp.personal_data import PersonalDataFinder, load_personal_data_finder
from nlp.serious import SeriousRules, load_serious_rules
from nlp.signs import SignFinder, load_sign_finder
from nlp.text import model_text

KEYWORDS_VERSION = "keywords"
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
    finder: PersonalDataFinder
    model: TrainedModel | None
    deadline: Deadline | None = None  # None: the model may take its time, as when it is measured

    def analyse(self, text: str, *, subject: str = "") -> TextAnalysis:
        # The rules come first and read all of the text, also what lies beyond the model's limit.
        whole = f"{subject}\n{text}" if subject else text
        findings = self.rules.findings(whole)
        judgement, version = self._judged(model_text(text, subject))
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
            personal_data=self.personal_data_in(text),
            model_version=version,
            signs=self.signs.signs(whole),
        )

    def personal_data_in(self, text: str) -> tuple[PersonalDataSpan, ...]:
        return self.finder.spans(text)

    def _judged(self, read: str) -> tuple[Judgement, str]:
        model = self.model
        if model is None:
            return self._by_keywords(read), KEYWORDS_VERSION
        within = self.deadline.attempted if self.deadline else attempted
        judged = within(lambda: model.judge(read))
        if isinstance(judged, Trouble):
            structlog.get_logger().warning(
                "the model gave no answer", version=model.settings.version, error=judged.name
            )
            return self._by_keywords(read), KEYWORDS_VERSION
        return judged, model.settings.version

    def _by_keywords(self, read: str) -> Judgement:
        suggestions = self.keywords.suggestions(read)
        return Judgement(
            kind=self.keywords.kind(read),
            kind_probability=0.5,
            suggestions=suggestions,
            certain=suggestions[0].probability >= 0.5 and says_enough(read),
            medical_harm=False,
            misconduct=False,
            legal_areas=keyword_areas(suggestions[0].category, read),
        )


def load_analyst(
    model_dir: Path | None, taxonomy: Taxonomy | None = None, *, model_seconds: float | None = None
) -> Analyst:
    """Build the analyst with the model in use; without a readable one it works by keywords.

    `model_seconds`: how long a text may wait for the model before keywords answer; None: for ever.
    Raises ConfigurationFault only when Lotsen's own rules or word lists are broken.
    """
    model = None if model_dir is None else attempted(lambda: _tried_model(model_dir))
    if isinstance(model, Trouble):
        structlog.get_logger().warning("the model cannot be read", error=model.name)
        model = None
    return Analyst(
        keywords=KeywordClassifier(taxonomy or load_taxonomy()),
        rules=load_serious_rules(),
        signs=load_sign_finder(),
        finder=load_personal_data_finder(),
        model=model,
        deadline=None if model_seconds is None else Deadline(seconds=model_seconds),
    )


def model_trouble(model_dir: Path) -> str:
    """Return what stops the model in use from reading a text: an exception's name, or nothing.

    That no model has been made yet is no trouble; that the one in use is gone is.
    """
    tried = attempted(lambda: _tried_model(model_dir))
    return tried.name if isinstance(tried, Trouble) else ""


def _tried_model(model_dir: Path) -> TrainedModel | None:
    """Load the model in use and let it read a text; damage may show only then."""
    model = load_model(model_dir)
    if model is not None:
        model.judge("Hon ramlade i badrummet och hittades på golvet.")
    elif (model_dir / "CURRENT").exists():
        raise FileNotFoundError(model_dir / "CURRENT")
    return model
