"""The pages around a case with everything on them: no fault for axe, thumbs or narrow screens."""

from collections import Counter
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from handlers import actions, case_handling, duplicates, exchanges, investigation, team, tracks
from handlers.case_records import Forum, PartyKind, Profession
from handlers.desk import Desk
from handlers.domain.case import Case, CauseArea
from handlers.domain.injury import InjuryClass
from handlers.domain.moves import Machine
from handlers.domain.risk import Likelihood, Severity
from tests.bot.web.site import Site
from tests.bot.web.test_accessibility import check, narrow
from tests.bot.web.walking import log_in
from tests.lotskoping import INGER, JONAS, MARIA, Lotskoping

__all__ = ["narrow"]
FALL = "Vi hittade personen på golvet vid sängen i morse. Larmmattan var inte påslagen."


def full_case(lotskoping: Lotskoping) -> Case:
    case, double = lotskoping.report(FALL), lotskoping.report(FALL)
    lotskoping.report(FALL)

    def work(desk: Desk) -> None:
        investigation.change_legal_areas(desk, legal_areas=["HSL", "SoL"])
        for severity in (Severity.MODERATE, Severity.MINOR):
            case_handling.assess_risk(
                desk, severity=severity, likelihood=Likelihood.MONTHLY, legal_area="HSL"
            )
        investigation.classify(desk, injury=InjuryClass.CARE_INJURY)
        found = case_handling.add_cause(
            desk, area=CauseArea.COMPETENCE, text="Mänsklig faktor"
        ).causes[0]
        due_on = desk.today + timedelta(days=3)
        acted = case_handling.add_action(
            desk, cause_id=found.id, text="Introduktion", owner_id=MARIA, due_on=due_on
        )
        actions.finish(desk, action_id=acted.actions[0].id, effect="")
        team.comment(desk, text="Hon hade bara gått bredvid en kväll.")
        team.add_task(desk, text="Kolla larmmattan", owner_id=JONAS, due_on=due_on)
        team.invite(desk, person_id=JONAS, profession=Profession.NURSE)
        team.put_on_agenda(desk, forum=Forum.WORKPLACE)
        exchanges.was_asked(desk, party_kind=PartyKind.REGION, party="Akutmottagningen")

    with lotskoping.unit_of_work() as uow:
        work(lotskoping.desk(uow, case, MARIA))
        duplicates.merge(lotskoping.desk(uow, double, MARIA), into_id=case.id)
        tracks.start(lotskoping.desk(uow, case, INGER), Machine.LEX_MARIA, reason="Möjlig")
        uow.commit()
    return lotskoping.case(case.id)


def test_a_case_that_waits(narrow: Page, site: Site) -> None:
    case = site.lotskoping.report(FALL)
    with site.lotskoping.unit_of_work() as uow:
        desk = site.lotskoping.desk(uow, case, MARIA)
        until_on = desk.today + timedelta(days=3)
        case_handling.snooze(desk, until_on=until_on, reason="Väntar på leverans")
        uow.commit()
    log_in(narrow, site, "Maria Lindqvall", f"/arenden/{case.id}")
    expect(narrow.get_by_text("Väntar på leverans")).to_be_visible()
    check(narrow)


def test_a_case_with_everything_on_it(narrow: Page, site: Site) -> None:
    case = full_case(site.lotskoping)
    log_in(narrow, site, "Maria Lindqvall", f"/arenden/{case.id}")
    check(narrow)


@pytest.mark.parametrize("reader", ["Maria Lindqvall", "Inger Strandlycke"])
def test_no_two_buttons_of_a_case_have_one_name(narrow: Page, site: Site, reader: str) -> None:
    case = full_case(site.lotskoping)
    log_in(narrow, site, reader, f"/arenden/{case.id}")
    narrow.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    names = [" ".join(one.split()) for one in narrow.locator("main button").all_text_contents()]
    assert len(names) > 20
    assert not [name for name, count in Counter(names).items() if count > 1]


def test_the_overviews_and_the_answer_page(narrow: Page, site: Site) -> None:
    full_case(site.lotskoping)
    log_in(narrow, site, "Inger Strandlycke", "/att-gora")
    for path in ("/att-gora", "/monster", "/moten", "/siffror", "/svar/nothing"):
        narrow.goto(site.address(path))
        check(narrow)


def test_the_pages_of_whoever_runs_lotsen(narrow: Page, site: Site) -> None:
    log_in(narrow, site, "Rolf Kvistmark", "/organisation")
    for path in ("/organisation", "/organisation/jonas-ekbratt", "/nodlage"):
        narrow.goto(site.address(path))
        check(narrow)
    log_in(narrow, site, "Inger Strandlycke", "/logg")
    check(narrow)
