"""The pages around a report: without a name, answers by code, own reports, hand-overs."""

import re

from handlers import case_handling
from handlers.domain.case import Case
from handlers.domain.risk import Likelihood, Severity
from tests.bot.page_reader import Browser
from tests.lotskoping import INGER, MARIA, Lotskoping

STORY = "I går kväll fick en boende på Björkgården fel dos. Ingen skada."
CODE = re.compile(r"\d{4} \d{4} \d{4} \d{4}")


def only_case(lotskoping: Lotskoping) -> Case:
    with lotskoping.unit_of_work() as uow:
        [case] = uow.cases.listed(None, open_only=False)
    return case


def close(lotskoping: Lotskoping, feedback: str) -> None:
    case = only_case(lotskoping)
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, case, MARIA)
        case_handling.assess_risk(desk, severity=Severity.MINOR, likelihood=Likelihood.RARE)
        case_handling.write_feedback(desk, text=feedback)
        case_handling.close_without_investigation(desk, reason="Klart direkt.")
        uow.commit()


def to_receipt(browser: Browser) -> None:
    for line in ("Nej", STORY, "Nej, inte förut", "Ingen än", "Hoppa över"):
        browser.say(line)
    choices = [label for label, _, values in browser.page.buttons() if "choice" in values]
    browser.say(choices[0])
    browser.say("Skicka rapporten")


def test_an_anonymous_report_gives_a_code_that_reads_the_answer(lotskoping: Lotskoping):
    with Browser(lotskoping.services, person_id=MARIA) as browser:
        browser.open("/anonymt")
        browser.say("Avvikelse")
        to_receipt(browser)
        found = CODE.search(browser.page.text)
    assert found is not None
    close(lotskoping, "Tack, listan är ändrad.")
    with Browser(lotskoping.services) as elsewhere:
        elsewhere.open("/svar")
        [form] = [form for form in elsewhere.page.forms if form.action == "/svar"]
        assert "Den koden finns inte" in elsewhere.send(form, {"code": "1234"}).text
        assert "listan är ändrad" in elsewhere.send(form, {"code": found.group()}).text
    case = only_case(lotskoping)
    with lotskoping.unit_of_work() as uow:
        report = uow.reports.of_case(case.id)
    assert report is not None
    assert (report.reporter.person_id, report.reporter.address) == ("", "")


def test_nobody_asks_a_reporter_without_a_name_who_may_know_it(lotskoping: Lotskoping):
    with Browser(lotskoping.services) as browser:
        browser.open("/anonymt")
        browser.say("Missförhållande")
        for line in ("Nej", "Larmet har varit trasigt länge.", "I går", "Björkgårdens äldreboende"):
            browser.say(line)
        assert "Är chefen på enheten inblandad?" in browser.page.text
        browser.say("Nej")
        browser.say("Vet inte")
        assert "Vem får veta att det är du" not in browser.page.text
        browser.say("Vet inte")
        browser.say("Skicka rapporten")
        assert CODE.search(browser.page.text)
    assert only_case(lotskoping).possible_misconduct


def test_the_report_after_an_anonymous_one_is_not_tied_to_it(lotskoping: Lotskoping):
    with Browser(lotskoping.services) as browser:
        browser.open("/anonymt")
        browser.say("Avvikelse")
        to_receipt(browser)
        browser.open("/rapportera")
        browser.open("/rapportera?form=deviation")
        to_receipt(browser)
        assert CODE.search(browser.page.text) is None
        browser.open("/mina-rapporter")
        assert browser.page.text.count("AVV-2026-") < 4
        assert "AVV-2026-00001" not in browser.page.text


def test_my_reports_show_the_answer_and_take_a_vote_and_more(lotskoping: Lotskoping):
    with Browser(lotskoping.services) as browser:
        browser.open("/rapportera?form=deviation")
        to_receipt(browser)
        browser.open("/mina-rapporter")
        browser.say("Lägg till i AVV-2026-00001")
        browser.say("Det var fel lista")
        browser.say("Lägg till")
        assert "tillagt i ärende AVV-2026-00001" in browser.page.text
    case = only_case(lotskoping)
    with lotskoping.unit_of_work() as uow:
        reports = uow.reports.all_of_case(case.id)
    assert [report.form_id for report in reports] == ["deviation", "addition"]


def test_a_draft_is_continued_from_my_reports(lotskoping: Lotskoping):
    with Browser(lotskoping.services) as browser:
        browser.open("/rapportera?form=deviation")
        browser.say("Nej")
        browser.say("Fel dos gavs")
        browser.open("/mina-rapporter")
        browser.say("Fortsätt")
        assert "När hände det?" in browser.page.text


def test_a_hand_over_is_read_by_whoever_has_the_link_and_is_logged_in(lotskoping: Lotskoping):
    with Browser(lotskoping.services) as browser:
        browser.open("/rapportera?form=nurse")
        for line in ("Nej", "Trött och varm, vill inte äta", "Hoppa över", "Vaken som vanligt"):
            browser.say(line)
        for line in ("Hoppa över", "Hoppa över", "Hoppa över", "Kommer hit nu", "Klart"):
            browser.say(line)
        assert "Läs upp det för sjuksköterskan" in browser.page.text
        with lotskoping.unit_of_work() as uow:
            [kept] = uow.handovers.where()
        assert "vill inte äta" not in browser.open(f"/overlamning/{kept.id}").text
    with Browser(lotskoping.services, person_id=INGER) as reader:
        assert "vill inte äta" in reader.open(f"/overlamning/{kept.id}").text
        lotskoping.clock.advance(hours=1, minutes=30)
        assert "vill inte äta" in reader.open(f"/overlamning/{kept.id}").text


def test_the_posters_link_tells_the_unit(lotskoping: Lotskoping):
    with Browser(lotskoping.services) as browser:
        browser.open("/rapportera?form=deviation&enhet=solrosen")
        browser.say("Nej")
        browser.say("Fel dos gavs")
        assert "Solrosens demensboende (jag gissar)" in browser.page.text
