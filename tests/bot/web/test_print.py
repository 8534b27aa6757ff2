"""A case on paper: everything that is known of it, and nothing that can only be pressed."""

import pypdfium2
import pytest
from playwright.sync_api import Page

from handlers import team
from tests.bot.web.conftest import Visit
from tests.bot.web.site import Site
from tests.bot.web.test_casework_accessibility import FALL, full_case
from tests.bot.web.walking import log_in
from tests.lotskoping import MARIA

LONG = " ".join(f"Rad {number} av ett långt yttrande." for number in range(1, 60))


def paper(page: Page) -> str:
    """Return the words of the page as its own printout has them."""
    with pypdfium2.PdfDocument(page.pdf(format="A4")) as document:
        pages = [sheet.get_textpage().get_text_bounded() for sheet in document]
    return " ".join(" ".join(pages).split())


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_printed_case_has_everything_that_is_known_of_it(
    visit: Visit, site: Site, scripts: bool
) -> None:
    case = full_case(site.lotskoping)
    with site.lotskoping.unit_of_work() as uow:
        team.comment(site.lotskoping.desk(uow, case, MARIA), text=LONG)
        uow.commit()
    page = visit(java_script_enabled=scripts)
    log_in(page, site, "Maria Lindqvall", f"/arenden/{case.id}")
    text = paper(page)
    for known in (
        FALL,
        "Mänsklig faktor",
        "Introduktion",
        "Hon hade bara gått bredvid en kväll.",
        "Kolla larmmattan",
        "Akutmottagningen",
        "Lex Maria",
        "Historik",
        "Rad 59 av ett långt yttrande.",
    ):
        assert known in text
    assert text.count("Rad 1 av ett långt yttrande.") == 1
    for pressed in ("Till listan", "Så gör du", "Spara", "Bjud in", "Avsluta", "Visa allt"):
        assert pressed not in text


def test_what_was_folded_is_folded_again_after_printing(visit: Visit, site: Site) -> None:
    case = full_case(site.lotskoping)
    page = visit()
    log_in(page, site, "Maria Lindqvall", f"/arenden/{case.id}")
    page.wait_for_load_state()
    folded = page.locator("details:not([open])")
    before = folded.count()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert folded.count() < before
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert folded.count() == before
