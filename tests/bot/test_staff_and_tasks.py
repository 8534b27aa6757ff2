"""The pages of organisation, recurring tasks and emergency access: who may do what."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from bot.schedule import sweep
from bot.web.app import create_app
from handlers import case_handling
from handlers.domain.people import Assignment, Organisation, Person, Role, Validity
from handlers.errors import NotAllowed
from handlers.records import Purpose
from storage.organisation import replace_organisation
from tests.clock import T0
from tests.handlers.test_involved_manager import shielded
from tests.lotskoping import AGNETA, ERIK, INGER, JONAS, MARIA, MONIKA, Lotskoping

ADMIN, ADMIN_DEPUTY = "olle-admin", "pia-admin"
TODAY = T0.date()
Browser = Callable[[str], TestClient]


@pytest.fixture
def browser(lotskoping: Lotskoping) -> Iterator[Browser]:
    appoint(lotskoping, ADMIN, Role.ADMINISTRATOR)
    appoint(lotskoping, ADMIN_DEPUTY, Role.ADMINISTRATOR)
    opened = []

    def as_person(person_id: str) -> TestClient:
        client = TestClient(create_app(lotskoping.services), follow_redirects=False)
        client.__enter__()
        opened.append(client)
        assert client.post("/logga-in", data={"person_id": person_id}).status_code == 303
        return client

    yield as_person
    for client in opened:
        client.__exit__(None, None, None)


def appoint(lotskoping: Lotskoping, person_id: str, role: Role, scope: str = "") -> None:
    with lotskoping.unit_of_work() as uow:
        before = uow.organisation
        person = Person(id=person_id, name=person_id, email=f"{person_id}@lotskoping.example")
        valid = Validity(first_on=TODAY - timedelta(days=1))
        held = Assignment(person_id=person_id, role=role, scope=scope, deputy=False, valid=valid)
        after = replace(
            before, people=(*before.people, person), assignments=(*before.assignments, held)
        )
        replace_organisation(uow.connection, after)
        uow.commit()


def organisation(lotskoping: Lotskoping) -> Organisation:
    with lotskoping.unit_of_work() as uow:
        return uow.organisation


def away(first: int, last: int) -> dict[str, str]:
    return {
        "first_on": (TODAY + timedelta(days=first)).isoformat(),
        "last_on": (TODAY + timedelta(days=last)).isoformat(),
    }


def test_an_administrator_enters_an_absence_and_the_deputy_stands_in(
    lotskoping: Lotskoping, browser: Browser
):
    answer = browser(ADMIN).post(f"/organisation/{MARIA}/franvaro", data=away(0, 3))
    assert answer.status_code == 303
    chain = organisation(lotskoping).unit_chain("bjorkgarden", TODAY)
    assert chain[0].id == JONAS
    assert "borta" in browser(ADMIN).get("/organisation").text


def test_a_manager_enters_and_removes_the_own_absence_but_nobody_elses(
    lotskoping: Lotskoping, browser: Browser
):
    maria = browser(MARIA)
    assert maria.post(f"/organisation/{MARIA}/franvaro", data=away(1, 3)).status_code == 303
    assert maria.post(f"/organisation/{ERIK}/franvaro", data=away(1, 3)).status_code == 404
    assert [a.person_id for a in organisation(lotskoping).absences] == [MARIA]
    first = {"first_on": away(1, 3)["first_on"]}
    assert maria.post(f"/organisation/{MARIA}/franvaro/ta-bort", data=first).status_code == 303
    assert organisation(lotskoping).absences == ()


@pytest.mark.parametrize("days", [away(3, 1), away(-9, -2), away(0, 900), {"first_on": "x"}])
def test_an_absence_that_makes_no_sense_is_refused(
    lotskoping: Lotskoping, browser: Browser, days: dict[str, str]
):
    assert browser(ADMIN).post(f"/organisation/{MARIA}/franvaro", data=days).status_code == 422
    assert organisation(lotskoping).absences == ()


def test_a_deputy_named_by_the_administrator_has_the_rights_until_the_last_day(
    lotskoping: Lotskoping, browser: Browser
):
    form = {"place": "unit_manager:bjorkgarden", **away(0, 2)}
    browser(ADMIN).post(f"/organisation/{ERIK}/ersattare", data=form)
    case = lotskoping.report()
    erik = browser(ERIK)
    assert erik.get(f"/arenden/{case.id}").status_code == 200
    lotskoping.clock.advance(days=3)
    assert browser(ERIK).get(f"/arenden/{case.id}").status_code == 404


def test_a_deputy_whose_last_day_is_today_has_the_rights_until_midnight(
    lotskoping: Lotskoping, browser: Browser
):
    form = {"place": "unit_manager:bjorkgarden", "when": "today"}
    browser(ADMIN).post(f"/organisation/{JONAS}/ersattare/avsluta", data=form)
    after = organisation(lotskoping)
    assert "bjorkgarden" in after.managed_units(JONAS, TODAY)
    assert "bjorkgarden" not in after.managed_units(JONAS, TODAY + timedelta(days=1))


def test_ending_a_deputy_now_shuts_the_pages_that_minute(lotskoping: Lotskoping, browser: Browser):
    case = lotskoping.report()
    jonas = browser(JONAS)
    assert jonas.get(f"/arenden/{case.id}").status_code == 200
    form = {"place": "unit_manager:bjorkgarden", "when": "now"}
    browser(ADMIN).post(f"/organisation/{JONAS}/ersattare/avsluta", data=form)
    assert jonas.get(f"/arenden/{case.id}").status_code == 404
    after = organisation(lotskoping)
    assert "bjorkgarden" in after.managed_units(JONAS, TODAY - timedelta(days=1))


def test_a_deputy_named_by_mistake_and_ended_the_same_day_has_never_been_one(
    lotskoping: Lotskoping, browser: Browser
):
    admin = browser(ADMIN)
    admin.post(f"/organisation/{ERIK}/ersattare", data={"place": "sas:", **away(0, 9)})
    assert organisation(lotskoping).has_role(ERIK, Role.SAS, TODAY)
    ended = {"place": "sas:", "when": "now"}
    admin.post(f"/organisation/{ERIK}/ersattare/avsluta", data=ended)
    after = organisation(lotskoping)
    assert not any(one.person_id == ERIK and one.role == Role.SAS for one in after.assignments)
    with lotskoping.unit_of_work() as uow:
        kept = uow.audit.between(T0 - timedelta(days=1), T0 + timedelta(days=1))
    assert [one.kind for one in kept] == ["deputy_added", "deputy_ended"]


def test_an_administrator_names_nobody_mas_who_is_the_administrator(
    lotskoping: Lotskoping, browser: Browser
):
    form = {"place": "mas:", **away(0, 2)}
    assert browser(ADMIN).post(f"/organisation/{ADMIN}/ersattare", data=form).status_code == 422
    assert not organisation(lotskoping).has_role(ADMIN, Role.MAS, TODAY)


@pytest.mark.parametrize(
    "form",
    [
        {"place": "board:", **away(0, 2)},
        {"place": "nurse:", **away(0, 2)},
        {"place": "administrator:", **away(0, 2)},
        {"place": "mas:bjorkgarden", **away(0, 2)},
        {"place": "mas:", "first_on": "0001-01-01"},
        {"place": "mas:", **away(-1, 2)},
    ],
)
def test_a_deputy_is_named_for_a_place_of_the_list_and_from_today_at_the_earliest(
    lotskoping: Lotskoping, browser: Browser, form: dict[str, str]
):
    before = organisation(lotskoping)
    assert browser(ADMIN).post(f"/organisation/{ERIK}/ersattare", data=form).status_code == 422
    assert organisation(lotskoping) == before


def test_every_place_that_the_page_offers_can_be_taken_once(
    lotskoping: Lotskoping, browser: Browser
):
    admin, page = browser(ADMIN), browser(ADMIN).get(f"/organisation/{MONIKA}").text
    offered = re.findall(r'<option value="([a-z_]+:[^"]*)"', page)
    assert len(offered) > 10
    for place in offered:
        form = {"place": place, **away(5, 9)}
        answers = [admin.post(f"/organisation/{MONIKA}/ersattare", data=form) for _ in range(2)]
        assert [one.status_code for one in answers] == [303, 422]


@pytest.mark.parametrize("person", [MARIA, AGNETA, INGER])
def test_only_administrators_name_deputies(lotskoping: Lotskoping, browser: Browser, person: str):
    form = {"place": "mas:", **away(0, 2)}
    assert browser(person).post(f"/organisation/{ERIK}/ersattare", data=form).status_code == 404
    assert not organisation(lotskoping).has_role(ERIK, Role.MAS, TODAY)


def test_every_change_of_the_organisation_is_kept_in_the_log(
    lotskoping: Lotskoping, browser: Browser
):
    admin = browser(ADMIN)
    admin.post(f"/organisation/{MARIA}/franvaro", data=away(0, 3))
    admin.post(f"/organisation/{ERIK}/ersattare", data={"place": "mas:", **away(0, 2)})
    with lotskoping.unit_of_work() as uow:
        kept = uow.audit.between(T0 - timedelta(days=1), T0 + timedelta(days=1))
    assert [(e.kind, e.actor_id) for e in kept] == [
        ("absence_added", ADMIN),
        ("deputy_added", ADMIN),
    ]


# ---- emergency ----

REASON = "Chefen kan inte öppna ärendet och felet behöver hittas."


def test_an_administrator_sees_no_case_until_one_is_opened_in_an_emergency(
    lotskoping: Lotskoping, browser: Browser
):
    case, other = lotskoping.report(), lotskoping.report()
    admin = browser(ADMIN)
    assert admin.get(f"/arenden/{case.id}").status_code == 404
    answer = admin.post("/nodlage", data={"number": case.number, "reason": REASON})
    assert answer.headers["location"] == f"/arenden/{case.id}"
    assert admin.get(f"/arenden/{case.id}").status_code == 200
    assert admin.get(f"/arenden/{other.id}").status_code == 404
    assert case.number not in admin.get("/arenden").text
    assert browser(ADMIN_DEPUTY).get(f"/arenden/{case.id}").status_code == 404


def test_emergency_access_is_for_reading_and_ends_after_four_hours(
    lotskoping: Lotskoping, browser: Browser
):
    case = lotskoping.report()
    admin = browser(ADMIN)
    admin.post("/nodlage", data={"number": case.number, "reason": REASON})
    form = {"version": str(case.version), "feedback": "Hej"}
    assert admin.post(f"/arenden/{case.id}/svar", data=form).status_code == 422
    lotskoping.clock.advance(hours=1.5)
    assert admin.get(f"/arenden/{case.id}").status_code == 200
    lotskoping.clock.advance(hours=1.9)
    admin.get("/uppgifter")
    lotskoping.clock.advance(hours=0.7)
    assert admin.get(f"/arenden/{case.id}").status_code == 404


def test_emergency_access_is_told_to_mas_and_stands_in_history_and_log(
    lotskoping: Lotskoping, browser: Browser
):
    case = lotskoping.report()
    before = len(lotskoping.outbox())
    browser(ADMIN).post("/nodlage", data={"number": case.number, "reason": REASON})
    [told] = [q.message for q in lotskoping.outbox()][before:]
    assert (told.person_id, told.purpose) == (INGER, Purpose.NOTICE)
    assert REASON not in told.text
    with lotskoping.unit_of_work() as uow:
        assert uow.cases.events(case.id)[-1].kind == "emergency_opened"
        assert [e.reason for e in uow.emergencies.all()] == [REASON]
        kept = uow.audit.between(T0 - timedelta(days=1), T0 + timedelta(days=1))
    assert [e.kind for e in kept] == ["emergency_opened"]


@pytest.mark.parametrize("reason", ["", "test", "   kort   "])
def test_without_a_reason_nothing_is_opened(lotskoping: Lotskoping, browser: Browser, reason: str):
    case = lotskoping.report()
    answer = browser(ADMIN).post("/nodlage", data={"number": case.number, "reason": reason})
    assert answer.status_code == 422


def test_a_missing_case_and_one_that_the_administrator_is_involved_in_are_answered_alike(
    lotskoping: Lotskoping, browser: Browser
):
    case = shielded(lotskoping)
    with lotskoping.unit_of_work() as uow:
        uow.cases.save(replace(case, manager_involved_ids=(ADMIN,)))
        uow.commit()
    admin = browser(ADMIN)
    answers = [
        admin.post("/nodlage", data={"number": number, "reason": REASON})
        for number in (case.number, "AVV-2026-99999")
    ]
    assert answers[0].status_code == answers[1].status_code == 422
    assert answers[0].text == answers[1].text


@pytest.mark.parametrize("person", [MARIA, INGER, MONIKA])
def test_emergency_access_is_for_administrators(
    lotskoping: Lotskoping, browser: Browser, person: str
):
    case = lotskoping.report()
    client = browser(person)
    assert client.get("/nodlage").status_code == 404
    form = {"number": case.number, "reason": REASON}
    assert client.post("/nodlage", data=form).status_code == 404


# ---- tasks and what they are done with ----


def task_id(lotskoping: Lotskoping, duty_id: str, scope: str = "") -> str:
    with lotskoping.unit_of_work() as uow:
        return uow.duties.where(duty_id=duty_id, scope=scope)[-1].id


def test_a_task_is_shown_with_its_how_to_and_done_with_one_button(
    lotskoping: Lotskoping, browser: Browser
):
    sweep(lotskoping.services)
    maria = browser(MARIA)
    assert "Gå igenom veckans ärenden" in maria.get("/uppgifter").text
    address = f"/uppgifter/{task_id(lotskoping, 'weekly_review', 'bjorkgarden')}"
    assert "Bedöm risken" in maria.get(address).text
    assert maria.post(f"{address}/klar").status_code == 303
    assert "Maria Lindqvall" in maria.get(address).text
    assert browser(ERIK).get(address).status_code == 404


def test_the_unit_pack_counts_last_month_and_leaves_out_what_the_manager_may_not_know(
    lotskoping: Lotskoping, browser: Browser
):
    for _ in range(5):
        lotskoping.report()
    shielded(lotskoping)
    lotskoping.clock.advance(days=30)  # the first of July
    sweep(lotskoping.services)
    address = f"/uppgifter/{task_id(lotskoping, 'unit_pack', 'bjorkgarden')}/underlag"
    page = browser(MARIA).get(address).text
    assert "<dt>Kom in</dt><dd>5</dd>" in page
    written = browser(MARIA).get(address, params={"csv": "1"})
    assert "Kom in;5" in written.text
    assert written.headers["content-type"].startswith("text/csv")
    assert browser(ERIK).get(address, params={"csv": "1"}).status_code == 404
    assert "AVV-" not in page
    assert "golvet" not in page


def test_the_log_review_shows_the_same_sample_to_everybody_with_emergencies_first_of_all(
    lotskoping: Lotskoping, browser: Browser
):
    case = lotskoping.report()
    admin = browser(ADMIN)
    admin.post("/nodlage", data={"number": case.number, "reason": REASON})
    admin.get(f"/arenden/{case.id}")
    for _ in range(15):
        with lotskoping.unit_of_work() as uow:
            case_handling.note_read(lotskoping.desk(uow, case, MARIA))
            uow.commit()
        lotskoping.clock.advance(minutes=7)
    lotskoping.clock.advance(days=30)
    sweep(lotskoping.services)
    address = f"/uppgifter/{task_id(lotskoping, 'log_review')}/underlag"
    inger = browser(INGER)
    first, second = inger.get(address).text, inger.get(address).text
    assert first == second
    assert first.count('<li class="card">') == 11
    assert "I nödläge" in first


def test_a_relation_is_worth_nothing_without_an_assignment(lotskoping: Lotskoping):
    case = lotskoping.report("Hon fick dubbel dos insulin och kördes medvetslös till sjukhus.")
    with lotskoping.unit_of_work() as uow:
        for alert in uow.alerts.of_case(case.id):
            uow.alerts.save(replace(alert, recipient_id="gone"))
        with pytest.raises(NotAllowed):
            case_handling.open_for_work(lotskoping.desk(uow, case, "gone"))
