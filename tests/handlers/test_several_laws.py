"""An event under several laws: each watcher hears of what is grave, and each law is assessed."""

import pytest

from handlers import case_handling, duplicates
from handlers.case_handling import Desk
from handlers.concerns import concerns_of_answers
from handlers.domain.case import Case
from handlers.domain.injury import PersonTold
from handlers.domain.people import Role
from handlers.domain.report import Answer
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import UserFault
from tests.bot.web.test_casework import Browser
from tests.handlers.test_alerts_again import of_rule
from tests.handlers.test_investigation import do
from tests.handlers.test_watchers_law import under
from tests.lotskoping import INGER, MARIA, Lotskoping

LOCKED_IN = "Personalen låste in en boende i rummet hela natten och slog till henne."


def assessed(
    lotskoping: Lotskoping,
    case: Case,
    severity: int,
    law: str = "",
    *,
    likelihood: int = 1,
    potential: int = 0,
    by: str = MARIA,
) -> Case:
    def deed(desk: Desk) -> Case:
        return case_handling.assess_risk(
            desk,
            severity=Severity(severity),
            likelihood=Likelihood(likelihood),
            potential=Severity(potential) if potential else None,
            legal_area=law,
            told=PersonTold.YES,
        )

    changed = do(lotskoping, case, deed, by)
    lotskoping.clock.advance(hours=1)
    return changed


def told(lotskoping: Lotskoping, case: Case) -> list[tuple[str, str]]:
    """Return role and rule of every alert of a case, in order of raising."""
    with lotskoping.unit_of_work() as uow:
        found = sorted(uow.alerts.of_case(case.id), key=lambda one: (one.raised_at, one.role))
    return [(str(one.role), rule) for one in found for rule in one.rule_ids]


@pytest.mark.parametrize(
    ("severity", "potential", "rule"), [(4, 0, "A1"), (3, 0, "A2"), (1, 4, "A2")]
)
def test_what_is_grave_under_both_laws_is_told_to_both_watchers(
    lotskoping: Lotskoping, severity: int, potential: int, rule: str
):
    case = lotskoping.report()
    assert case.legal_areas == ("HSL", "SoL")
    assessed(lotskoping, case, severity, potential=potential)
    assert told(lotskoping, case) == [("mas", rule), ("sas", rule)]


def test_what_was_told_of_one_law_is_told_to_the_watcher_of_the_other(lotskoping: Lotskoping):
    case = lotskoping.report()
    assessed(lotskoping, case, 3, "HSL")
    assert told(lotskoping, case) == [("mas", "A2")]
    lotskoping.acknowledge_alerts(case)
    assessed(lotskoping, case, 3, "SoL")
    assert ("sas", "A2") in told(lotskoping, case)


def test_whoever_was_not_told_of_one_law_is_told_when_the_whole_is_as_grave(
    lotskoping: Lotskoping,
):
    case = lotskoping.report()
    assessed(lotskoping, case, 3, "HSL")
    lotskoping.acknowledge_alerts(case)
    assessed(lotskoping, case, 3)
    assert told(lotskoping, case) == [("mas", "A2"), ("sas", "A2")]
    lotskoping.acknowledge_alerts(case)
    assessed(lotskoping, case, 3, likelihood=2)
    assert told(lotskoping, case) == [("mas", "A2"), ("sas", "A2")]


@pytest.mark.parametrize("severity", [3, 4])
def test_on_the_page_a_law_that_is_added_to_what_is_grave_is_told_to_its_watcher(
    lotskoping: Lotskoping, severity: int
):
    case = under(lotskoping, lotskoping.report(), "HSL")
    maria = Browser(lotskoping, MARIA)
    maria.do(case, "risk", severity=str(severity), likelihood="1")
    rule = "A1" if severity == 4 else "A2"
    assert told(lotskoping, case) == [("mas", rule)]
    maria.do(case, "lagar", **{"law-HSL": "1", "law-SoL": "1"})
    maria.do(case, "lagar", **{"law-HSL": "1", "law-SoL": "1", "law-LSS": "1"})
    assert told(lotskoping, case) == [("mas", rule), ("sas", rule)]


