"""A manager's Monday in the browser: from the digest to three cases handled, and MAS on the way."""

import re
from datetime import UTC, datetime

from playwright.sync_api import Page, expect

from bot.schedule import sweep
from handlers.domain.case import CaseStatus
from handlers.records import Purpose, QueuedMessage
from tests.bot.web.conftest import Visit
from tests.bot.web.site import Site
from tests.bot.web.test_manager import assess
from tests.bot.web.walking import log_in, press
from tests.lotskoping import INGER, MARIA

MONDAY = datetime(2026, 6, 8, 6, 5, tzinfo=UTC)  # five past eight in Stockholm


def digest_of(queued: list[QueuedMessage], person_id: str) -> str:
    [found] = [
        q.message
        for q in queued
        if q.message.purpose == Purpose.DIGEST and q.message.person_id == person_id
    ]
    return found.text


def follow(page: Page, site: Site, link: str) -> None:
    page.goto(site.address(re.sub(r"^https?://[^/]+", "", link)))


def close_well(page: Page) -> None:
    """Cause, action, answer and end, each where the page opens by itself."""
    page.get_by_label("Processer och rutiner").check()
    page.get_by_label("Varför hände det?").fill("Ingen kontrollerar mattan på kvällen.")
    press(page, "Lägg till orsaken")
    page.get_by_label("Vad ska göras?").fill("Mattan kontrolleras vid varje skifte.")
    page.locator("#owner").select_option(label="Maria Lindqvall")
    page.locator("#due").fill("2026-06-15")
    press(page, "Lägg till åtgärden")
    page.locator("#feedback").fill("Nu kontrolleras mattan varje kväll. Tack!")
    press(page, "Spara svaret")
    expect(page.get_by_text("Allt är klart.")).to_be_visible()
    press(page, "Avsluta ärendet")
    expect(page.locator(".case-head .tag").first).to_have_text("Avslutad")


def test_a_managers_monday(visit: Visit, site: Site) -> None:
    lotskoping = site.lotskoping
    told = ("Mattan var av.", "Personen föll vid sängen i natt.", "Ingen svarade på larmet.")
    cases = [lotskoping.report(what, conversation=f"webchat:{what}") for what in told]
    lotskoping.outbox()
    lotskoping.clock.now = MONDAY
    sweep(lotskoping.services)

    # The digest: one message, each case with its one step and a link, nothing of the report.
    digest = digest_of(lotskoping.outbox(), MARIA)
    assert all(case.number in digest for case in cases)
    assert not any(what in digest for what in told)
    links = [next(link for link in digest.split() if case.id in link) for case in cases]

    maria = visit()
    log_in(maria, site, "Maria Lindqvall", "/att-gora")
    for case in cases:
        expect(maria.locator("main")).to_contain_text(case.number)

    # One is handled to its end.
    follow(maria, site, links[0])
    assess(maria, "2. Måttlig", "1. Sällan")
    close_well(maria)

    # One is escalated: severity 4 tells MAS at once, and only MAS may close it.
    follow(maria, site, links[1])
    assess(maria, "4. Katastrofal", "1. Sällan")
    expect(maria.locator("#avsluta")).to_contain_text("MAS behöver avsluta det.")

    # One is received, assessed and given a cause; it waits for its action.
    follow(maria, site, links[2])
    press(maria, "Ta emot ärendet")
    expect(maria.locator(".case-head .tag").first).to_have_text("Mottagen")
    assess(maria, "1. Mindre", "3. Varje vecka")
    maria.locator("#area-equipment").check()
    maria.get_by_label("Varför hände det?").fill("Batteriet var slut.")
    press(maria, "Lägg till orsaken")
    expect(maria.locator(".next-step")).to_contain_text("åtgärd")

    # MAS has a link in the alert, and takes it.
    [alert] = [
        q.message
        for q in lotskoping.outbox()
        if q.message.purpose == Purpose.ALERT and q.message.person_id == INGER
    ]
    assert cases[1].number in alert.text
    assert told[1] not in alert.text
    mas = visit()
    log_in(mas, site, "Inger Strandlycke", "/att-gora")
    follow(mas, site, alert.link)
    press(mas, "Jag tar hand om det")
    expect(mas.get_by_text("Inger Strandlycke bekräftade")).to_be_visible()
    press(mas, "Rätt")
    expect(mas.get_by_text("Du har svarat")).to_be_visible()
    mas.goto(site.address("/larm"))
    expect(mas.get_by_text("Rätt: 1 av 1 larm")).to_be_visible()

    # Of the closed case only the action is left on the list, until it has been done and checked.
    maria.goto(site.address("/att-gora"))
    expect(maria.locator(f'main a[href^="/arenden/{cases[0].id}"]')).to_have_count(1)
    expect(maria.locator("main")).to_contain_text("Mattan kontrolleras vid varje skifte.")
    statuses = [lotskoping.case(case.id).status for case in cases]
    assert statuses == [CaseStatus.CLOSED, CaseStatus.ASSESSED, CaseStatus.INVESTIGATING]
