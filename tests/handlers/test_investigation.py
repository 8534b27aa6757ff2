"""The guided investigation: whys, effect, the words of the law, the six points."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers import actions, case_handling, investigation
from handlers.desk import Desk
from handlers.domain.case import Case, CaseStatus, CauseArea, Effect
from handlers.domain.causes import is_person_only
from handlers.domain.injury import Informing, InformPoint, InjuryClass, MisconductDegree
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import GateNotMet, UserFault
from tests.clock import T0
from tests.lotskoping import MARIA, MONIKA, Lotskoping

Deed = Callable[[Desk], Case]


def do(lotskoping: Lotskoping, case: Case, deed: Deed, person: str = MARIA) -> Case:
    with lotskoping.unit_of_work() as uow:
        changed = deed(lotskoping.desk(uow, case, person))
        uow.commit()
    return changed


def handled(lotskoping: Lotskoping, cause: str = "Rutinen saknas") -> Case:
    """Everything but closing, with one action."""
    case = lotskoping.report()

    def handle(desk: Desk) -> Case:
        case_handling.assess_risk(desk, severity=Severity.MODERATE, likelihood=Likelihood.MONTHLY)
        found = case_handling.add_cause(desk, area=CauseArea.ROUTINES, text=cause)
        case_handling.add_action(
            desk,
            cause_id=found.causes[0].id,
            text="Ny rutin",
            owner_id=MARIA,
            due_on=desk.today + timedelta(days=14),
        )
        return case_handling.write_feedback(desk, text="Tack, vi har en ny rutin.")

    return do(lotskoping, case, handle)


def close(lotskoping: Lotskoping, case: Case, person: str = MARIA) -> Case:
    return do(lotskoping, case, case_handling.close_case, person)


@pytest.mark.parametrize(
    "text",
    [
        "Mänsklig faktor",
        "den mänskliga faktorn.",
        "Ingen känd orsak",
        "Vet ej",
        "Personalen glömde",
        "Slarv",
        "Ett misstag",
        "Slarv vid kontroll",
        "Personalen glömde signera",
        "Handhavandefel",
        "Stress",
        "Personalen gjorde fel",
    ],
)
def test_an_explanation_that_stops_at_a_person_is_noticed(text: str):
    assert is_person_only(text)


@pytest.mark.parametrize(
    "text",
    [
        "Rutinen är otydlig",
        "Glömde signera, signeringslistan låg i bilen",
        "Vikarien hade ingen introduktion",
        "Glömde signera eftersom listan saknade en rutin",
        "Stress: tre larm samtidigt och låg bemanning",
        "Slarv, men larmet gick inte att höra",
        "Mänsklig faktor: två telefoner ringde under delningen, för många avbrott",
    ],
)
def test_an_explanation_that_reaches_the_circumstances_is_left_alone(text: str):
    assert not is_person_only(text)


@given(st.text())
def test_any_text_can_be_a_cause(text: str):
    assert is_person_only(text) in (True, False)


@pytest.mark.parametrize("text", [".", "-", "x", "???"])
def test_a_cause_says_something(lotskoping: Lotskoping, text: str):
    case = lotskoping.report()
    area = CauseArea.ROUTINES
    with pytest.raises(UserFault, match="cause_says_nothing"):
        do(lotskoping, case, lambda desk: case_handling.add_cause(desk, area=area, text=text))
    assert lotskoping.case(case.id).status == CaseStatus.RECEIVED


def test_the_human_factor_alone_does_not_close_a_case(lotskoping: Lotskoping):
    case = handled(lotskoping, cause="Mänsklig faktor")
    with pytest.raises(GateNotMet) as refusal:
        close(lotskoping, case)
    assert refusal.value.missing == ("gate.system_cause",)


def test_whys_that_reach_the_system_open_the_gate(lotskoping: Lotskoping):
    case = handled(lotskoping, cause="Mänsklig faktor")
    whys = [
        "Hon glömde",
        "Hon hade bråttom",
        "Två personer var sjuka",
        "Ingen vikarie",
        "Inget schema för semestern",
        "en till",
    ]
    asked = do(
        lotskoping,
        case,
        lambda desk: investigation.answer_whys(desk, cause_id=case.causes[0].id, whys=whys),
    )
    assert len(asked.causes[0].whys) == 5
    assert close(lotskoping, case).status == CaseStatus.CLOSED


def test_whys_that_end_in_the_person_again_do_not(lotskoping: Lotskoping):
    case = handled(lotskoping, cause="Mänsklig faktor")
    do(
        lotskoping,
        case,
        lambda desk: investigation.answer_whys(
            desk, cause_id=case.causes[0].id, whys=["Hon glömde", "Slarv"]
        ),
    )
    with pytest.raises(GateNotMet):
        close(lotskoping, case)


def test_when_the_last_action_is_done_the_case_is_followed_up_and_can_go_back(
    lotskoping: Lotskoping,
):
    case = handled(lotskoping)
    action_id = case.actions[0].id
    done = do(
        lotskoping,
        case,
        lambda desk: actions.finish(desk, action_id=action_id, effect=""),
    )
    assert done.status == CaseStatus.FOLLOWING_UP
    back = do(
        lotskoping,
        case,
        lambda desk: investigation.check_effect(
            desk, action_id=action_id, helped=Effect.NOT_HELPED, text="Det hände igen"
        ),
    )
    assert back.status == CaseStatus.ACTING
    assert (back.actions[0].helped, back.actions[0].effect) == (
        Effect.NOT_HELPED,
        "Det hände igen",
    )


def test_the_effect_is_checked_on_a_closed_case_too(lotskoping: Lotskoping):
    case = handled(lotskoping)
    action_id = case.actions[0].id
    do(
        lotskoping,
        case,
        lambda desk: actions.finish(desk, action_id=action_id, effect=""),
    )
    close(lotskoping, case)
    checked = do(
        lotskoping,
        case,
        lambda desk: investigation.check_effect(desk, action_id=action_id, helped=Effect.HELPED),
    )
    assert checked.status == CaseStatus.CLOSED
    assert checked.actions[0].helped == Effect.HELPED


def test_a_care_injury_closes_when_all_six_points_are_told_and_noted(lotskoping: Lotskoping):
    case = handled(lotskoping)
    do(
        lotskoping,
        case,
        lambda desk: investigation.classify(desk, injury=InjuryClass.CARE_INJURY),
    )
    with pytest.raises(GateNotMet) as refusal:
        close(lotskoping, case)
    assert refusal.value.missing == ("gate.informed",)

    def tell(points: list[InformPoint], *, noted: bool) -> Deed:
        return lambda desk: investigation.inform(
            desk, points=points, told_whom="patient", noted_in_record=noted
        )

    half = do(lotskoping, case, tell([InformPoint.EVENT, InformPoint.MEASURES], noted=True))
    assert half.informing is not None
    assert len(half.informing.missing) == 4
    do(lotskoping, case, tell(list(InformPoint)[2:], noted=False))
    assert close(lotskoping, case).status == CaseStatus.CLOSED


def test_a_person_who_cannot_be_told_needs_a_reason(lotskoping: Lotskoping):
    case = handled(lotskoping)
    do(
        lotskoping,
        case,
        lambda desk: investigation.classify(desk, injury=InjuryClass.CARE_INJURY),
    )
    with pytest.raises(UserFault, match="empty_text"):
        do(lotskoping, case, lambda desk: investigation.cannot_inform(desk, reason=" "))
    do(
        lotskoping,
        case,
        lambda desk: investigation.cannot_inform(
            desk, reason="Personen har avlidit, inga anhöriga"
        ),
    )
    assert close(lotskoping, case).status == CaseStatus.CLOSED


@given(st.sets(st.sampled_from(InformPoint)), st.booleans())
def test_informing_is_done_only_with_every_point_and_a_note(points, noted):
    informing = Informing(told_at=dict.fromkeys(points, T0), noted_in_record=noted)
    assert informing.is_done == (len(points) == 6 and noted)


def test_a_manager_does_not_take_back_misconduct(lotskoping: Lotskoping):
    case = lotskoping.report()
    stated = do(
        lotskoping,
        case,
        lambda desk: investigation.classify(desk, misconduct=MisconductDegree.RISK),
    )
    assert stated.possible_misconduct
    with lotskoping.unit_of_work() as uow:
        raised = {(one.role, one.rule_ids) for one in uow.alerts.of_case(case.id)}
    assert raised == {("sas", ("A5",)), ("area_manager", ("A5",))}
    with pytest.raises(UserFault, match="may_not_lower"):
        do(
            lotskoping,
            case,
            lambda desk: investigation.classify(desk, misconduct=MisconductDegree.NONE),
        )
    taken_back = do(
        lotskoping,
        case,
        lambda desk: investigation.classify(desk, misconduct=MisconductDegree.NONE),
        MONIKA,
    )
    assert not taken_back.possible_misconduct


def test_one_event_is_assessed_for_each_law(lotskoping: Lotskoping):
    case = lotskoping.report()
    do(
        lotskoping,
        case,
        lambda desk: investigation.change_legal_areas(desk, legal_areas=["SoL", "HSL"]),
    )
    for law, severity in (("HSL", Severity.SIGNIFICANT), ("SoL", Severity.MINOR)):
        assessed = do(
            lotskoping,
            case,
            lambda desk, law=law, severity=severity: case_handling.assess_risk(  # type: ignore[misc]
                desk, severity=severity, likelihood=Likelihood.RARE, legal_area=law
            ),
        )
    assert assessed.risk is not None
    assert assessed.risk.severity == Severity.SIGNIFICANT
    with pytest.raises(UserFault):
        do(
            lotskoping,
            case,
            lambda desk: case_handling.assess_risk(
                desk, severity=Severity.MINOR, likelihood=Likelihood.RARE, legal_area="LSS"
            ),
        )
