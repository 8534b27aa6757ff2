"""Whoever is logged out in the middle of something loses neither the words nor the way back."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from lxml import html  # type: ignore[import-untyped]
from playwright.sync_api import expect

from handlers.domain.case import Case
from tests.bot.web.conftest import Visit
from tests.bot.web.site import Site
from tests.bot.web.test_casework import FALL, Browser
from tests.bot.web.walking import log_in, press, unfold
from tests.lotskoping import INGER, MARIA, Lotskoping

CAUSE = "Larmmattan låg i förrådet.\nIngen visste det."
SERIOUS = "Personen föll, bröt höften och åkte till sjukhus."


@pytest.fixture
def maria(lotskoping: Lotskoping) -> Iterator[Browser]:
    browser = Browser(lotskoping, MARIA)
    yield browser
    browser.client.close()


def away(lotskoping: Lotskoping) -> None:
    lotskoping.clock.advance(hours=2.1)


def sent_late(browser: Browser, case: Case, deed: str, **fields: str) -> html.HtmlElement:
    """Send a form after the pause, from the page of the case; return the page that answers."""
    version = str(browser.lotskoping.case(case.id).version)
    away(browser.lotskoping)
    answer = browser.client.post(
        f"/arenden/{case.id}/{deed}",
        data={"version": version, **fields},
        headers={"referer": f"http://testserver/arenden/{case.id}"},
    )
    assert answer.status_code == 401
    return html.fromstring(answer.text)


def onward(page: html.HtmlElement) -> str:
    """Return where the login of a page leads on to."""
    [link] = page.xpath("//main//a[starts-with(@href, '/logga-in')]/@href")
    return parse_qs(urlsplit(link).query)["vidare"][0]


def test_what_was_written_before_the_pause_is_shown_and_sent_again_after_a_new_login(
    lotskoping: Lotskoping, maria: Browser
):
    case = lotskoping.report(FALL)
    page = sent_late(maria, case, "orsak", area="equipment", text=CAUSE)
    assert "Du är utloggad" in page.text_content()
    assert CAUSE in [one.text for one in page.find_class("own-words")]
    assert onward(page) == f"/arenden/{case.id}"
    maria.client.post("/logga-in", data={"person_id": MARIA})
    [form] = page.xpath("//main//form")
    values = dict(form.form_values())
    assert maria.client.post(form.action, data=values).status_code == 200
    [cause] = lotskoping.case(case.id).causes
    assert (cause.area, cause.text) == ("equipment", CAUSE)


def test_sending_again_without_a_login_keeps_everything_once_more(
    lotskoping: Lotskoping, maria: Browser
):
    case = lotskoping.report(FALL)
    page = sent_late(maria, case, "orsak", area="equipment", text=CAUSE)
    [form] = page.xpath("//main//form")
    answer = maria.client.post(form.action, data=dict(form.form_values()))
    [again] = html.fromstring(answer.text).xpath("//main//form")
    assert answer.status_code == 401
    assert again.form_values() == form.form_values()


def test_whoever_comes_back_to_an_alert_is_told_that_it_is_not_taken_and_led_to_it(
    lotskoping: Lotskoping,
):
    lotskoping.report(SERIOUS)
    mas = Browser(lotskoping, INGER)
    with lotskoping.unit_of_work() as uow:
        alert = next(one for one in uow.alerts.all() if one.role == "mas")
    away(lotskoping)
    answer = mas.client.post(f"/larm/{alert.id}/bekrafta")
    assert answer.status_code == 401
    page = html.fromstring(answer.text)
    assert "är inte gjort än" in page.text_content()
    assert onward(page) == f"/larm/{alert.id}"


@pytest.mark.parametrize("path", ["spar", "orsak"])
def test_a_page_that_only_answered_a_form_is_no_page_to_come_back_to(
    path: str, lotskoping: Lotskoping, maria: Browser
):
    case = lotskoping.report(FALL)
    away(lotskoping)
    answer = maria.client.post(
        f"/arenden/{case.id}/kommentar",
        data={"version": "1", "text": "Vi har sett det"},
        headers={"referer": f"http://testserver/arenden/{case.id}/{path}"},
    )
    assert onward(html.fromstring(answer.text)) == f"/arenden/{case.id}"


def test_a_form_of_somebody_elses_site_is_no_way_back(lotskoping: Lotskoping, maria: Browser):
    case = lotskoping.report(FALL)
    away(lotskoping)
    answer = maria.client.post(
        f"/arenden/{case.id}/ta-emot",
        data={"version": "1"},
        headers={"referer": "http://bait.example/arenden"},
    )
    assert onward(html.fromstring(answer.text)) == f"/arenden/{case.id}"


@pytest.mark.parametrize(
    ("asked", "back"),
    [
        ("/arenden?enhet=bjorkgarden&sena=1", "/arenden?enhet=bjorkgarden&sena=1"),
        (f"/arenden?nummer={'x' * 300}", "/arenden"),  # more than a login remembers
    ],
)
def test_a_list_comes_back_from_the_login_with_its_choices(
    asked: str, back: str, lotskoping: Lotskoping, maria: Browser
):
    away(lotskoping)
    login = maria.client.get(asked)
    assert login.url.path == "/logga-in"
    [form] = html.fromstring(login.text).xpath("//main//form")
    assert dict(form.form_values())["vidare"] == back
    page = maria.client.post("/logga-in", data={"person_id": MARIA, "vidare": back})
    assert str(page.url).removeprefix("http://testserver") == back


def test_words_for_a_case_that_went_to_somebody_else_meanwhile_can_be_copied(
    lotskoping: Lotskoping, maria: Browser
):
    case = lotskoping.report(FALL)
    maria.do(case, "enhet", unit_id="hemtjanst-norr")
    answer = maria.client.post(
        f"/arenden/{case.id}/orsak", data={"version": "1", "area": "equipment", "text": CAUSE}
    )
    assert answer.status_code == 404
    assert CAUSE in [one.text for one in html.fromstring(answer.text).find_class("own-words")]


def test_in_a_browser_the_words_outlive_the_pause(visit: Visit, site: Site):
    case = site.lotskoping.report(FALL)
    page = visit()
    log_in(page, site, "Maria Lindqvall", f"/arenden/{case.id}")
    unfold(page, "orsak")
    page.get_by_label("Utrustning").check()
    page.locator("#cause-text").fill(CAUSE)
    away(site.lotskoping)
    press(page, "Lägg till orsaken")
    expect(page.get_by_role("heading", level=1)).to_have_text("Du är utloggad")
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Logga in igen").click()
    opened.value.get_by_role("button", name="Maria Lindqvall").click()
    opened.value.wait_for_url(f"**/arenden/{case.id}")
    press(page, "Skicka igen")
    page.wait_for_url(f"**/arenden/{case.id}#orsak")
    expect(page.locator("#orsak .made")).to_contain_text("Larmmattan låg i förrådet.")
