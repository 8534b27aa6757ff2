"""Every page, in light and dark: no fault that axe finds, nothing outside a narrow screen, no
target too small for a thumb.
"""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from bot.continuing import continue_link
from handlers.dialogue.state import Command
from tests.bot.test_mail_to_case import Post
from tests.bot.web.conftest import Visit
from tests.bot.web.site import Site
from tests.bot.web.test_uploads import photo
from tests.bot.web.walking import (
    answer_until,
    asked,
    begin,
    log_in,
    press,
    receipt_number,
    write,
)

NARROWEST = 320  # also what 640 pixels are at 200 %
SMALLEST_TARGET = 44

# Radio buttons are reached by their label too, which is measured with them.
_TOO_SMALL = """least => [
    ...document.querySelectorAll('a, button, summary, select, textarea, input')
  ]
  .filter(one => one.checkVisibility() && !['hidden', 'radio'].includes(one.type))
  .filter(one => !one.classList.contains('skip'))
  .filter(one => one.getBoundingClientRect().height < least - 0.5)
  .map(one => one.textContent.trim() || one.outerHTML)"""
_TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

axe = Axe()


def faults_of(page: Page, options: dict[str, object]) -> list[object]:
    found = axe.run(page, options={"resultTypes": ["violations"], **options})
    return [
        (one["id"], [node["html"] for node in one["nodes"]]) for one in found.response["violations"]
    ]


def check(page: Page) -> None:
    page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    page.emulate_media(color_scheme="light")
    assert faults_of(page, {}) == [], page.url
    page.emulate_media(color_scheme="dark")  # only the colours are others
    assert faults_of(page, {"runOnly": ["color-contrast"]}) == [], f"{page.url} in dark"
    assert page.evaluate(_TOO_WIDE) == 0, f"{page.url} is wider than the screen"
    assert page.evaluate(_TOO_SMALL, SMALLEST_TARGET) == [], page.url


@pytest.fixture
def narrow(visit: Visit) -> Page:
    # Our own policy forbids the script that axe puts into the page.
    return visit(width=NARROWEST, bypass_csp=True)


def test_every_page_of_the_dialogue(narrow: Page, site: Site) -> None:
    page = narrow
    check(page)
    page.goto(site.address("/rapportera"))
    check(page)
    begin(page)
    check(page)
    press(page, "Ja, fara nu")
    asked(page, "what")
    check(page)
    write(page, "")
    expect(page.locator("#rejection")).to_be_visible()
    check(page)
    write(page, "Personen satt på golvet när vi kom in. " * 30)
    asked(page, "when")
    check(page)
    press(page, "I går")
    asked(page, "where")
    check(page)
    press(page, "Hemtjänst Norr")
    ways = {
        "background": "Hoppa över",
        "harm": "Vet inte",
        "done": "Hoppa över",
    }
    for question, name in ways.items():
        asked(page, question)
        press(page, name)
    asked(page, "category")
    check(page)
    page.locator("#choices button").first.click()
    asked(page, "summary")
    check(page)
    press(page, "Pausa")
    press(page, "Fortsätt")
    asked(page, "summary")
    page.locator("#connection, #refused, #restored").evaluate_all(
        "all => all.forEach(one => { one.hidden = false; })"
    )
    check(page)
    press(page, "Skicka rapporten")
    receipt_number(page)
    check(page)
    for path in ("/mina-rapporter", "/logga-in", "/finns-inte"):
        page.goto(site.address(path))
        check(page)


def test_every_page_of_managers_and_mas(narrow: Page, site: Site) -> None:
    case = site.lotskoping.report(harm="hospital")
    site.lotskoping.clock.advance(days=33)
    page = narrow
    log_in(page, site, "Inger Strandlycke", "/larm")
    check(page)
    page.get_by_role("link", name=case.number).first.click()
    check(page)
    press(page, "Jag tar hand om det")
    expect(page.locator("#bekraftat")).to_be_visible()
    check(page)
    page.goto(site.address("/arenden"))
    check(page)
    page.goto(site.address(f"/arenden/{case.id}"))
    check(page)
    press(page, "Avsluta ärendet")
    expect(page.get_by_role("alert")).to_be_visible()
    check(page)


