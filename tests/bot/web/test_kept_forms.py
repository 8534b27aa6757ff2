"""Whatever a form of the case page was filled in with stands there when it could not be saved."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from lxml import html  # type: ignore[import-untyped]
from playwright.sync_api import expect

from handlers import advice, case_handling, exchanges, shielding, tracks
from handlers.case_records import AnswerWay, PartyKind
from handlers.domain.case import Case
from handlers.domain.moves import Machine, SarahStep
from handlers.domain.risk import Likelihood, Severity
from tests.bot.post import Post
from tests.bot.web.conftest import Visit
from tests.bot.web.site import Site
from tests.bot.web.test_casework import FALL, Browser
from tests.bot.web.test_casework_accessibility import full_case
from tests.bot.web.test_form_fields import _DEED, TEMPLATES
from tests.bot.web.walking import log_in, press, unfold
from tests.handlers.test_answer_pages import closed
from tests.handlers.test_complaints import complain, send_answer
from tests.handlers.test_work_reminders import do
from tests.lotskoping import BENGT, ERIK, INGER, JONAS, MARIA, MONIKA, Lotskoping

Kept = dict[str, tuple[str, ...]]
NEW_EACH_TIME = ("version", "code", "laws")
TICKED = ("checkbox", "radio")
WORDS = 'Så "här" var det <då> & nu'


def forms_of(page: str, case: Case) -> list[html.FormElement]:
    parsed = html.fromstring(page)
    return [one for one in parsed.forms if one.action.startswith(f"/arenden/{case.id}/")]


def fields_of(form: html.FormElement) -> list[html.HtmlElement]:
    named = form.xpath(".//input[@name] | .//textarea[@name] | .//select[@name]")
    return [one for one in named if one.get("type") != "hidden"]


def filled_in(form: html.FormElement) -> Kept:
    """Change every field from what is stored; return what then stands in them."""
    for one in fields_of(form):
        if one.tag == "select":
            values = [option.get("value") for option in one.xpath(".//option")]
            others = [value for value in values if value not in (one.value, "")]
            one.value = others[-1] if others else one.value
        elif one.tag == "textarea":
            one.text = f"\n{WORDS}\noch {one.name}"
        elif one.get("type") == "checkbox":
            one.checked = not one.checked
        elif one.get("type") == "radio":
            form.fields[one.name] = radios(form, one.name)[-1]
        else:
            one.value = "2026-06-19" if one.get("type") == "date" else f"{WORDS}, {one.name}"
    return contents(form)


def radios(form: html.FormElement, name: str) -> list[str]:
    """Return the values of a scale, the stored one first."""
    same = [one for one in fields_of(form) if one.name == name]
    return [one.get("value") for one in sorted(same, key=lambda one: not one.checked)]


def contents(form: html.FormElement) -> Kept:
    found: dict[str, tuple[str, ...]] = {}
    for one in fields_of(form):
        if one.get("type") in TICKED:
            mine = (one.get("value"),) if one.checked else ()
        else:
            text = one.value or ""
            mine = (
                text.replace("\r\n", "\n").removeprefix("\n") if one.tag == "textarea" else text,
            )
        found[one.name] = (*found.get(one.name, ()), *mine)
    return found


def hidden_of(form: html.FormElement) -> dict[str, str]:
    names = [one for one in form.xpath(".//input[@type='hidden']") if one.name not in NEW_EACH_TIME]
    return {one.name: one.value for one in names}


def sent(browser: Browser, form: html.FormElement, **other: str) -> html.HtmlElement:
    data = {name: value.removeprefix("\n") for name, value in form.form_values()}
    answer = browser.client.post(form.action, data={**data, **other})
    assert answer.status_code == 422, (form.action, answer.status_code)
    return html.fromstring(answer.text)


def is_open(form: html.FormElement) -> bool:
    return all(one.get("open") is not None for one in form.iterancestors("details"))


def walk(browser: Browser, case: Case, deeds: str) -> None:
    """Send these forms of the page as from before a change, and look what stands in them then."""
    wanted = set(deeds.split())
    for form in forms_of(browser.page(f"/arenden/{case.id}"), case):
        deed = form.action.rpartition("/")[2]
        if deed not in deeds.split() or not fields_of(form):
            continue
        before = filled_in(form)
        answer = sent(browser, form, version="0")
        again = answer.get_element_by_id("rutan")
        assert (again.action, hidden_of(again)) == (form.action, hidden_of(form))
        assert contents(again) == before, deed
        assert is_open(again), deed
        assert "#rutan" in answer.xpath("//*[@id='fault']//a/@href")
        wanted.discard(deed)
    assert wanted == set()


def full(lotskoping: Lotskoping) -> Case:
    case = full_case(lotskoping)
    do(lotskoping, case, MARIA, exchanges.ask, party_kind=PartyKind.SUPPLIER, party="Leverantören")
    due_on = (lotskoping.clock() + timedelta(days=3)).date()
    more = {"text": "Matta", "owner_id": MARIA, "due_on": due_on}
    cause_id = lotskoping.case(case.id).causes[0].id
    return do(lotskoping, case, MARIA, case_handling.add_action, cause_id=cause_id, **more)


def low(lotskoping: Lotskoping) -> Case:
    case = complain(lotskoping)
    levels = {"severity": Severity.MINOR, "likelihood": Likelihood.RARE}
    return do(lotskoping, case, MARIA, case_handling.assess_risk, **levels)


def asked(lotskoping: Lotskoping) -> Case:
    case = lotskoping.report(FALL)
    levels = {"severity": Severity.MODERATE, "likelihood": Likelihood.MONTHLY}
    do(lotskoping, case, MARIA, case_handling.assess_risk, **levels)
    return do(lotskoping, case, MARIA, advice.ask_mas, question="Räcker det?")


def protected(lotskoping: Lotskoping) -> Case:
    case = lotskoping.report(FALL)
    do(lotskoping, case, MONIKA, tracks.start, machine=Machine.LEX_SARAH, reason="Kan vara det")
    lotskoping.clock.advance(minutes=1)
    step = {"machine": Machine.LEX_SARAH, "to": SarahStep.MEASURES_TAKEN, "reason": "Skyddat"}
    return do(lotskoping, case, MONIKA, tracks.take_step, **step)


def investigated(lotskoping: Lotskoping) -> Case:
    case = protected(lotskoping)
    lotskoping.clock.advance(minutes=1)
    step = {"machine": Machine.LEX_SARAH, "to": SarahStep.INVESTIGATING, "reason": "Utreds"}
    return do(lotskoping, case, MONIKA, tracks.take_step, **step, investigator_id=ERIK)


def written(lotskoping: Lotskoping) -> Case:
    Post(lotskoping).comes("Maten är kall. Ingen svarar när vi ringer.")
    with lotskoping.unit_of_work() as uow:
        [case] = uow.cases.listed(None, open_only=False)
    return case


def answered(lotskoping: Lotskoping) -> Case:
    case = complain(lotskoping)
    send_answer(lotskoping, case, way=AnswerWay.CODE_BY_HAND)
    return closed(lotskoping, case)


def hidden(lotskoping: Lotskoping) -> Case:
    case = lotskoping.report(FALL)
    for one in (MARIA, JONAS):
        do(lotskoping, case, INGER, shielding.shield, named=(one,))
    return lotskoping.case(case.id)


SCENES: tuple[tuple[Callable[[Lotskoping], Case], str, str], ...] = (
    (
        full,
        MARIA,
        "atgard atgard-klar atgard-senare bjud-in enhet gar-inte-informera handlar-om hjalpte "
        "informera kommentar lag lagar mellan mellan-svar orsak risk samma-annat samma-person "
        "skjut-upp slag svar uppgift ur-teamet varfor",
    ),
    (full, INGER, "lag risk skydda spar spar-angra"),
    (low, MARIA, "avsluta-utan-utredning ingen-atgard risk svara"),
    (asked, MARIA, "arbetsmiljo rad skriv-av"),
    (asked, INGER, "rad-svar spar-borja"),
    (protected, MONIKA, "spar spar-angra"),
    (investigated, MONIKA, "spar spar-utredare"),
    (written, BENGT, "diarium enhet"),
    (answered, MARIA, "framme kommentar oppna-igen"),
    (hidden, INGER, "haev-skydd inte-inblandad skydda"),
)


@pytest.mark.parametrize(("scene", "person_id", "deeds"), SCENES)
def test_a_form_keeps_every_field_when_somebody_else_was_first(
    scene: Callable[[Lotskoping], Case], person_id: str, deeds: str, lotskoping: Lotskoping
):
    walk(Browser(lotskoping, person_id), scene(lotskoping), deeds)


def test_no_form_of_the_page_is_left_out():
    field = re.compile(r"<(textarea|select|input(?! type=.hidden))")
    found = (text for path in TEMPLATES.rglob("*.html") for text in _DEED.findall(path.read_text()))
    deeds = {deed for deed, inside in found if field.search(inside) or "{{ who_is" in inside}
    assert deeds == {deed for _, _, walked in SCENES for deed in walked.split()}


def test_what_is_chosen_before_the_case_has_changed_is_chosen_still(lotskoping: Lotskoping):
    """The step that was meant must never become another one, which is then saved."""
    case = lotskoping.report(FALL)
    mas = Browser(lotskoping, INGER)
    mas.do(case, "spar-borja", track="lex_maria", reason="Bröt höften")
    chosen = {"track": "lex_maria", "to": "not_reported", "reason": "Ingen skada"}
    lotskoping.clock.advance(minutes=1)
    seen = lotskoping.case(case.id).version
    mas.do(case, "kommentar", text="Läst")
    mas.do(case, "spar", track="lex_maria", to="reported", reason="Anmäld")
    answer = mas.client.post(f"/arenden/{case.id}/spar", data={**chosen, "version": str(seen)})
    page = html.fromstring(answer.text)
    assert "finns kvar i rutorna" in page.get_element_by_id("fault").text_content()
    again = page.get_element_by_id("rutan").fields
    assert (again["to"], again["reason"].strip()) == ("", "Ingen skada")  # no such step any more
    assert again["version"] == str(lotskoping.case(case.id).version)


def test_words_whose_form_is_gone_are_shown_to_be_copied(lotskoping: Lotskoping):
    case = lotskoping.report(FALL)
    mas = Browser(lotskoping, INGER)
    first = {"track": "lex_maria", "reason": "Bröt höften", "version": str(case.version)}
    mas.do(case, "spar-borja", track="lex_maria", reason="Allvarligt fall")
    answer = mas.client.post(f"/arenden/{case.id}/spar-borja", data=first)
    fault = html.fromstring(answer.text).get_element_by_id("fault")
    assert "finns kvar i rutorna" not in fault.text_content()
    assert [one.text for one in fault.find_class("own-words")] == ["Bröt höften"]


def test_a_private_provider_without_a_name_stays_what_it_was_and_is_asked_for(
    lotskoping: Lotskoping,
):
    case = lotskoping.report(FALL)
    asked_us = {"direction": "in", "party_kind": "provider", "reference": "A 17", "party": " "}
    answer = Browser(lotskoping, MARIA).client.post(
        f"/arenden/{case.id}/mellan", data={**asked_us, "version": str(case.version)}
    )
    page = html.fromstring(answer.text)
    assert "Skriv vem det gäller" in page.get_element_by_id("fault").text_content()
    again = page.get_element_by_id("rutan").fields
    assert {name: again[name] for name in asked_us} == asked_us


def test_in_two_windows_the_second_reads_the_same_choice_and_words(visit: Visit, site: Site):
    case = site.lotskoping.report(FALL)
    do(site.lotskoping, case, INGER, tracks.start, machine=Machine.LEX_MARIA, reason="Möjlig")
    page = visit()
    log_in(page, site, "Inger Strandlycke", f"/arenden/{case.id}")
    unfold(page, "spar")
    page.locator("#spar summary", has_text="Nästa steg").click()
    page.locator("#step-lex_maria").select_option(label="Anmäls inte")
    page.locator("#track-reason-lex_maria").fill(WORDS)
    do(site.lotskoping, case, MARIA, case_handling.acknowledge)
    press(page, "Ta steget")
    expect(page.locator("#fault")).to_contain_text("Det du skrev finns kvar i rutorna")
    page.get_by_role("link", name="Gå till rutan").click()
    expect(page.locator("#track-reason-lex_maria")).to_be_in_viewport()
    expect(page.locator("#track-reason-lex_maria")).to_have_value(WORDS)
    expect(page.locator("#step-lex_maria option:checked")).to_have_text("Anmäls inte")
    press(page, "Ta steget")
    page.wait_for_url(f"**/arenden/{case.id}#spar")
    expect(page.locator("#spar")).to_contain_text(WORDS)
