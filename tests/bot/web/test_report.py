"""A care worker reports on a phone, whatever the phone, the person or the network does."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.bot.web.conftest import Visit
from tests.bot.web.site import Site
from tests.bot.web.walking import (
    WHAT,
    answer_until,
    asked,
    begin,
    press,
    receipt_number,
    summary_line,
    write,
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One site for all: every reporter has a browser window and a conversation of their own."""
    started = Site(tmp_path_factory.mktemp("site"))
    yield started
    started.stop()


def cases_of(site: Site) -> list[str]:
    with site.lotskoping.services.unit_of_work(read_only=True) as uow:
        return [case.number for case in uow.cases.listed(None, open_only=False)]


def test_a_report_goes_from_the_first_tap_to_a_receipt_with_a_number(
    visit: Visit, site: Site
) -> None:
    before = cases_of(site)
    page = visit()
    begin(page)
    expect(page.get_by_text("Fråga 1 av 9")).to_be_visible()
    answer_until(page, "summary")
    press(page, "Skicka rapporten")
    number = receipt_number(page)
    assert cases_of(site) == [*before, number]

    page.locator("#dialogue").get_by_role("link", name="Mina rapporter").click()
    expect(page.get_by_role("heading", name=number)).to_be_visible()


def test_going_back_shows_the_earlier_answer_to_change(visit: Visit) -> None:
    page = visit()
    begin(page)
    answer_until(page, "when")
    press(page, "Tillbaka")
    asked(page, "what")
    expect(page.locator("#answer")).to_have_value(WHAT)
    press(page, "Tillbaka")
    asked(page, "danger")
    expect(page.locator("button.chosen")).to_contain_text("Nej")


def test_any_line_of_the_summary_can_be_changed_and_questions_skipped(visit: Visit) -> None:
    page = visit()
    begin(page)
    answer_until(page, "summary")
    assert summary_line(page, "Förslag") == "Inte besvarad"
    press(page, "Ändra Var")
    asked(page, "where")
    press(page, "Solrosens demensboende")
    asked(page, "summary")
    assert summary_line(page, "Var") == "Solrosens demensboende"
    assert summary_line(page, "Vad hände") == WHAT


def test_a_paused_report_goes_on_after_the_server_has_restarted(visit: Visit, site: Site) -> None:
    page = visit()
    begin(page)
    answer_until(page, "where")
    press(page, "Pausa")
    expect(page.get_by_role("heading", level=1)).to_have_text("Rapporten är pausad")
    site.restart()
    page.goto(site.address("/rapportera"))
    asked(page, "where")
    expect(page.get_by_text("Hej igen")).to_be_visible()
    press(page, "Vet inte")
    asked(page, "background")


def test_a_cancelled_report_can_be_regretted_or_left_for_a_new_one(visit: Visit) -> None:
    page = visit()
    begin(page)
    answer_until(page, "when")
    press(page, "Avbryt")
    press(page, "Ångra")
    asked(page, "when")
    press(page, "Avbryt")
    page.get_by_role("link", name="Ny rapport").click()
    begin(page)
    expect(page.locator("button.chosen")).to_have_count(0)


def test_danger_now_shows_what_to_do_and_a_number_to_call(visit: Visit, site: Site) -> None:
    page = visit()
    begin(page)
    press(page, "Ja, fara nu")
    asked(page, "what")
    advice = page.locator(".notice.danger")
    expect(advice).to_be_focused()
    expect(advice.get_by_role("link", name="Ring 112")).to_have_attribute("href", "tel:112")
    with site.lotskoping.unit_of_work() as uow:
        assert len(uow.alerts.unacknowledged()) == 1


def test_an_empty_answer_is_asked_again_with_the_reason_in_focus(visit: Visit) -> None:
    page = visit()
    begin(page)
    press(page, "Nej")
    write(page, "   ")
    expect(page.locator("#rejection")).to_be_focused()
    expect(page.locator("#rejection")).to_contain_text("Jag fick inget svar")
    expect(page.locator("#answer")).to_have_attribute("aria-invalid", "true")


