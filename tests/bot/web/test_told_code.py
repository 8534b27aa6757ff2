"""The code that a manager tells by phone is the one that opens the answer, and it is shown once."""

import re
from typing import Any

import pytest
from lxml import html  # type: ignore[import-untyped]
from playwright.sync_api import expect

from handlers.case_records import AnswerWay, ComplaintAnswer
from handlers.domain.case import Case
from tests.bot.web.conftest import Visit
from tests.bot.web.site import Site
from tests.bot.web.test_casework import Browser
from tests.bot.web.walking import log_in, press, unfold
from tests.handlers.test_complaints import complain
from tests.lotskoping import MARIA, Lotskoping

ANSWER = {"explanation": "Vagnen var trasig.", "measures": "Den är lagad."}
BY_HAND = "code_by_hand"


def answer_form(page: str, deed: str = "svara", way: str = "") -> Any:
    forms = [one for one in html.fromstring(page).forms if one.action.endswith(f"/{deed}")]
    return next(one for one in forms if not way or one.fields.get("way") == way)


def told(page: str) -> str:
    """Return the code that a page says is to be told; empty: none."""
    found = html.fromstring(page).xpath("//*[@id='koden']//*[@class='number']")
    return "".join(found[0].text_content().split()) if found else ""


def last_answer(lotskoping: Lotskoping, case: Case) -> ComplaintAnswer:
    with lotskoping.unit_of_work() as uow:
        return uow.work.answers.where(case_id=case.id)[-1]


def sent(browser: Browser, case: Case, **fields: str) -> Any:
    form = answer_form(browser.page(f"/arenden/{case.id}"))
    data = {**dict(form.form_values()), **ANSWER, **fields}
    return browser.client.post(form.action, data=data)


def test_the_code_on_the_page_after_sending_opens_the_answer(lotskoping: Lotskoping):
    case = complain(lotskoping)
    answer = sent(Browser(lotskoping, MARIA), case, way=BY_HAND)
    code, link = told(answer.text), f"/svar/{last_answer(lotskoping, case).id}"
    assert link in html.fromstring(answer.text).get_element_by_id("koden").text_content()
    relative = Browser(lotskoping, "")
    spaced = f"{code[:4]} {code[4:]} "  # as it was heard
    assert "Vagnen var trasig." in relative.client.post(link, data={"code": spaced}).text


def test_no_other_code_stands_on_the_page_before_or_after(lotskoping: Lotskoping):
    case = complain(lotskoping)
    maria = Browser(lotskoping, MARIA)
    digits = re.compile(r"(?<!\d)\d{4} ?\d{4}(?!\d)")
    before = html.fromstring(maria.page(f"/arenden/{case.id}")).get_element_by_id("svara")
    assert digits.findall(before.text_content()) == []
    code = told(sent(maria, case, way=BY_HAND).text)
    again = maria.page(f"/arenden/{case.id}")
    assert (len(code), told(again)) == (8, "")
    assert digits.findall(html.fromstring(again).get_element_by_id("svara").text_content()) == []


def test_a_form_that_comes_twice_shows_the_code_of_the_one_answer(lotskoping: Lotskoping):
    case = complain(lotskoping)
    maria = Browser(lotskoping, MARIA)
    form = answer_form(maria.page(f"/arenden/{case.id}"))
    data = {**dict(form.form_values()), **ANSWER, "way": BY_HAND}
    first, second = (maria.client.post(form.action, data=data) for _ in range(2))
    assert (second.status_code, told(second.text)) == (200, told(first.text))
    with lotskoping.unit_of_work() as uow:
        assert len(uow.work.answers.where(case_id=case.id)) == 1


@pytest.mark.parametrize("way", ["code_by_mail", "mail"])
def test_an_answer_that_goes_by_itself_shows_no_code(way: str, lotskoping: Lotskoping):
    case = complain(lotskoping)
    answer = sent(Browser(lotskoping, MARIA), case, way=way, nobody="1")
    assert (answer.status_code, told(answer.text)) == (200, "")
    assert last_answer(lotskoping, case).way == AnswerWay(way)


def test_a_new_code_is_shown_when_it_counts(lotskoping: Lotskoping):
    case = complain(lotskoping)
    maria = Browser(lotskoping, MARIA)
    first = told(sent(maria, case, way=BY_HAND).text)
    form = answer_form(maria.page(f"/arenden/{case.id}"), "ny-kod", BY_HAND)
    fresh = told(maria.client.post(form.action, data=dict(form.form_values())).text)
    link = f"/svar/{last_answer(lotskoping, case).id}"
    relative = Browser(lotskoping, "")
    assert relative.client.post(link, data={"code": first}).status_code == 422
    assert "Vagnen var trasig." in relative.client.post(link, data={"code": fresh}).text


def test_the_address_of_an_answer_has_figures_alone(lotskoping: Lotskoping):
    case = complain(lotskoping)
    sent(Browser(lotskoping, MARIA), case, way=BY_HAND)
    assert re.fullmatch(r"\d{12}", last_answer(lotskoping, case).id)


def test_after_the_first_answer_the_form_for_one_more_is_folded(visit: Visit, site: Site):
    case = complain(site.lotskoping)
    page = visit()
    log_in(page, site, "Maria Lindqvall", f"/arenden/{case.id}")
    unfold(page, "svara")
    page.get_by_label("Så här hände det").fill(ANSWER["explanation"])
    page.get_by_label("Det här gör vi").fill(ANSWER["measures"])
    page.locator("#way").select_option(BY_HAND)
    press(page, "Skicka svaret")
    expect(page.locator("#koden")).to_be_focused()
    expect(page.locator("#koden .number")).to_have_text(re.compile(r"\d{4} \d{4}"))
    unfold(page, "svara")
    expect(page.get_by_label("Så här hände det")).to_be_hidden()
    page.get_by_text("Skicka ett svar till").click()
    expect(page.get_by_label("Så här hände det")).to_be_visible()
