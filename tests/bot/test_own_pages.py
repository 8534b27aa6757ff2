"""The pages around a report: without a name, answers by code, own reports, hand-overs."""

import re
from dataclasses import replace

import pytest

from handlers import case_handling
from handlers.domain.case import Case
from handlers.domain.risk import Likelihood, Severity
from handlers.work_environment import hand_on_matter
from tests.bot.page_reader import Browser, Page
from tests.lotskoping import INGER, JONAS, MARIA, Lotskoping

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


def test_a_receipt_without_a_name_leads_to_no_list_that_would_know_the_browser(
    lotskoping: Lotskoping,
):
    with Browser(lotskoping.services) as browser:
        browser.open("/anonymt")
        browser.say("Avvikelse")
        to_receipt(browser)
        assert browser.page.text.count("Mina rapporter") == 1  # in the head of every page
        browser.open("/mina-rapporter")
        assert "lotsen_conversation" not in browser.cookies


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


def test_the_first_page_leads_to_the_report_that_is_under_way_and_to_no_other(
    lotskoping: Lotskoping,
):
    with Browser(lotskoping.services) as browser:
        assert "påbörjad" not in browser.open("/").text
        browser.open("/rapportera?form=risk")
        assert "påbörjad" not in browser.open("/").text  # nothing is answered yet
        browser.open("/rapportera")
        browser.say("Nej")
        page = browser.open("/")
        assert "Du har en påbörjad rapport: Risk" in page.text
        browser.say("Fortsätt")
        browser.say("Avbryt")
        assert "påbörjad" not in browser.open("/").text


def test_a_draft_is_continued_from_my_reports(lotskoping: Lotskoping):
    with Browser(lotskoping.services) as browser:
        browser.open("/rapportera?form=deviation")
        browser.say("Nej")
        browser.say("Fel dos gavs")
        browser.open("/mina-rapporter")
        browser.say("Fortsätt")
        assert "När hände det?" in browser.page.text


FOR_THE_NURSE = ("Nej", "Eken", "Trött och varm, vill inte äta", "Hoppa över", "Vaken som vanligt",
                 "Hoppa över", "Hoppa över", "Hoppa över", "Kommer hit nu",
                 "070-174 06 05, undersköterska", "Klart")  # fmt: skip


def gather(browser: Browser) -> None:
    browser.open("/rapportera?form=nurse")
    for line in FOR_THE_NURSE:
        browser.say(line)


def link_of_card(page: Page) -> str:
    [link] = [link for name, link in page.links.items() if name.startswith("visa kortet från")]
    return link


def test_the_card_for_the_nurse_stays_on_the_page_to_be_read_aloud(lotskoping: Lotskoping):
    with Browser(lotskoping.services) as browser:
        gather(browser)
        page = browser.page.text
        assert "Läs upp det här för sjuksköterskan" in page
        assert "Din rapport är skickad" not in page
        for read in ("Gruppbostaden Eken", "vill inte äta", "070-174 06 05, undersköterska"):
            assert read in page


@pytest.mark.parametrize("start", ["/rapportera", "/mina-rapporter"])
def test_the_card_for_the_nurse_is_found_again_for_as_long_as_it_is_kept(
    lotskoping: Lotskoping, start: str
):
    with Browser(lotskoping.services) as browser:
        gather(browser)
        browser.open(start)
        card = link_of_card(browser.page)
        assert "vill inte äta" in browser.open(card).text
        lotskoping.clock.advance(hours=12)
        assert "Visa kortet" not in browser.open(start).text
        assert "vill inte äta" not in browser.open(card).text


def test_nobody_elses_card_is_shown(lotskoping: Lotskoping):
    with Browser(lotskoping.services) as browser:
        gather(browser)
        card = link_of_card(browser.open("/mina-rapporter"))
    with Browser(lotskoping.services) as other:
        assert "vill inte äta" not in other.open(card).text
        other.open("/rapportera?form=risk")
        assert "vill inte äta" not in other.open(card).text


def test_the_link_of_the_nurse_can_be_tapped(lotskoping: Lotskoping):
    services = lotskoping.services
    known = replace(services.municipality, nurse_email="jour@lotskoping.example")
    with Browser(replace(services, municipality=known)) as browser:
        gather(browser)
        assert any("/overlamning/" in link for link in browser.page.links.values())


def test_a_matter_of_the_work_environment_gets_a_receipt_and_is_followed(lotskoping: Lotskoping):
    with Browser(lotskoping.services) as browser:
        browser.open("/rapportera?form=deviation")
        for line in ("Nej", "Jag halkade på isen i går på Solrosen", "Bara oss som arbetar här"):
            browser.say(line)
        page = browser.say("Skicka till chefen").text
        assert "Ditt kvitto" in page
        assert "ärendenummer" not in page
        assert "Svaret kommer" not in page
        assert "ser du när någon har fört det vidare" in page
        page = browser.open("/mina-rapporter").text
        assert "AM-2026-00001" in page
        assert "Det ligger hos chefen" in page
        assert "Du har inte skickat något" not in page
        with lotskoping.unit_of_work() as uow:
            [found] = uow.handovers.where()
            now, municipality = lotskoping.clock(), lotskoping.services.municipality
            hand_on_matter(uow, found.id, JONAS, "KIA-3", now, municipality)
            uow.commit()
        assert "Chefen förde det vidare" in browser.open("/mina-rapporter").text


def test_whoever_has_only_drafts_is_not_told_that_something_is_missing(lotskoping: Lotskoping):
    with Browser(lotskoping.services) as browser:
        browser.open("/rapportera?form=deviation")
        browser.say("Nej")
        page = browser.open("/mina-rapporter").text
        assert "Mina utkast" in page
        assert "Har du bytt telefon" not in page
        assert "Du har inte skickat något än" in page


def test_a_hand_over_is_read_by_whoever_has_the_link_and_is_logged_in(lotskoping: Lotskoping):
    with Browser(lotskoping.services) as browser:
        gather(browser)
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
