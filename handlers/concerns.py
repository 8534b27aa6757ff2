"""Why somebody has to be told, before anybody is: from answers, texts, scores and reporters.

Who is told of what is data (alert_rules.toml); nothing here lowers an alarm (ADR 0006).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from handlers.domain.case import FROM_OUTSIDE, Case
from handlers.domain.people import Role
from handlers.domain.report import Answer
from handlers.domain.risk import RiskAssessment
from handlers.municipality import Municipality
from handlers.ports import TextAnalysis

Told = tuple[str, Role]  # what an alert rested on, and whom it went to


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    role: Role
    reasons: tuple[str, ...]
    rule_ids: tuple[str, ...]
    urgent: bool


def concerns_of_rules(
    rule_ids: Iterable[str],
    reasons: tuple[str, ...],
    laws: Collection[str],
    municipality: Municipality,
) -> list[Concern]:
    """Return one concern for each role that the rules name."""
    rules = municipality.alert_rules.active(rule_ids)
    return [
        Concern(role=role, reasons=reasons, rule_ids=(rule.id,), urgent=rule.urgent)
        for rule in rules
        for role in rule.receivers(laws)
    ]


def concerns_of_answers(
    answers: Mapping[str, Answer],
    laws: Collection[str],
    municipality: Municipality,
    *,
    guessed: Collection[str] = (),
) -> list[Concern]:
    """Return what the reporter answered: death to MAS and SAS, hospital to MAS (A1, A2).

    Hospital goes to SAS, too, when health care is not among the `laws` of the event; else it is
    MAS who hears of it, as of a fall (A9). `guessed` are answers that Lotsen read in the text and
    the reporter only let stand.
    """
    harm = answers.get("harm", Answer()).value
    say = municipality.catalogue.get
    suffix = "_guessed" if "harm" in guessed else ""
    if harm == "death":
        reasons = (say(f"alarm.death{suffix}", "sv"),)
        return [
            Concern(role=role, reasons=reasons, rule_ids=("A1",), urgent=True)
            for role in (Role.MAS, Role.SAS)
        ]
    if harm == "hospital":
        reasons = (say(f"alarm.hospital{suffix}", "sv"),)
        watched = () if "HSL" in laws else laws
        return concerns_of_rules(["A2"], reasons, watched, municipality)
    return []


def concerns_of_text(analysis: TextAnalysis, municipality: Municipality) -> list[Concern]:
    """Return what rules and model found; the model by itself tells MAS or SAS."""
    roles = [Role.MAS] if analysis.possible_medical_harm else []
    if analysis.possible_misconduct:
        roles.append(Role.SAS)
    rules = municipality.alert_rules.active(analysis.rule_ids)
    rule_ids = tuple(rule.id for rule in rules)
    urgent = any(rule.urgent for rule in rules)
    for rule in rules:
        roles += rule.receivers(analysis.legal_areas)
    return [
        Concern(role=role, reasons=analysis.reasons, rule_ids=rule_ids, urgent=urgent)
        for role in dict.fromkeys(roles)
    ]


def concerns_of_report(
    case: Case,
    analysis: TextAnalysis,
    municipality: Municipality,
    *,
    answers: Mapping[str, Answer] = MappingProxyType({}),
    guessed: Collection[str] = (),
) -> list[Concern]:
    """Return what a new case tells: answers, text, who is involved, what kind it is."""
    found = concerns_of_answers(answers, case.event_laws, municipality, guessed=guessed)
    found += concerns_of_text(analysis, municipality)
    found += concerns_of_involvement(case, municipality)
    return found + concerns_of_complaint(case, found, municipality)


def concerns_of_complaint(
    case: Case, others: Collection[Concern], municipality: Municipality
) -> list[Concern]:
    """Return that the registrator has to know when a complaint may be something serious (A15)."""
    if case.kind not in FROM_OUTSIDE or not others:
        return []
    reasons = (municipality.catalogue.get("alarm.complaint", "sv"),)
    return concerns_of_rules(["A15"], reasons, case.legal_areas, municipality)


def concerns_of_involvement(case: Case, municipality: Municipality) -> list[Concern]:
    """Return who has to know when reporter or text says that a manager is involved (A16)."""
    if not case.manager_involved:
        return []
    key = "alarm.manager_may_be" if case.is_held else "alarm.manager_involved"
    reasons = (municipality.catalogue.get(key, "sv"),)
    found = concerns_of_rules(["A16"], reasons, case.legal_areas, municipality)
    above = Role.AREA_MANAGER  # who hears of it when somebody has looked
    return [one for one in found if one.role != above or not case.is_held]


def concerns_of_silence(
    case: Case, others: Collection[Concern], municipality: Municipality
) -> list[Concern]:
    """Return that SAS and the manager above have to know what is serious and has no name (A16)."""
    if not others or case.manager_involved:
        return []
    reasons = (municipality.catalogue.get("alarm.anonymous_serious", "sv"),)
    return concerns_of_rules(["A16"], reasons, case.legal_areas, municipality)


def concerns_of_risk(
    before: Case,
    risk: RiskAssessment,
    assessor: str,
    municipality: Municipality,
    *,
    told: Collection[Told] = (),
) -> list[tuple[str, Concern]]:
    """Return what a new assessment demands (A1, A2, A3, A18), each with what it rests on.

    What the assessment before this one said already is not said again to a role that was `told` of
    it, but severity 4 and a lowering are: each such assessment tells. One that is the same in every
    word is a second tap. `assessor` is the word for who made it, as the reasons begin: the manager,
    MAS or SAS.
    """
    was = _before(before, risk)
    if was is not None and _same(was, risk):
        return []
    said = _demands(was, municipality) if was is not None else {}
    known = {one for one in told if one[0] in said and one[0] != "severity"}
    laws = (risk.legal_area,) if risk.legal_area else before.event_laws
    found = concerns_of_gravity(risk, laws, assessor, municipality, told=known)
    if _is_lowered(before.held_for(risk.legal_area), risk):
        reasons = (municipality.catalogue.get("alarm.lowered", "sv"),)
        lowered = concerns_of_rules(["A18"], reasons, laws, municipality)
        found += [("lowered", one) for one in lowered]
    return found


def concerns_of_gravity(
    risk: RiskAssessment,
    laws: Collection[str],
    assessor: str,
    municipality: Municipality,
    *,
    told: Collection[Told],
) -> list[tuple[str, Concern]]:
    """Return for each role the gravest that it has not been told of, with what it rests on."""
    found: dict[Role, tuple[str, Concern]] = {}
    for source, (rule, key) in _demands(risk, municipality).items():
        reasons = (municipality.catalogue.get(key, "sv", who=assessor),)
        for one in concerns_of_rules([rule], reasons, laws, municipality):
            if (source, one.role) not in told:
                found.setdefault(one.role, (source, one))
    return list(found.values())


def _demands(risk: RiskAssessment, municipality: Municipality) -> dict[str, tuple[str, str]]:
    """Return rule and words for each thing in an assessment that MAS has to know, worst first."""
    rules = municipality.alert_rules
    checks = (
        ("severity", "A1", "alarm.severity_four", risk.severity >= rules["A1"].severity),
        ("potential", "A2", "alarm.potential_four", _could_be(risk, rules["A2"].potential)),
        ("harm", "A2", "alarm.severity_three", risk.severity == rules["A2"].severity),
        ("score", "A3", "alarm.high_score", risk.score >= rules["A3"].score),
    )
    return {source: (rule, key) for source, rule, key, holds in checks if holds}


def _before(case: Case, risk: RiskAssessment) -> RiskAssessment | None:
    """Return the assessment that this one follows: the last of the same law, or of the whole."""
    areas = {"", risk.legal_area}
    found = [a for a in case.assessments if not risk.legal_area or a.legal_area in areas]
    return found[-1] if found else None


def _same(one: RiskAssessment, other: RiskAssessment) -> bool:
    said = [
        (a.severity, a.potential, a.likelihood, a.legal_area, a.rationale, a.assessed_by)
        for a in (one, other)
    ]
    return said[0] == said[1]


def _could_be(risk: RiskAssessment, potential: int) -> bool:
    return risk.potential is not None and risk.potential >= potential


def _is_lowered(held: RiskAssessment | None, risk: RiskAssessment) -> bool:
    if held is None or risk.may_lower or not held.needs_mas_to_close:
        return False
    return held.is_graver_than(risk)
