"""The pages around a case, as a browser without script would use them."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from bot.web.app import create_app
from handlers.domain.case import Case, CaseKind, CaseStatus
from handlers.domain.deadline import local_date
from storage import tables
from tests.handlers.test_reminders import change
from tests.lotskoping import INGER, JONAS, MARIA, MONIKA, Lotskoping

FALL = "Vi hittade personen på golvet vid sängen i morse. Larmmattan var inte påslagen."


class Browser:
    def __init__(self, lotskoping: Lotskoping, person_id: str) -> None:
        self.lotskoping = lotskoping
        self.client = TestClient(create_app(lotskoping.services), follow_redirects=True)
        if person_id:
            self.client.post("/logga-in", data={"person_id": person_id})

    def page(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def do(self, case: Case, deed: str, **fields: str) -> str:
        version = self.lotskoping.case(case.id).version
        answer = self.client.post(
            f"/arenden/{case.id}/{deed}", data={"version": str(version), **fields}
        )
        assert answer.status_code == 200, (deed, re.findall(r"<p>[^<]+</p>", answer.text))
        return answer.text


@pytest.fixture
def maria(lotskoping: Lotskoping) -> Browser:
    return Browser(lotskoping, MARIA)


def test_a_manager_goes_from_to_do_through_the_guided_investigation_to_a_closed_case(
    lotskoping: Lotskoping, maria: Browser
):
    case = lotskoping.report(FALL)
    assert case.number in maria.page("/att-gora")
    maria.do(case, "ta-emot")
    maria.do(case, "lagar", **{"law-HSL": "1", "law-SoL": "1"})
    maria.do(case, "risk", severity="2", likelihood="2", potential="3", legal_area="HSL")
    page = maria.do(case, "risk", severity="1", likelihood="2", legal_area="SoL")
    assert "En av lagarna är inte bedömd" not in page
    maria.do(case, "lag", injury="care_injury")
    page = maria.do(case, "orsak", area="competence", text="Mänsklig faktor")
    assert 'id="varfor"' in page
    cause = lotskoping.case(case.id).causes[0]
    page = maria.do(
        case, "varfor", **{"cause_id": cause.id, "why-1": "Glömde", "why-2": "Ny utan introduktion"}
    )
    assert 'id="varfor"' not in page
    due_on = (lotskoping.clock() + timedelta(days=7)).date().isoformat()
    maria.do(case, "atgard", cause_id=cause.id, text="Introduktion", owner_id=MARIA, due_on=due_on)
    action = lotskoping.case(case.id).actions[0]
    assert 'id="hjalpte"' in maria.do(case, "atgard-klar", action_id=action.id, effect="")
    maria.do(case, "hjalpte", action_id=action.id, helped="helped", text="Inga nya fall")
    points = ("event", "measures", "complaint", "patients_board", "ivo", "compensation")
    maria.do(
        case, "informera", **{f"point-{p}": "1" for p in points}, told_whom="patient", noted="1"
    )
    maria.do(case, "svar", feedback="Tack. Alla nya får nu introduktion.")
    maria.do(case, "avsluta")
    assert lotskoping.case(case.id).status == CaseStatus.CLOSED


def test_two_people_dismiss_on_the_page(lotskoping: Lotskoping, maria: Browser):
    case = lotskoping.report(FALL)
    maria.do(case, "ta-emot")
    maria.do(case, "svar", feedback="Tack för frågan.")
    page = maria.do(case, "skriv-av", code="not_a_deviation", reason="En fråga")
    assert "skriv-av-ja" not in page
    jonas = Browser(lotskoping, JONAS)
    assert "skriv-av" in jonas.page("/att-gora")
    jonas.do(case, "skriv-av-ja")
    assert lotskoping.case(case.id).status == CaseStatus.DISMISSED


def test_a_double_is_merged_and_parted_on_the_page(lotskoping: Lotskoping, maria: Browser):
    first, second = lotskoping.report(FALL), lotskoping.report(FALL)
    assert second.number in maria.page(f"/arenden/{first.id}")
    maria.do(second, "samma", other_id=first.id)
    assert lotskoping.case(second.id).status == CaseStatus.MERGED
    assert second.number in maria.page(f"/arenden/{first.id}")
    maria.do(second, "angra-samma")
    assert lotskoping.case(second.id).is_open


def test_two_people_hand_a_case_on_on_the_page(lotskoping: Lotskoping, maria: Browser):
    case = lotskoping.report(FALL)
    page = maria.do(case, "arbetsmiljo", reference="KIA-7", reason="Golvet i tvättstugan")
    assert ("skriv-av-ja" in page, "KIA-7" in page) == (False, True)
    Browser(lotskoping, JONAS).do(case, "skriv-av-ja")
    assert lotskoping.case(case.id).status == CaseStatus.HANDED_ON


def test_cases_that_are_not_suggested_are_merged_by_number_with_a_reason(
    lotskoping: Lotskoping, maria: Browser
):
    first = lotskoping.report("Larmet på avdelningen ringde inte under hela natten.")
    second = lotskoping.report(FALL)
    given = {"number": first.number.lower(), "reason": "Larmet ringde inte, och hon föll"}
    maria.do(second, "samma-annat", **given)
    assert lotskoping.case(second.id).merged_into_id == first.id


def test_team_agenda_others_and_snooze_stand_on_the_page(lotskoping: Lotskoping, maria: Browser):
    case = lotskoping.report(FALL)
    day = (lotskoping.clock() + timedelta(days=5)).date().isoformat()
    maria.do(case, "kommentar", text="Vi behöver en ny matta")
    maria.do(case, "uppgift", text="Köp matta", owner_id=JONAS, due_on=day)
    maria.do(case, "bjud-in", person_id="sofia-almgrund", profession="nurse")
    maria.do(case, "mote", forum="workplace")
    maria.do(case, "mellan", direction="in", party_kind="region", party="Akuten")
    page = maria.do(case, "skjut-upp", until_on=day, reason="Väntar på leverans")
    for words in ("ny matta", "Köp matta", "Sofia Almgrund", "Akuten", "Väntar på leverans"):
        assert words in page
    assert case.number in maria.page("/moten")
    assert "Köp matta" in Browser(lotskoping, JONAS).page("/att-gora")


def test_mas_and_sas_lead_their_tracks_on_the_page(lotskoping: Lotskoping, maria: Browser):
    case = lotskoping.report(FALL)
    assert 'id="spar"' not in maria.page(f"/arenden/{case.id}")
    mas, sas = Browser(lotskoping, INGER), Browser(lotskoping, MONIKA)
    mas.do(case, "spar-borja", track="lex_maria", reason="Bröt höften")
    mas.do(case, "spar", track="lex_maria", to="reported", reason="Anmäld i dag")
    mas.do(case, "spar-angra", track="lex_maria", reason="Jag tryckte fel")
    sas.do(case, "spar-borja", track="lex_sarah", reason="Kan vara försummelse")
    page = maria.page(f"/arenden/{case.id}")
    assert "Lex Maria" in page
    assert "Lex Sarah" in page
    assert case.number in mas.page("/att-gora")


def test_sas_chooses_among_those_who_stand_free_and_changes_who_investigates(
    lotskoping: Lotskoping,
):
    case = lotskoping.report(FALL)
    sas = Browser(lotskoping, MONIKA)
    sas.do(case, "spar-borja", track="lex_sarah", reason="Kan vara försummelse")
    lotskoping.clock.advance(minutes=1)
    page = sas.do(case, "spar", track="lex_sarah", to="measures_taken", reason="Skyddat")
    offered = page.partition('id="investigator"')[2].partition("</select>")[0]
    assert 'value="erik-vasterlund"' in offered
    assert not [one for one in (MARIA, JONAS, "agneta-holmlid") if f'value="{one}"' in offered]
    assert "Dagar sedan rapporten kom" not in page
    lotskoping.clock.advance(days=2)
    sas = Browser(lotskoping, MONIKA)
    first = {"to": "investigating", "investigator_id": "erik-vasterlund"}
    page = sas.do(case, "spar", track="lex_sarah", reason="Utreds", **first)
    assert "Erik Västerlund utreder" in page
    assert "Dagar sedan rapporten kom: 2" in page
    lotskoping.clock.advance(minutes=1)
    page = sas.do(case, "spar-utredare", investigator_id="hassan-bergavik", reason="Erik är sjuk")
    assert "Hassan Bergavik utreder" in page
    assert "Någon annan utreder enligt lex Sarah" in page


def test_an_answer_about_a_person_is_read_with_a_code_and_only_then(lotskoping: Lotskoping):
    case = lotskoping.report("Ingen svarar när vi ringer och maten är kall.")
    with lotskoping.unit_of_work() as uow:
        case = uow.cases.save(replace(case, kind=CaseKind.COMPLAINT))
        uow.connection.execute(
            update(tables.reports).values(channel="mail", address="anna@mail.example")
        )
        uow.commit()
    maria = Browser(lotskoping, MARIA)
    maria.do(
        case,
        "svara",
        explanation="Er mamma fick vänta.",
        measures="Vi har två i köket nu.",
        way="code_by_mail",
    )
    with lotskoping.unit_of_work() as uow:
        (answer,) = uow.work.answers.where(case_id=case.id)
    anna = Browser(lotskoping, "")
    assert "mamma" not in anna.page(f"/svar/{answer.id}")
    assert anna.page(f"/svar/{answer.id}").replace(answer.id, "") == anna.page(
        "/svar/nothing-here"
    ).replace("nothing-here", "")
    anna.client.post(f"/svar/{answer.id}/kod")
    code = next(
        re.findall(r"\d{8}", q.message.text)[0]
        for q in lotskoping.outbox()
        if q.message.subject == "Din kod"
    )
    assert anna.client.post(f"/svar/{answer.id}", data={"code": "00000000"}).status_code == 422
    shown = anna.client.post(f"/svar/{answer.id}", data={"code": code})
    assert "Er mamma fick vänta." in shown.text
    again = anna.client.post(f"/svar/{answer.id}", data={"code": code})
    assert "mamma" not in again.text


def test_an_alert_is_judged_and_the_precision_is_shown_to_mas(lotskoping: Lotskoping):
    lotskoping.report("Personen föll, bröt höften och åkte till sjukhus.")
    mas = Browser(lotskoping, INGER)
    with lotskoping.unit_of_work() as uow:
        found = next(one for one in uow.alerts.all() if one.role == "mas")
    page = mas.client.post(f"/larm/{found.id}/omdome", data={"verdict": "right"}).text
    assert "Du har svarat: Rätt." in page
    assert "100 %" in mas.page("/monster")
    assert "100 %" not in Browser(lotskoping, MARIA).page("/monster")


def test_figures_show_no_small_numbers_and_go_as_csv(lotskoping: Lotskoping, maria: Browser):
    for _ in range(3):
        lotskoping.report(FALL)
    assert "<td>..</td>" in maria.page("/siffror")
    assert ".." in maria.client.get("/siffror.csv").text


@pytest.mark.parametrize("path", ["/att-gora", "/siffror", "/monster", "/moten", "/siffror.csv"])
def test_nobody_sees_the_overviews_without_logging_in(lotskoping: Lotskoping, path: str):
    page = Browser(lotskoping, "").client.get(path)
    assert "Logga in" in page.text


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_page_is_written_in_both_languages(
    lotskoping: Lotskoping, maria: Browser, language: str
):
    case = lotskoping.report(FALL)
    lotskoping.report(FALL)
    maria.client.cookies.set("lotsen_language", language)
    for path in ("/att-gora", "/monster", "/moten", "/siffror", f"/arenden/{case.id}"):
        maria.page(path)


def test_a_wrong_deed_shows_the_page_again_with_what_was_typed(
    lotskoping: Lotskoping, maria: Browser
):
    case = lotskoping.report(FALL)
    answer = maria.client.post(
        f"/arenden/{case.id}/skjut-upp",
        data={"version": str(case.version), "until_on": "2030-01-01", "reason": "Minns mig"},
    )
    assert answer.status_code == 422
    assert "Minns mig" in answer.text


def test_the_list_is_narrowed_by_codes_and_number(lotskoping: Lotskoping, maria: Browser):
    first = lotskoping.report(FALL)
    second = lotskoping.report("Insulinet gavs för sent.")
    maria.do(second, "ta-emot")
    lotskoping.clock.advance(days=40)
    again = Browser(lotskoping, MARIA)

    def shown(query: str) -> set[str]:
        return set(re.findall(r"AVV-2026-\d{5}(?=</a></h2>)", again.page(f"/arenden{query}")))

    everything = {first.number, second.number}
    assert shown("") == everything
    assert shown(f"?nummer={first.number[-3:]}") == {first.number}
    assert shown("?lage=acknowledged") == {second.number}
    assert shown("?enhet=solrosen") == set()
    assert shown("?sena=1") == everything
    assert shown("?lage=nonsense&nummer=" + "x" * 500) == everything


def test_the_list_is_narrowed_by_the_day_it_came_in(lotskoping: Lotskoping, maria: Browser):
    first = lotskoping.report(FALL)
    lotskoping.clock.advance(days=10)
    second = lotskoping.report("Insulinet gavs för sent.")
    again = Browser(lotskoping, MARIA)

    def shown(query: str) -> set[str]:
        return set(re.findall(r"AVV-2026-\d{5}(?=</a></h2>)", again.page(f"/arenden?{query}")))

    assert shown(f"till={first.received_on}") == {first.number}
    assert shown(f"fran={second.received_on}") == {second.number}
    assert shown("fran=nonsense&till=2026-13-01") == {first.number, second.number}


def test_who_has_sent_a_case_on_still_sees_how_it_goes_but_not_what_it_says(
    lotskoping: Lotskoping, maria: Browser
):
    case = lotskoping.report(FALL)
    maria.do(case, "enhet", unit_id="hemtjanst-norr")
    page = maria.page("/att-gora")
    assert case.number in page
    assert case.id not in page
    assert maria.client.get(f"/arenden/{case.id}").status_code == 404


def test_a_name_in_an_answer_keeps_it_out_of_the_mail(lotskoping: Lotskoping, maria: Browser):
    case = lotskoping.report("Ingen svarar när vi ringer.")
    with lotskoping.unit_of_work() as uow:
        case = uow.cases.save(replace(case, kind=CaseKind.COMPLAINT))
        uow.connection.execute(
            update(tables.reports).values(channel="mail", address="anna@mail.example")
        )
        uow.commit()
    answer = maria.client.post(
        f"/arenden/{case.id}/svara",
        data={
            "version": str(case.version),
            "explanation": "Greta Lindström fick vänta, hon är född 19410312-1234.",
            "measures": "Vi ringer henne.",
            "way": "mail",
        },
    )
    assert answer.status_code == 422
    assert [q for q in lotskoping.outbox() if q.message.recipient == "anna@mail.example"] == []


def test_feedback_with_a_number_is_refused_with_the_reason_and_the_text_stays(
    lotskoping: Lotskoping, maria: Browser
):
    case = lotskoping.report(FALL)
    typed = "Vi har pratat med 19340512-2386."
    data = {"version": str(case.version), "feedback": typed}
    answer = maria.client.post(f"/arenden/{case.id}/svar", data=data)
    assert answer.status_code == 422
    assert "utan namn, nummer" in answer.text
    assert typed in answer.text


def test_a_second_tap_is_told_that_it_is_saved_and_blames_nobody(
    lotskoping: Lotskoping, maria: Browser
):
    case = lotskoping.report(FALL)
    texts = []
    for person in (maria, maria, Browser(lotskoping, JONAS)):
        data = {"version": str(case.version), "feedback": "Vi har en ny rutin."}
        answer = person.client.post(f"/arenden/{case.id}/svar", data=data)
        texts.append((answer.status_code, "Det är redan sparat" in answer.text))
    assert texts == [(200, False), (200, True), (422, False)]


def test_a_second_tap_with_other_words_is_not_called_saved(lotskoping: Lotskoping, maria: Browser):
    case = lotskoping.report(FALL)
    maria.do(case, "svar", feedback="Vi har en ny rutin.")
    data = {"version": str(case.version), "feedback": "Något helt annat."}
    answer = maria.client.post(f"/arenden/{case.id}/svar", data=data)
    assert answer.status_code == 422
    assert "Något helt annat." in answer.text


def test_the_readings_of_a_case_are_one_line_of_its_history(lotskoping: Lotskoping, maria: Browser):
    case = lotskoping.report(FALL)
    for _ in range(4):
        page = maria.page(f"/arenden/{case.id}")
    assert "Ärendet lästes 4 gånger" in page
    assert page.count("Ärendet lästes") == 1


def test_sas_hides_a_case_from_its_manager_on_the_page(lotskoping: Lotskoping, maria: Browser):
    case = lotskoping.report(FALL)
    assert 'id="skydda"' not in maria.page(f"/arenden/{case.id}")
    sas = Browser(lotskoping, MONIKA)
    assert 'id="skydda"' in sas.page(f"/arenden/{case.id}")
    assert "Ärendet doldes för enhetens chef" in sas.do(case, "skydda")
    assert maria.client.get(f"/arenden/{case.id}").status_code == 404
    assert case.number not in maria.page("/arenden")


def test_a_page_that_is_behind_does_not_say_that_somebody_else_is_named_already(
    lotskoping: Lotskoping,
):
    case, sas = lotskoping.report(FALL), Browser(lotskoping, MONIKA)
    sas.do(case, "skydda", involved=MARIA)
    old = {"version": str(case.version)}
    for person, status in ((MARIA, 200), (JONAS, 422)):
        answer = sas.client.post(f"/arenden/{case.id}/skydda", data={**old, "involved": person})
        assert answer.status_code == status, person
    assert lotskoping.case(case.id).manager_involved_ids == (MARIA,)


def test_mas_is_asked_for_advice_from_the_page(lotskoping: Lotskoping, maria: Browser):
    case = lotskoping.report(FALL)
    maria.do(case, "risk", severity="2", likelihood="2")
    maria.do(case, "rad")
    assert "Råd önskas" in " ".join(q.message.subject for q in lotskoping.outbox())


def test_only_who_has_a_task_to_do_gets_its_button(lotskoping: Lotskoping, maria: Browser):
    case = lotskoping.report(FALL)
    change(lotskoping, case, legal_areas=("SoL",))
    day = local_date(lotskoping.clock()).isoformat()
    maria.do(case, "uppgift", text="Ring anhöriga", owner_id=MARIA, due_on=day)
    button = f'action="/arenden/{case.id}/uppgift-klar"'
    assert button in maria.page(f"/arenden/{case.id}")
    seen = Browser(lotskoping, INGER).page(f"/arenden/{case.id}")
    assert "Ring anhöriga" in seen
    assert button not in seen
