"""Which assessment decides: per legal area the newest, of the areas the gravest."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.domain.risk import (
    Likelihood,
    RiskAssessment,
    Severity,
    current_risk,
    governing_risk,
)
from tests.clock import T0

AREAS = ("HSL", "SoL")
assessments = st.builds(
    RiskAssessment,
    severity=st.sampled_from(Severity),
    likelihood=st.sampled_from(Likelihood),
    assessed_by=st.just("somebody"),
    assessed_at=st.just(T0),
    potential=st.none() | st.sampled_from(Severity),
    legal_area=st.sampled_from(("", *AREAS)),
    may_lower=st.booleans(),
)


@given(st.lists(assessments, max_size=8))
def test_a_serious_assessment_is_lowered_only_by_somebody_who_may(history):
    held = None
    for count in range(1, len(history) + 1):
        before, held = held, current_risk(history[:count], "HSL")
        if before is not None and before.needs_mas_to_close and held is not before:
            assert held is not None
            assert held.may_lower or not before.is_graver_than(held)


@given(st.lists(assessments, min_size=1, max_size=8))
def test_an_assessed_case_has_a_governing_risk_as_grave_as_any_area(history):
    governing = governing_risk(history, AREAS)
    assert governing is not None
    for area in AREAS:
        held = current_risk(history, area)
        assert held is None or not held.is_graver_than(governing)


@given(st.sampled_from(Severity), st.sampled_from(Likelihood), st.sampled_from(Severity))
def test_severity_four_actual_or_potential_always_tells_mas(severity, likelihood, potential):
    risk = RiskAssessment(
        severity=severity,
        likelihood=likelihood,
        assessed_by="somebody",
        assessed_at=T0,
        potential=potential,
    )
    if Severity.CATASTROPHIC in (severity, potential):
        assert risk.alerts_mas
    if risk.is_low:
        assert not risk.alerts_mas
