"""Guided by mail: what the receipt asks, what a reply fills, and what the link leads to."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from bot.web.app import create_app
from handlers.domain.case import CaseStatus
from tests.bot.post import Post, body_of
from tests.lotskoping import BENGT, JONAS, Lotskoping

LINK = re.compile(r"https?://[^/\s]+(/komplettera/\S+)")


@pytest.fixture
def post(lotskoping: Lotskoping) -> Post:
    return Post(lotskoping)


@pytest.fixture
def client(lotskoping: Lotskoping) -> Iterator[TestClient]:
    with TestClient(create_app(lotskoping.services), base_url="http://127.0.0.1:8000") as opened:
        yield opened


def test_the_receipt_asks_for_unit_and_time_when_the_mail_names_neither(post: Post):
    post.comes("Ingen svarar när jag ringer.")
    [receipt] = post.sent_to("anna@mail.example")
    text = body_of(receipt)
    assert "Vilken verksamhet gäller det?" in text
    assert "När hände det?" in text
    assert LINK.search(text)


def test_the_receipt_asks_nothing_that_the_mail_has_told(post: Post):
    post.comes("På Solrosens demensboende kom ingen i går kväll.")
    [receipt] = post.sent_to("anna@mail.example")
    assert "Vilken verksamhet" not in body_of(receipt)
    assert "När hände det" not in body_of(receipt)
    assert not LINK.search(body_of(receipt))


def test_an_english_mail_is_answered_in_english(post: Post):
    post.comes("Nobody came to my mother yesterday and nobody answers the phone.")
    [receipt] = post.sent_to("anna@mail.example")
    assert "We have received your message" in body_of(receipt)
    assert receipt["Content-Language"] == "en"


def test_the_receipt_stands_in_the_senders_thread(post: Post):
    post.comes("Ingen kom till mamma.", Message_ID="<fraga.1@mail.example>")
    [receipt] = post.sent_to("anna@mail.example")
    assert receipt["In-Reply-To"] == "<fraga.1@mail.example>"
    assert receipt["References"] == "<fraga.1@mail.example>"


def test_a_message_id_with_a_line_end_in_it_gets_into_no_header(post: Post):
    post.comes_raw(
        b"From: anna@mail.example\r\nTo: synpunkter@lotskoping.example\r\nSubject: Hej\r\n"
        b"Message-ID: <a@b\r\n Bcc: x@y.example>\r\n\r\nIngen kom till mamma.\r\n"
    )
    [receipt] = post.sent_to("anna@mail.example")
    assert receipt["Bcc"] is None


def test_a_reply_to_the_questions_gives_the_case_its_unit_and_tells_the_manager(post: Post):
    post.comes("Ingen svarar när jag ringer.")
    [receipt] = post.sent_to("anna@mail.example")
    post.comes("Solrosens demensboende, i måndags", In_Reply_To=str(receipt["Message-ID"]))
    [case] = post.cases()
    assert case.unit_id == "solrosen"
    subjects = [str(m["Subject"]) for m in post.sent_to(f"{JONAS}@lotskoping.example")]
    assert any(case.number in subject for subject in subjects)
    with post.lotskoping.unit_of_work() as uow:
        answers = [report.answers for report in uow.reports.all_of_case(case.id)]
    assert any("måndag" in found["when"].text.lower() for found in answers if "when" in found)


def test_the_link_leads_to_the_same_case_and_not_to_a_new_one(post: Post, client: TestClient):
    post.comes("Ingen svarar när jag ringer. Min fars namn är hemligt.")
    found = LINK.search(body_of(post.sent_to("anna@mail.example")[0]))
    assert found
    page = client.get(found[1]).text
    assert "hemligt" not in page
    for answer in (
        {"choice": "no"},
        {"choice": "week"},
        {"choice": "solrosen"},
        {"choice": "mild"},
        {"text": "Det har hänt förr."},
        {"command": "submit"},
    ):
        page = client.post(
            "/rapportera", data=answer, headers={"Origin": "http://127.0.0.1:8000"}
        ).text
    [case] = post.cases()
    assert case.number in page
    assert case.unit_id == "solrosen"
    assert case.harm == "mild"


def test_a_made_up_or_old_link_leads_nowhere(post: Post, client: TestClient):
    post.comes("Ingen svarar när jag ringer.")
    found = LINK.search(body_of(post.sent_to("anna@mail.example")[0]))
    assert found
    assert client.get(f"{found[1]}x").status_code == 404
    post.lotskoping.clock.advance(days=61)
    assert client.get(found[1], follow_redirects=False).status_code == 404


def test_the_link_goes_on_from_a_case_that_has_ended(post: Post, client: TestClient):
    post.comes("Ingen svarar när jag ringer.")
    found = LINK.search(body_of(post.sent_to("anna@mail.example")[0]))
    assert found
    [case] = post.cases()
    close(post, case.id)
    client.get(found[1])
    for answer in ({"choice": "no"}, {"choice": "week"}, {"choice": "solrosen"}):
        client.post("/rapportera", data=answer, headers={"Origin": "http://127.0.0.1:8000"})
    for answer in ({"choice": "mild"}, {"text": "Det hände igen."}, {"command": "submit"}):
        client.post("/rapportera", data=answer, headers={"Origin": "http://127.0.0.1:8000"})
    assert [one.status for one in post.cases()] == [CaseStatus.INVESTIGATING]


def test_a_reply_to_a_case_closed_long_ago_makes_a_linked_new_one(post: Post):
    post.comes("Ingen kom till mamma i går kväll.")
    [first] = post.cases()
    close(post, first.id)
    [receipt] = post.sent_to("anna@mail.example")
    post.lotskoping.clock.advance(days=91)
    post.comes("Nu händer det igen.", In_Reply_To=str(receipt["Message-ID"]))
    old, new = post.cases()
    assert old.status == CaseStatus.CLOSED
    assert "continues" in post.history(new)
    assert "continues_later" in post.history(old)
    assert new.unit_id == old.unit_id


def test_the_right_number_from_somebody_else_is_shown_as_perhaps_belonging(
    post: Post, client: TestClient
):
    post.comes("Ingen kom till mamma i går kväll.")
    [first] = post.cases()
    post.comes("Vad händer?", From="bo@other.example", Subject=f"Ärende {first.number}")
    _, second = post.cases()
    assert "may_belong" in post.history(second)
    client.post("/logga-in", data={"person_id": BENGT})
    page = client.get(f"/arenden/{second.id}").text
    assert f"Brevet kan höra till {first.number}" in page
    assert f"/arenden/{first.id}" in page


def test_a_hard_bounce_marks_the_reporter_and_tells_the_handler(post: Post):
    post.comes("Ingen kom till mamma i går kväll.")
    [receipt] = post.sent_to("anna@mail.example")
    bounce(post, str(receipt["Message-ID"]))
    [case] = post.cases()
    assert not case.reporter_reachable
    assert "reporter_unreachable" in post.history(case)
    subjects = [str(m["Subject"]) for m in post.sent_to(f"{BENGT}@lotskoping.example")]
    assert any("kom inte fram" in subject for subject in subjects)


def test_a_new_mail_from_the_reporter_takes_the_mark_away(post: Post):
    post.comes("Ingen kom till mamma i går kväll.")
    [receipt] = post.sent_to("anna@mail.example")
    bounce(post, str(receipt["Message-ID"]))
    post.comes("Nu fungerar min mejl.", In_Reply_To=str(receipt["Message-ID"]))
    assert post.cases()[0].reporter_reachable


def test_a_reply_that_tells_of_worse_raises_the_alarm_that_the_first_mail_did_not(post: Post):
    post.comes("Maten var kall i dag.")
    [receipt] = post.sent_to("anna@mail.example")
    post.comes(
        "Hon fick fel dos insulin och blev medvetslös, de ringde ambulans.",
        In_Reply_To=str(receipt["Message-ID"]),
    )
    [case] = post.cases()
    with post.lotskoping.unit_of_work() as uow:
        alerts = uow.alerts.of_case(case.id)
    assert any(alert.key.split("/")[1] == "letter" for alert in alerts)


def bounce(post: Post, message_id: str) -> None:
    post.comes_raw(
        (
            "From: MAILER-DAEMON@mail.example\r\nTo: synpunkter@lotskoping.example\r\n"
            "Subject: Undelivered Mail Returned to Sender\r\nReturn-Path: <>\r\n"
            "MIME-Version: 1.0\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
            "--b\r\nContent-Type: text/plain\r\n\r\nuser unknown\r\n"
            "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
            "Reporting-MTA: dns; mail.example\r\n\r\n"
            "Final-Recipient: rfc822; anna@mail.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
            f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n"
            "To: anna@mail.example\r\n--b--\r\n"
        ).encode()
    )


def close(post: Post, case_id: str) -> None:
    moment = post.lotskoping.clock() + timedelta(hours=1)
    with post.lotskoping.unit_of_work() as uow:
        uow.connection.exec_driver_sql(
            "UPDATE cases SET status = 'closed', closed_at = ? WHERE id = ?",
            (moment.strftime("%Y-%m-%d %H:%M:%S.%f"), case_id),
        )
        uow.commit()
