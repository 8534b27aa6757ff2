"""The log: everything read and written in it, shown to those who review, and not to be changed."""

from dataclasses import replace
from datetime import timedelta

from fastapi.testclient import TestClient

from bot.web.app import create_app
from handlers import staffing
from handlers.domain.case import Case
from handlers.records import AuditEvent
from tests.bot.post import Post
from tests.bot.test_mailroom import newsletter
from tests.lotskoping import BENGT, DAVID, INGER, MARIA, MONIKA, Lotskoping

ADMIN = "rolf-kvistmark"


def browser(lotskoping: Lotskoping, person: str) -> TestClient:
    client = TestClient(create_app(lotskoping.services), follow_redirects=True)
    client.post("/logga-in", data={"person_id": person})
    return client


def test_mas_sees_who_has_read_and_changed_a_case(lotskoping: Lotskoping):
    case = lotskoping.report()
    maria = browser(lotskoping, MARIA)
    maria.get(f"/arenden/{case.id}")
    maria.post(f"/arenden/{case.id}/ta-emot", data={"version": str(case.version)})
    page = browser(lotskoping, INGER).get(f"/logg/arende?nummer={case.number.lower()}").text
    assert "Ärendet lästes" in page
    assert "Mottagen" in page
    assert page.count("Maria Lindqvall") >= 2
    assert "golvet" not in page  # not a word of the report


def test_what_is_done_outside_the_cases_stands_in_the_months_log(lotskoping: Lotskoping):
    today = lotskoping.clock().date()
    with lotskoping.unit_of_work() as uow:
        staffing.add_absence(
            uow,
            editor_id=MARIA,
            person_id=MARIA,
            first_on=today,
            last_on=today + timedelta(days=1),
            now=lotskoping.clock(),
            municipality=lotskoping.services.municipality,
        )
        uow.commit()
    mas = browser(lotskoping, INGER)
    assert "Frånvaro lades in: Maria Lindqvall" in mas.get("/logg").text
    assert "Loggen lästes" in mas.get("/logg").text  # the first look
    assert "Frånvaro lades in" not in mas.get("/logg?manad=2026-05").text
    assert mas.get("/logg?manad=maj").status_code == 422


def test_others_do_not_see_the_log_and_do_not_hear_of_it(lotskoping: Lotskoping):
    case = lotskoping.report()
    for person in (MARIA, MONIKA):
        client = browser(lotskoping, person)
        assert client.get("/logg").status_code == 404
        assert client.get(f"/logg/arende?nummer={case.number}").status_code == 404
        assert "/logg" not in client.get("/att-gora").text.replace("/logga-ut", "")
    assert 'href="/logg"' in browser(lotskoping, INGER).get("/att-gora").text


def test_a_reviewer_finds_nothing_of_a_case_that_is_about_the_reviewer(lotskoping: Lotskoping):
    case = lotskoping.report()
    with lotskoping.unit_of_work() as uow:
        uow.cases.save(replace(case, manager_involved=True, manager_involved_ids=(INGER,)))
        values = {"case": case.id}
        opened = AuditEvent(
            at=lotskoping.clock(), actor_id="olle", kind="emergency_opened", values=values
        )
        uow.audit.add(opened)
        uow.commit()
    inger, david = browser(lotskoping, INGER), browser(lotskoping, DAVID)
    hidden = inger.get(f"/logg/arende?nummer={case.number}")
    unknown = inger.get("/logg/arende?nummer=AVV-2026-99999")
    assert (hidden.status_code, unknown.status_code) == (422, 422)
    assert hidden.text == unknown.text
    assert case.number not in inger.get("/logg").text
    assert case.number in david.get("/logg").text


def test_a_line_that_was_changed_past_the_triggers_is_found(lotskoping: Lotskoping):
    with lotskoping.unit_of_work() as uow:
        for kind in ("logged_in", "log_read", "logged_in"):
            uow.audit.add(AuditEvent(at=lotskoping.clock(), actor_id=MARIA, kind=kind))
        assert uow.audit.broken_lines() == []
        uow.connection.exec_driver_sql("DROP TRIGGER audit_events_no_update")
        uow.connection.exec_driver_sql("UPDATE audit_events SET actor_id = 'nobody' WHERE id = 2")
        assert uow.audit.broken_lines() == [2]
        uow.connection.exec_driver_sql("DROP TRIGGER audit_events_no_delete")
        uow.connection.exec_driver_sql("DELETE FROM audit_events WHERE id = 2")
        assert uow.audit.broken_lines() == [3]


def readings(lotskoping: Lotskoping, case: Case, person: str) -> int:
    with lotskoping.unit_of_work() as uow:
        events = uow.cases.events(case.id)
    return sum(one.kind == "read" and one.actor_id == person for one in events)


def test_a_page_that_comes_back_with_a_fault_is_a_reading_too(lotskoping: Lotskoping):
    case = lotskoping.report("Personen hittades på golvet. Zebramärket.")
    maria = browser(lotskoping, MARIA)
    for seen, (deed, fields) in enumerate(
        [("kommentar", {}), ("svar", {"version": "99", "feedback": "Hej"}), ("finns-inte", {})], 1
    ):
        answer = maria.post(f"/arenden/{case.id}/{deed}", data=fields)
        assert (answer.status_code, "Zebramärket" in answer.text) == (422, True)
        assert readings(lotskoping, case, MARIA) == seen


def test_what_an_administrator_reads_in_an_emergency_stands_in_the_history(lotskoping: Lotskoping):
    case = lotskoping.report("Personen hittades på golvet. Zebramärket.")
    admin = browser(lotskoping, ADMIN)
    reason = "Chefen kan inte öppna ärendet och felet behöver hittas."
    opened = admin.post("/nodlage", data={"number": case.number, "reason": reason})
    assert "Zebramärket" in opened.text
    assert readings(lotskoping, case, ADMIN) == 1
    assert "Zebramärket" in admin.post(f"/arenden/{case.id}/kommentar", data={}).text
    assert readings(lotskoping, case, ADMIN) == 2


def test_the_letters_of_the_mail_room_are_read_in_the_log(lotskoping: Lotskoping):
    bengt = browser(lotskoping, BENGT)
    bengt.get("/brev")
    newsletter(Post(lotskoping))
    bengt.get("/brev")
    with lotskoping.unit_of_work() as uow:
        now = lotskoping.clock()
        events = uow.audit.between(now - timedelta(days=1), now + timedelta(days=1))
        kinds = [one.kind for one in events]
    assert kinds.count("mails_read") == 1
