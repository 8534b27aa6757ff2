"""Every rule of the alert list, A1 to A19, set off once: it reaches whom the list names."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.schedule import sweep
from handlers import advice, case_handling, investigation, reporting
from handlers.alert_rules import EVERY_ID
from handlers.dialogue.state import DialogueState
from handlers.domain.case import Case, CaseKind
from handlers.domain.injury import InjuryClass
from handlers.domain.people import Role
from handlers.domain.report import Answer
from handlers.domain.risk import Likelihood, Severity
from handlers.records import Draft
from tests.handlers.test_involved_manager import shielded
from tests.lotskoping import BENGT, INGER, MARIA, MONIKA, Lotskoping

HOLDER = {Role.MAS: INGER, Role.SAS: MONIKA, Role.REGISTRATOR: BENGT, Role.UNIT_MANAGER: MARIA}
PLAIN = "Tvätten kom tillbaka i fel färg."

TEXTS = {
    "A1": "Hon tog hela burken tabletter och ville ta sitt liv.",
    "A6": "Mannen låstes in på rummet hela natten.",
    "A7": "Gav fel insulin till personen i morse.",
    "A8": "Tre Oxynorm saknas i narkotikaskåpet.",
    "A9": "Ramlade i duschen, misstänkt höftfraktur.",
    "A10": "Trycksår grad 3 på hälen.",
    "A11": "Selen brast när hon hängde i liften.",
    "A12": "Fick en bit kött i halsen, kvävning, ryggslag.",
    "A13": "Personalen gav henne en örfil.",
}


def raised(lotskoping: Lotskoping, case: Case, rule_id: str) -> set[Role]:
    """Return the roles that the alerts of a case name with this rule."""
    with lotskoping.unit_of_work() as uow:
        found = uow.alerts.of_case(case.id)
    return {Role(alert.role) for alert in found if rule_id in alert.rule_ids}


def told(lotskoping: Lotskoping, subject: str) -> set[str]:
    return {q.message.person_id for q in lotskoping.outbox() if subject in q.message.subject}


def roles(rule_id: str, lotskoping: Lotskoping) -> set[Role]:
    return set(lotskoping.services.municipality.alert_rules[rule_id].to)


def assessed(
    lotskoping: Lotskoping,
    severity: Severity,
    likelihood: Likelihood,
    potential: Severity | None = None,
) -> Case:
    case = lotskoping.report(PLAIN)
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, case, MARIA)
        case_handling.assess_risk(
            desk, severity=severity, likelihood=likelihood, potential=potential
        )
        uow.commit()
    return case


def from_form(lotskoping: Lotskoping, form_id: str, what: str) -> Case:
    """Send a report of another form, as far as the alerts go."""
    services, now = lotskoping.services, lotskoping.clock()
    draft_id = services.municipality.new_id()
    answers = {"what": Answer(text=what), "where": Answer(value="bjorkgarden")}
    state = DialogueState(
        draft_id=draft_id, form_id=form_id, form_version=1, language="sv", answers=answers
    )
    draft = Draft(
        id=draft_id,
        channel="webchat",
        conversation_id=f"webchat:{form_id}",
        person_id="",
        state=state,
        created_at=now,
        updated_at=now,
    )
    with lotskoping.unit_of_work() as uow:
        uow.drafts.save(draft)
        analysis = services.analyst.analyse(what)
        case = reporting.submit_report(uow, draft, analysis, now, services.municipality)
        uow.commit()
    return case


def severity_three_or_potential_four(lotskoping: Lotskoping) -> bool:
    was = assessed(lotskoping, Severity.SIGNIFICANT, Likelihood.RARE)
    could = assessed(lotskoping, Severity.MINOR, Likelihood.RARE, Severity.CATASTROPHIC)
    want = roles("A2", lotskoping)
    return raised(lotskoping, was, "A2") >= want and raised(lotskoping, could, "A2") >= want


def high_score(lotskoping: Lotskoping) -> bool:
    case = assessed(lotskoping, Severity.MODERATE, Likelihood.DAILY)
    return raised(lotskoping, case, "A3") >= roles("A3", lotskoping)


def advice_button(lotskoping: Lotskoping) -> bool:
    case = assessed(lotskoping, Severity.MODERATE, Likelihood.MONTHLY)
    with lotskoping.unit_of_work() as uow:
        advice.ask_mas(lotskoping.desk(uow, case, MARIA))
        uow.commit()
    return told(lotskoping, "Råd önskas") == {INGER}


def reported_misconduct(lotskoping: Lotskoping) -> bool:
    case = from_form(lotskoping, reporting.MISCONDUCT, PLAIN)
    return raised(lotskoping, case, "A5") >= roles("A5", lotskoping)


def pattern(lotskoping: Lotskoping) -> bool:
    for _ in range(3):
        lotskoping.report(PLAIN)
    sweep(lotskoping.services)
    found = told(lotskoping, "Något händer flera gånger")
    return found == {HOLDER[role] for role in roles("A14", lotskoping)}


def grave_complaint(lotskoping: Lotskoping) -> bool:
    case = from_form(lotskoping, "complaint", TEXTS["A13"])
    return case.kind == CaseKind.COMPLAINT and raised(lotskoping, case, "A15") == {Role.REGISTRATOR}


def manager_involved(lotskoping: Lotskoping) -> bool:
    return raised(lotskoping, shielded(lotskoping), "A16") >= roles("A16", lotskoping)


def unanswered(lotskoping: Lotskoping) -> bool:
    case = lotskoping.report(TEXTS["A9"])
    minutes = lotskoping.services.municipality.alert_rules["A17"].escalate_minutes
    lotskoping.clock.advance(minutes=minutes)
    sweep(lotskoping.services)
    with lotskoping.unit_of_work() as uow:
        return [alert.step for alert in uow.alerts.of_case(case.id)] == [1]


def lowered(lotskoping: Lotskoping) -> bool:
    case = assessed(lotskoping, Severity.CATASTROPHIC, Likelihood.WEEKLY)
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, case, MARIA)
        case_handling.assess_risk(desk, severity=Severity.MINOR, likelihood=Likelihood.RARE)
        uow.commit()
    return raised(lotskoping, case, "A18") >= roles("A18", lotskoping)


def uninformed(lotskoping: Lotskoping) -> bool:
    case = lotskoping.report(PLAIN)
    with lotskoping.unit_of_work() as uow:
        investigation.classify(lotskoping.desk(uow, case, MARIA), injury=InjuryClass.CARE_INJURY)
        uow.commit()
    lotskoping.clock.advance(days=3)
    sweep(lotskoping.services)
    return told(lotskoping, "Har personen fått veta?") == {INGER}


def text_of(rule_id: str) -> Callable[[Lotskoping], bool]:
    def holds(lotskoping: Lotskoping) -> bool:
        case = lotskoping.report(TEXTS[rule_id])
        return raised(lotskoping, case, rule_id) >= roles(rule_id, lotskoping)

    return holds


PROOFS: dict[str, Callable[[Lotskoping], bool]] = {
    **{rule_id: text_of(rule_id) for rule_id in TEXTS},
    "A2": severity_three_or_potential_four,
    "A3": high_score,
    "A4": advice_button,
    "A5": reported_misconduct,
    "A14": pattern,
    "A15": grave_complaint,
    "A16": manager_involved,
    "A17": unanswered,
    "A18": lowered,
    "A19": uninformed,
}


@pytest.mark.parametrize("rule_id", EVERY_ID)
def test_the_rule_reaches_whom_the_list_names(lotskoping: Lotskoping, rule_id: str):
    assert PROOFS[rule_id](lotskoping)


def test_a_rule_that_is_switched_off_is_not_set_off_and_the_floor_stays(lotskoping: Lotskoping):
    services = lotskoping.services
    rules = services.municipality.alert_rules
    off = {
        rule.id: rule if rule.floor else replace(rule, enabled=False)
        for rule in rules.rules.values()
    }
    municipality = replace(services.municipality, alert_rules=replace(rules, rules=off))
    quiet = Lotskoping(replace(services, municipality=municipality), lotskoping.clock)
    case = quiet.report(TEXTS["A8"])
    assert raised(quiet, case, "A8") == set()
    grave = assessed(quiet, Severity.CATASTROPHIC, Likelihood.RARE)
    assert raised(quiet, grave, "A1") == {Role.MAS}
