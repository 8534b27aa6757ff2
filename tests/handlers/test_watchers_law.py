"""No choice of a law, and no merging, takes an event out of the hands of MAS or SAS."""

from dataclasses import replace

import pytest

from handlers import case_handling, duplicates, ending, investigation
from handlers.desk import Desk
from handlers.domain.case import Case, CaseStatus, CauseArea
from handlers.domain.injury import InjuryClass, PersonTold
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import GateNotMet, UserFault
from handlers.laws import change_legal_areas
from tests.bot.web.test_casework import Browser
from tests.handlers.test_investigation import close, do
from tests.lotskoping import INGER, MARIA, MONIKA, Lotskoping

WARAN = "Personen fick fel medicin, Waran dubbel dos."
SHOWER = "Personen blev kvar ensam i duschen."


def to_law(lotskoping: Lotskoping, case: Case, *laws: str, by: str = MARIA, why: str = "") -> Case:
    return do(lotskoping, case, lambda d: change_legal_areas(d, legal_areas=laws, reason=why), by)


def under(lotskoping: Lotskoping, case: Case, *laws: str) -> Case:
    """Let an event have come in under these laws; none: nobody has said yet."""
    with lotskoping.unit_of_work() as uow:
        stored = uow.cases.save(replace(case, legal_areas=laws))
        uow.commit()
    return stored


def grave(desk: Desk) -> Case:
    return case_handling.assess_risk(
        desk, severity=Severity.CATASTROPHIC, likelihood=Likelihood.RARE
    )


def alerts_of(lotskoping: Lotskoping, case: Case) -> list[tuple[str, tuple[str, ...]]]:
    with lotskoping.unit_of_work() as uow:
        return [(str(one.role), one.rule_ids) for one in uow.alerts.of_case(case.id)]


@pytest.fixture
def taken(lotskoping: Lotskoping) -> Case:
    """Return a mistake with medicines that MAS has been alerted of and has looked at."""
    case = lotskoping.report(WARAN)
    assert case.legal_areas == ("HSL",)
    lotskoping.acknowledge_alerts(case)
    return case


def test_on_the_page_what_may_be_serious_leaves_a_law_only_with_a_reason(
    lotskoping: Lotskoping, taken: Case
):
    maria = Browser(lotskoping, MARIA)
    maria.do(taken, "ta-emot")
    refusal = maria.client.post(
        f"/arenden/{taken.id}/lagar",
        data={"version": str(lotskoping.case(taken.id).version), "law-SoL": "1"},
    )
    assert "Skriv varför lagen inte gäller längre" in refusal.text
    assert 'name="law-SoL" value="1" aria-describedby="law-SoL-help" checked' in refusal.text
    assert lotskoping.case(taken.id).legal_areas == ("HSL",)
    maria.do(taken, "lagar", **{"law-SoL": "1", "reason": "Det var mat, inte medicin"})
    assert lotskoping.case(taken.id).legal_areas == ("SoL",)


def test_whose_law_is_taken_away_is_told_and_the_case_waits_until_she_has_looked(
    lotskoping: Lotskoping, taken: Case
):
    to_law(lotskoping, taken, "SoL", why="Det var mat")
    assert ("mas", ("A18",)) in alerts_of(lotskoping, taken)
    with pytest.raises(GateNotMet) as refusal:
        close(lotskoping, taken)
    assert "gate.alert" in refusal.value.missing


def test_mas_keeps_every_right_to_what_was_hers_before_the_law_was_changed(
    lotskoping: Lotskoping, taken: Case
):
    to_law(lotskoping, taken, "SoL", why="Det var mat")
    mas = Browser(lotskoping, INGER)
    mas.do(taken, "risk", severity="4", likelihood="2")
    mas.do(taken, "lag", injury="serious_injury")
    case = lotskoping.case(taken.id)
    assert (case.risk is not None, case.injury) == (True, InjuryClass.SERIOUS_INJURY)
    mas.do(taken, "lagar", **{"law-HSL": "1"})
    assert lotskoping.case(taken.id).legal_areas == ("HSL",)


def test_mas_opens_again_what_was_closed_under_another_law(lotskoping: Lotskoping, taken: Case):
    to_law(lotskoping, taken, "SoL", why="Det var mat")
    lotskoping.acknowledge_alerts(taken)

    def handle(desk: Desk) -> Case:
        case_handling.assess_risk(desk, severity=Severity.MODERATE, likelihood=Likelihood.RARE)
        case_handling.add_cause(desk, area=CauseArea.ROUTINES, text="Ingen rutin för kvällen.")
        case_handling.need_no_action(desk, reason="Rutin finns nu redan.")
        return case_handling.write_feedback(desk, text="Nu finns en rutin. Tack!")

    do(lotskoping, taken, handle)
    close(lotskoping, taken)
    reopened = do(lotskoping, taken, lambda d: ending.reopen(d, reason="Dubbel Waran"), INGER)
    assert reopened.status == CaseStatus.INVESTIGATING


def test_sas_keeps_what_was_hers_before_the_law_was_changed(lotskoping: Lotskoping):
    case = lotskoping.report(SHOWER)
    to_law(lotskoping, case, "SoL")
    to_law(lotskoping, case, "HSL")
    assert do(lotskoping, case, grave, MONIKA).risk is not None


def test_mas_gets_no_hold_on_what_was_never_hers(lotskoping: Lotskoping):
    case = under(lotskoping, lotskoping.report(SHOWER, unit="boendestodet"), "SoL")
    with pytest.raises(UserFault, match="no_right"):
        do(lotskoping, case, grave, INGER)


def test_a_light_case_is_set_right_without_a_word(lotskoping: Lotskoping):
    case = lotskoping.report()
    before = alerts_of(lotskoping, case)
    to_law(lotskoping, case, "SoL")
    assert alerts_of(lotskoping, case) == before


def test_who_watches_over_a_law_takes_it_away_herself_without_being_told(
    lotskoping: Lotskoping, taken: Case
):
    to_law(lotskoping, taken, "SoL", by=INGER)
    assert all(rules != ("A18",) for _, rules in alerts_of(lotskoping, taken))


def test_the_first_assessment_that_leaves_a_law_out_tells_whose_it_is(lotskoping: Lotskoping):
    case = lotskoping.report("Personen dog i natt.", harm="death")
    lotskoping.acknowledge_alerts(case)
    under(lotskoping, case)

    def assess(desk: Desk) -> Case:
        return case_handling.assess_risk(
            desk,
            severity=Severity.MINOR,
            likelihood=Likelihood.RARE,
            legal_areas=("SoL",),
            told=PersonTold.YES,
        )

    do(lotskoping, case, assess)
    assert ("mas", ("A18",)) in alerts_of(lotskoping, case)


def test_mas_keeps_what_is_merged_into_an_event_of_another_law(lotskoping: Lotskoping):
    part = lotskoping.report(WARAN)
    main = lotskoping.report(conversation="webchat:2")
    lotskoping.acknowledge_alerts(part)
    do(lotskoping, main, lambda d: investigation.change_legal_areas(d, legal_areas=["SoL"]))
    do(lotskoping, part, lambda d: duplicates.merge(d, into_id=main.id, reason="Samma kväll"))
    assert do(lotskoping, main, grave, INGER).risk is not None
