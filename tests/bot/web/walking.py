"""What people do on the pages, in their words."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.bot.web.site import Site

# Tells neither when nor where nor how it went, so that every question is asked.
WHAT = "Personen satt på golvet när vi kom in i rummet."

QUESTIONS: dict[str, str | re.Pattern[str]] = {
    "danger": "Är någon i fara just nu?",
    "what": "Vad hände? Berätta kort med egna ord.",
    "when": "När hände det?",
    "where": "På vilken enhet hände det?",
    "background": "Har något liknande hänt förut? Vad skulle ha hänt i stället?",
    "harm": "Hur mår personen nu? Hur blev personen påverkad?",
    "done": "Vad gjorde ni direkt? Vem fick veta det?",
    "prevent": "Vad kan göra att det inte händer igen?",
    "category": re.compile("Vad handlar det mest om|Vad stämmer bäst"),
    "summary": "Så här har jag förstått dig. Stämmer det?",
}


def asked(page: Page, question: str) -> None:
    """Wait until the page shows this question, or the summary."""
    expect(page.get_by_role("heading", level=1)).to_have_text(QUESTIONS[question])


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def write(page: Page, text: str) -> None:
    page.locator("#answer").fill(text)
    press(page, "Nästa")


def begin(page: Page) -> None:
    page.get_by_role("link", name="Jag arbetar här").click()
    asked(page, "danger")
    page.wait_for_load_state()  # a tap before the page's scripts are there would leave the page


def answer_until(page: Page, last: str, *, first: str = "danger") -> None:
    """Answer from the first question on, the shortest way, until `last` is asked."""
    ways: dict[str, Callable[[], None]] = {
        "danger": lambda: press(page, "Nej"),
        "what": lambda: write(page, WHAT),
        "when": lambda: press(page, "Tidigare i dag"),
        "where": lambda: press(page, "Björkgårdens äldreboende"),
        "background": lambda: press(page, "Nej, inte förut"),
        "harm": lambda: press(page, "Ingen blev påverkad"),
        "done": lambda: press(page, "Hoppa över"),
        "category": lambda: page.locator("#choices button").first.click(),
    }
    for question in list(ways)[list(ways).index(first) :]:
        asked(page, question)
        if question == last:
            return
        ways[question]()
    asked(page, last)


def receipt_number(page: Page) -> str:
    expect(page.get_by_role("heading", level=1)).to_have_text("Din rapport är skickad")
    return page.locator(".number").inner_text()


def log_in(page: Page, site: Site, name: str, onward: str = "/arenden") -> None:
    page.goto(site.address(f"/logga-in?vidare={onward}"))
    page.get_by_role("button", name=name).click()
    page.wait_for_url(f"**{onward}")


def summary_line(page: Page, label: str) -> str:
    line = page.locator(".summary > div").filter(has=page.locator("dt", has_text=label))
    return line.locator(".own-words").first.inner_text()


def unfold(page: Page, part: str) -> None:
    """Open a folded part of the case page, and leave an open one as it is."""
    page.wait_for_load_state()  # the page's script opens the part that the address names
    found = page.locator(f"details#{part}")
    if found.get_attribute("open") is None:
        found.locator("summary").first.click()
    expect(found).to_have_attribute("open", "")