def test_the_mail_room_and_a_case_that_came_by_mail(narrow: Page, site: Site) -> None:
    post = Post(site.lotskoping)
    post.comes(
        "Handskar och förkläden med rabatt.",
        Subject="Nyhetsbrev",
        Precedence="bulk",
        List_Id="<nyheter.butik.example>",
        List_Unsubscribe="<mailto:bort@butik.example>",
    )
    post.comes(
        "Min mamma fick vänta på hjälp i två timmar i går. Ingen svarade på larmet.\n\n"
        "Den 30 maj skrev kommunen:\n> Tack för ditt meddelande.\n"
    )
    page = narrow
    log_in(page, site, "Bengt Orrfelt", "/brev")
    expect(page.get_by_role("heading", name="Nyhetsbrev")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Ärenden").click()
    page.locator(".card h2 a").first.click()
    expect(page.get_by_text("Min mamma fick vänta")).to_be_visible()
    check(page)


def test_a_case_with_everything_done_and_a_closed_one(narrow: Page, site: Site) -> None:
    case = site.lotskoping.report()
    page = narrow
    log_in(page, site, "Inger Strandlycke", f"/arenden/{case.id}")
    page.get_by_label("2. Måttlig").check()
    page.get_by_label("3. Varje vecka").check()
    press(page, "Spara bedömningen")
    page.get_by_label("Teknik och utrustning").check()
    page.get_by_label("Varför hände det?").fill("Larmet var trasigt.")
    press(page, "Lägg till orsaken")
    page.locator("#ingen-atgard summary").click()
    page.get_by_label("Varför behövs ingen åtgärd?").fill("Larmet är utbytt.")
    page.locator("#ingen-atgard").get_by_role("button").click()
    page.locator("#feedback").fill("Larmet är utbytt.")
    press(page, "Spara svaret")
    expect(page.get_by_text("Allt är klart.")).to_be_visible()
    check(page)
    page.reload()
    press(page, "Avsluta ärendet")
    page.locator("#oppna-igen summary").click()
    expect(page.get_by_role("button", name="Öppna ärendet igen")).to_be_visible()
    check(page)


def test_pictures_posters_and_the_way_on_from_a_chat(
    narrow: Page, site: Site, tmp_path: Path
) -> None:
    page = narrow
    page.goto(site.address("/enheter"))
    check(page)
    page.goto(site.address("/rapportera/fortsatt/gammal"))
    check(page)
    chat = "console:somebody"
    site.lotskoping.say(command=Command.RESUME, conversation=chat)
    site.lotskoping.say(choice="no", conversation=chat)
    with site.lotskoping.unit_of_work() as uow:
        draft = uow.drafts.latest(chat)
    assert draft is not None
    link = continue_link(site.lotskoping.services, draft.id)
    page.goto(site.address(link.removeprefix(site.lotskoping.services.settings.base_url)))
    check(page)
    press(page, "Fortsätt här")
    answer_until(page, "summary", first="what")
    (tmp_path / "golvet.jpg").write_bytes(photo())
    (tmp_path / "tom.jpg").write_bytes(b"MZ\x00")
    page.get_by_text("Lägg till bild eller fil").click()
    page.locator("#files").set_input_files([tmp_path / "golvet.jpg", tmp_path / "tom.jpg"])
    press(page, "Ladda upp")
    expect(page.get_by_role("button", name="Ta bort golvet.jpg")).to_be_visible()
    expect(page.locator("#rejection")).to_be_focused()
    check(page)
    press(page, "Skicka rapporten")
    receipt_number(page)
    check(page)
    [case] = listed_cases(site)
    log_in(page, site, "Maria Lindqvall", f"/arenden/{case}")
    expect(page.get_by_role("img", name="golvet.jpg")).to_be_visible()
    check(page)


def listed_cases(site: Site) -> list[str]:
    with site.lotskoping.unit_of_work() as uow:
        return [case.id for case in uow.cases.listed(None, open_only=False)]