def test_the_units_shrink_to_what_is_typed(visit: Visit) -> None:
    page = visit()
    begin(page)
    answer_until(page, "where")
    page.get_by_label("Sök enhet").fill("hemtja")
    expect(page.get_by_text("2 enheter passar.")).to_be_visible()
    expect(page.locator("#choices button:visible")).to_have_count(2)
    page.get_by_label("Sök enhet").fill("solrosen")
    page.keyboard.press("Enter")
    asked(page, "background")


def test_own_words_go_along_with_a_tapped_choice(visit: Visit) -> None:
    page = visit()
    begin(page)
    answer_until(page, "background")
    page.get_by_label("Med egna ord").fill("Det hände förra veckan också.")
    press(page, "Ja, någon gång")
    for question, name in (("harm", "Vet inte"), ("done", "Hoppa över")):
        asked(page, question)
        press(page, name)
    asked(page, "category")
    page.locator("#choices button").first.click()
    asked(page, "summary")
    assert "förra veckan också" in summary_line(page, "Bakgrund")


def test_markup_in_an_answer_is_shown_as_it_was_written(visit: Visit) -> None:
    page = visit()
    begin(page)
    press(page, "Nej")
    hostile = "<img src=x onerror=document.title='x'></textarea><script>1</script> å🙂 שלום {{7*7}}"
    write(page, hostile)
    asked(page, "when")
    press(page, "Tillbaka")
    expect(page.locator("#answer")).to_have_value(hostile)
    assert page.locator("main script, main img").count() == 0


def test_the_whole_report_works_without_a_script(visit: Visit, site: Site) -> None:
    before = cases_of(site)
    page = visit(java_script_enabled=False)
    begin(page)
    answer_until(page, "where")
    page.get_by_label("Sök enhet").fill("solros")
    press(page, "Sök")
    asked(page, "background")
    press(page, "Tillbaka")
    press(page, "Björkgårdens äldreboende")
    press(page, "Nej, inte förut")
    press(page, "Ingen blev påverkad")
    write(page, "Hjälpte upp personen.")
    asked(page, "category")
    page.locator("#choices button").first.click()
    press(page, "Skicka rapporten")
    number = receipt_number(page)
    page.reload()  # the browser sends the last form once more
    assert receipt_number(page) == number
    assert cases_of(site) == [*before, number]


def test_a_double_tap_makes_one_case(visit: Visit, site: Site) -> None:
    before = cases_of(site)
    page = visit()
    begin(page)
    answer_until(page, "summary")
    page.get_by_role("button", name="Skicka rapporten").dblclick()
    number = receipt_number(page)
    assert cases_of(site) == [*before, number]


def test_the_page_speaks_english_to_whoever_wants_it(visit: Visit, site: Site) -> None:
    page = visit()
    page.get_by_role("link", name="English").click()
    page.get_by_role("link", name="I am a relative").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Is anybody in danger right now?")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Svenska").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Är någon i fara just nu?")


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the element of that name has the focus."""
    wanted = page.locator("a, button, summary, textarea, input").filter(has_text=name)
    for _ in range(40):
        page.keyboard.press("Tab")
        if wanted.evaluate_all("all => all.some(one => one === document.activeElement)"):
            return
    raise AssertionError(f"the keyboard never reaches {name}")


def test_a_keyboard_is_enough_for_the_whole_report(visit: Visit) -> None:
    page = visit()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Hoppa till innehållet")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()

    def go(name: str) -> None:
        tab_to(page, name)
        page.keyboard.press("Enter")

    def asked_in_focus(question: str) -> None:
        asked(page, question)
        expect(page.locator("#question")).to_be_focused()

    go("Jag arbetar här")
    asked(page, "danger")
    page.wait_for_load_state()
    go("Nej")
    asked_in_focus("what")
    page.keyboard.press("Tab")
    page.keyboard.type(WHAT)
    go("Nästa")
    asked_in_focus("when")
    go("I natt")
    asked_in_focus("where")
    page.keyboard.press("Tab")
    page.keyboard.type("nattp")
    page.keyboard.press("Enter")
    asked_in_focus("background")
    go("Hoppa över")
    asked_in_focus("harm")
    go("Vet inte")
    asked_in_focus("done")
    go("Hoppa över")
    asked_in_focus("category")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    asked_in_focus("summary")
    go("Skicka rapporten")
    receipt_number(page)
    expect(page.locator("#question")).to_be_focused()
