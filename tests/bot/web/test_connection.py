"""What a person has written survives the network, the server, and nothing else: not a log-out."""

from playwright.sync_api import Route, expect

from tests.bot.web.conftest import Visit
from tests.bot.web.site import Site
from tests.bot.web.walking import WHAT, asked, begin, press, write


def alerts(site: Site) -> int:
    with site.lotskoping.unit_of_work() as uow:
        return len(uow.alerts.unacknowledged())


def test_an_answer_given_without_connection_is_kept_said_so_and_sent_later(
    visit: Visit, site: Site
) -> None:
    page = visit()
    begin(page)
    press(page, "Nej")
    asked(page, "what")
    page.context.set_offline(True)
    write(page, WHAT)
    expect(page.locator("#connection")).to_contain_text("Ditt svar finns kvar")
    asked(page, "what")
    page.context.set_offline(False)  # the page notices by itself
    asked(page, "when")
    expect(page.locator("#connection")).to_be_hidden()
    press(page, "Tillbaka")
    expect(page.locator("#answer")).to_have_value(WHAT)


def test_an_answer_is_sent_again_when_the_server_comes_back(visit: Visit, site: Site) -> None:
    page = visit()
    begin(page)
    press(page, "Nej")
    asked(page, "what")
    site.stop()
    write(page, WHAT)
    expect(page.locator("#connection")).to_be_visible()
    site.start()
    press(page, "Skicka igen nu")
    asked(page, "when")


def test_half_typed_text_survives_a_reload_and_leaves_with_log_out(
    visit: Visit, site: Site
) -> None:
    page = visit()
    begin(page)
    press(page, "Nej")
    asked(page, "what")
    page.locator("#answer").press_sequentially("Vi hittade", delay=1)
    page.reload()
    expect(page.locator("#answer")).to_have_value("Vi hittade")
    expect(page.locator("#restored")).to_be_visible()

    page.get_by_text("Delar du telefon med andra?").click()
    press(page, "Logga ut och rensa")
    page.wait_for_url("**/")
    assert page.evaluate("sessionStorage.length") == 0
    page.goto(site.address("/rapportera"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Vem är du?")


def test_danger_now_tapped_before_an_answer_is_sent_again_reaches_mas(
    visit: Visit, site: Site
) -> None:
    page = visit()
    begin(page)
    lost = []

    def lose_the_reply(route: Route) -> None:
        lost.append(route.fetch())
        route.abort()

    page.route("**/rapportera", lose_the_reply, times=1)
    press(page, "Nej")
    expect(page.locator("#connection")).to_be_visible()
    press(page, "Ja, fara nu")
    asked(page, "what")
    expect(page.locator(".notice.danger")).to_be_focused()
    expect(page.locator("#connection")).to_be_hidden()
    assert len(lost) == 1
    assert alerts(site) == 1


def test_danger_now_tapped_while_an_answer_is_on_its_way_reaches_mas(
    visit: Visit, site: Site
) -> None:
    page = visit()
    begin(page)
    waiting: list[Route] = []
    page.route("**/rapportera", lambda route: waiting.append(route), times=1)
    press(page, "Nej")
    press(page, "Ja, fara nu")
    asked(page, "what")
    expect(page.locator(".notice.danger")).to_be_visible()
    assert alerts(site) == 1
