"""Merging goes round no gate: what a report asks before it may close, its event asks too."""

from dataclasses import replace
from datetime import timedelta

import pytest

from handlers import actions, case_handling, duplicates, ending
from handlers.desk import Desk
from handlers.domain.case import Case, CaseStatus, CauseArea
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import UserFault
from tests.bot.web.test_casework import Browser
from tests.handlers.test_case_handling import assess
from tests.handlers.test_investigation import close, do, handled
from tests.handlers.test_merged_duties import merge, missing, steps_of
from tests.lotskoping import MARIA, Lotskoping

AGAIN = "Vi hittade personen på golvet vid sängen i morse igen. Ingen synlig skada."


def light(lotskoping: Lotskoping) -> Case:
    """Return a case that only waits for the short way."""
    case = lotskoping.report(AGAIN, conversation="webchat:2")
    assess(lotskoping, case, Severity.MINOR)
    return do(lotskoping, case, lambda d: case_handling.write_feedback(d, text="Tack!"))


def closed_short(lotskoping: Lotskoping, case: Case) -> Case:
    return do(
        lotskoping, case, lambda d: ending.close_without_investigation(d, reason="Inget behövs")
    )


def test_on_the_page_what_was_opened_again_is_assessed_before_it_is_merged(
    lotskoping: Lotskoping,
):
    part, main = handled(lotskoping), light(lotskoping)
    close(lotskoping, part)
    do(lotskoping, part, lambda d: ending.reopen(d, reason="Hon hade brutit höften."))
    maria = Browser(lotskoping, MARIA)
    version = str(lotskoping.case(part.id).version)
    refusal = maria.client.post(
        f"/arenden/{part.id}/samma",
        data={"version": version, "other_id": main.id, "reason": "Samma fall"},
    )
    assert "Ärendet är öppnat igen och inte bedömt på nytt" in refusal.text
    assert lotskoping.case(part.id).is_open
    lotskoping.clock.advance(minutes=5)
    assess(lotskoping, part, Severity.SIGNIFICANT)
    lotskoping.acknowledge_alerts(part)
    assert merge(lotskoping, part, main).status == CaseStatus.MERGED
    assert "gate.mas" in missing(lotskoping, main)


def test_a_case_goes_into_one_that_was_opened_again_and_that_is_assessed_before_it_closes(
    lotskoping: Lotskoping,
):
    main, part = handled(lotskoping), light(lotskoping)
    close(lotskoping, main)
    do(lotskoping, main, lambda d: ending.reopen(d, reason="Hon hade brutit höften."))
    assert merge(lotskoping, part, main).status == CaseStatus.MERGED
    assert "gate.risk_again" in missing(lotskoping, main)


@pytest.mark.parametrize(
    ("severity", "likelihood"),
    [(Severity.MODERATE, Likelihood.WEEKLY), (Severity.MODERATE, Likelihood.RARE)],
)
def test_what_may_not_go_the_short_way_goes_it_no_more_when_it_is_merged(
    lotskoping: Lotskoping, severity: Severity, likelihood: Likelihood
):
    part, main = lotskoping.report(), light(lotskoping)

    def assess_part(desk: Desk) -> Case:
        return case_handling.assess_risk(desk, severity=severity, likelihood=likelihood)

    do(lotskoping, part, assess_part)
    merge(lotskoping, part, main)
    with pytest.raises(UserFault, match="not_low_risk"):
        closed_short(lotskoping, main)
    do(lotskoping, part, duplicates.undo_merge)
    assert closed_short(lotskoping, main).status == CaseStatus.CLOSED


def test_a_light_report_that_is_merged_leaves_the_short_way_open(lotskoping: Lotskoping):
    part, main = lotskoping.report(), light(lotskoping)
    assess(lotskoping, part, Severity.MINOR)
    merge(lotskoping, part, main)
    assert closed_short(lotskoping, main).status == CaseStatus.CLOSED


def test_a_late_action_of_a_merged_report_keeps_the_event_open_until_it_is_done(
    lotskoping: Lotskoping,
):
    part, main = handled(lotskoping), light(lotskoping)
    do(
        lotskoping,
        main,
        lambda d: case_handling.add_cause(d, area=CauseArea.ROUTINES, text="Ingen rutin alls."),
    )
    do(lotskoping, main, lambda d: case_handling.need_no_action(d, reason="Rutin finns nu."))
    merge(lotskoping, part, main)
    lotskoping.clock.advance(days=15)
    assert missing(lotskoping, main) == ("gate.part_action",)
    assert ("gate.part_action", main.number) in steps_of(lotskoping)
    page = Browser(lotskoping, MARIA).page(f"/arenden/{main.id}")
    assert "Öppna det ärende som är fört hit. Är åtgärden gjord?" in page
    action_id = part.actions[0].id
    later = lotskoping.clock().date() + timedelta(days=7)
    do(
        lotskoping,
        part,
        lambda d: actions.postpone(d, action_id=action_id, due_on=later, reason="Semester"),
    )
    assert close(lotskoping, main).status == CaseStatus.CLOSED


def test_whoever_sent_a_merged_report_hears_how_it_went_though_the_other_cannot_be_reached(
    lotskoping: Lotskoping,
):
    part, main = lotskoping.report(), handled(lotskoping)
    merge(lotskoping, part, main)
    with lotskoping.unit_of_work() as uow:
        silent = replace(uow.cases.find(main.id) or main, feedback="", reporter_reachable=False)
        uow.cases.save(silent)
        uow.commit()
    assert missing(lotskoping, main) == ("gate.feedback",)
    do(lotskoping, main, lambda d: case_handling.write_feedback(d, text="Ny rutin. Tack!"))
    assert close(lotskoping, main).status == CaseStatus.CLOSED