def test_a_law_that_a_merged_report_brings_to_what_is_grave_is_told_to_its_watcher(
    lotskoping: Lotskoping,
):
    main = under(lotskoping, lotskoping.report(), "HSL")
    part = under(lotskoping, lotskoping.report(conversation="webchat:2"), "SoL")
    assessed(lotskoping, main, 4)
    do(lotskoping, part, lambda d: duplicates.merge(d, into_id=main.id))
    assert told(lotskoping, main) == [("mas", "A1"), ("sas", "A1")]


def test_a_law_that_is_added_says_nothing_of_what_is_grave_under_another_only(
    lotskoping: Lotskoping,
):
    case = under(lotskoping, lotskoping.report(), "HSL")
    assessed(lotskoping, case, 4, "HSL")
    Browser(lotskoping, MARIA).do(case, "lagar", **{"law-HSL": "1", "law-SoL": "1"})
    assert told(lotskoping, case) == [("mas", "A1")]


def test_the_first_assessment_of_a_second_law_lowers_nothing(lotskoping: Lotskoping):
    case = lotskoping.report()
    assessed(lotskoping, case, 3, "HSL")
    both = assessed(lotskoping, case, 1, "SoL")
    assert of_rule(lotskoping, case, "A18") == 0
    assert both.risk is not None
    assert both.risk.severity == Severity.SIGNIFICANT
    assessed(lotskoping, case, 1, "HSL")
    assert of_rule(lotskoping, case, "A18") == 1


def test_a_lighter_assessment_of_one_law_lowers_what_the_whole_was_assessed_as(
    lotskoping: Lotskoping,
):
    case = lotskoping.report()
    assessed(lotskoping, case, 3)
    assessed(lotskoping, case, 1, "SoL")
    assert of_rule(lotskoping, case, "A18") == 1


def test_a_lighter_assessment_of_the_whole_lowers_what_one_law_was_assessed_as(
    lotskoping: Lotskoping,
):
    case = lotskoping.report()
    assessed(lotskoping, case, 1, "SoL")
    assessed(lotskoping, case, 3, "HSL")
    assessed(lotskoping, case, 1)
    assert of_rule(lotskoping, case, "A18") == 1


def test_on_the_page_a_manager_assesses_each_law_of_misconduct_and_lowers_none(
    lotskoping: Lotskoping,
):
    case = lotskoping.report(LOCKED_IN)
    assert (case.legal_areas, case.possible_misconduct) == (("HSL", "SoL"), True)
    maria = Browser(lotskoping, MARIA)
    maria.do(case, "risk", severity="3", likelihood="2", legal_area="SoL")
    maria.do(case, "risk", severity="1", likelihood="1", legal_area="HSL")
    stored = lotskoping.case(case.id)
    assert stored.unassessed_laws == ()
    assert stored.risk is not None
    assert (stored.risk.severity, stored.risk.legal_area) == (Severity.SIGNIFICANT, "SoL")
    for law in ("SoL", ""):
        with pytest.raises(UserFault, match="may_not_lower"):
            assessed(lotskoping, case, 1, law)


def test_mas_lowers_one_law_and_the_other_stands(lotskoping: Lotskoping):
    case = lotskoping.report()
    assessed(lotskoping, case, 3, "HSL")
    assessed(lotskoping, case, 3, "SoL", likelihood=2)
    lowered = assessed(lotskoping, case, 1, "SoL", by=INGER)
    assert lowered.risk is not None
    assert lowered.risk.legal_area == "HSL"


@pytest.mark.parametrize(
    ("laws", "roles"),
    [
        (("SoL",), {Role.MAS, Role.SAS}),
        (("LSS",), {Role.MAS, Role.SAS}),
        (("HSL",), {Role.MAS}),
        (("HSL", "SoL"), {Role.MAS}),
        ((), {Role.MAS}),
    ],
)
def test_somebody_who_came_to_hospital_is_told_to_sas_where_no_health_care_is_concerned(
    lotskoping: Lotskoping, laws: tuple[str, ...], roles: set[Role]
):
    answers = {"harm": Answer(value="hospital")}
    found = concerns_of_answers(answers, laws, lotskoping.services.municipality)
    assert {one.role for one in found} == roles
