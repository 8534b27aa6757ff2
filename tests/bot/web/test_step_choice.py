"""*Att göra* of one kind of step: chosen on the page, or by the link of a digest."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from bot.schedule import sweep
from bot.web.paging import ROWS
from bot.web.step_choice import MANY
from handlers import case_handling
from handlers.domain.case import Case
from handlers.records import Purpose
from tests.bot.web.conftest import Visit
from tests.bot.web.site import Site
from tests.bot.web.test_accessibility import check, narrow
from tests.bot.web.walking import log_in
from tests.lotskoping import MARIA

__all__ = ["narrow"]
RECEIVE = "/att-gora?steg=duty.acknowledge"


def reports(site: Site, count: int) -> list[Case]:
    return [
        site.lotskoping.report("Tvätten kom fel.", conversation=f"webchat:{number}")
        for number in range(count)
    ]


def receive(site: Site, case: Case) -> None:
    with site.lotskoping.unit_of_work() as uow:
        case_handling.acknowledge(site.lotskoping.desk(uow, case, MARIA))
        uow.commit()


def numbers(page: Page) -> list[str]:
    tags = page.locator(".cards .tag").filter(has_text="AVV-").all_inner_texts()
    return sorted(tags)


def test_a_long_list_is_narrowed_to_one_step_and_shown_whole_again(
    narrow: Page, site: Site
) -> None:
    cases = reports(site, MANY + 1)
    for case in cases[:3]:
        receive(site, case)
    log_in(narrow, site, "Maria Lindqvall", "/att-gora")
    narrow.get_by_text("Visa bara ett slags steg").click()
    narrow.get_by_role("link", name=f"Ta emot ärendet ({MANY - 2})").click()
    assert narrow.url.endswith(RECEIVE)
    assert numbers(narrow) == [case.number for case in cases[3:]]
    check(narrow)
    narrow.get_by_role("link", name="Visa alla igen").click()
    assert set(numbers(narrow)) == {case.number for case in cases}


def test_a_step_that_nothing_waits_for_any_more_says_so(visit: Visit, site: Site) -> None:
    case, _ = reports(site, 2)
    receive(site, case)
    page = visit()
    log_in(page, site, "Maria Lindqvall", "/att-gora?steg=gate.feedback")
    expect(page.get_by_text("Inget mer av det här väntar på dig.")).to_be_visible()
    page.goto(site.address("/att-gora?steg=%22%3E%3Cscript%3E"))
    assert case.number in numbers(page)


def test_a_short_list_has_nothing_to_choose(visit: Visit, site: Site) -> None:
    reports(site, 2)
    page = visit()
    log_in(page, site, "Maria Lindqvall", "/att-gora")
    expect(page.get_by_text("Visa bara ett slags steg")).to_have_count(0)


def test_the_line_of_a_digest_leads_to_what_it_names_together(visit: Visit, site: Site) -> None:
    cases = reports(site, ROWS + 5)
    receive(site, cases[0])
    site.lotskoping.clock.now += timedelta(days=1)
    sweep(site.lotskoping.services)
    [mail] = [
        q.message
        for q in site.lotskoping.outbox()
        if q.message.purpose == Purpose.DIGEST and q.message.person_id == MARIA
    ]
    assert f"{RECEIVE}\n" in mail.text
    page = visit()
    log_in(page, site, "Maria Lindqvall", RECEIVE)
    first = numbers(page)
    assert len(first) == ROWS
    page.get_by_role("link", name="Nästa sida").click()
    assert RECEIVE in page.url
    assert sorted([*first, *numbers(page)]) == [case.number for case in cases[1:]]
