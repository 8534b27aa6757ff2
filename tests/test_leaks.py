"""Marker strings that go in as personal data come out in no log, address, notice or error page."""

import io
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.delivery import deliver_outbox
from bot.logs import configure_logs
from bot.mail.maildir import deliver
from bot.schedule import collect_mail, sweep
from bot.serving import build_channels, build_sources
from bot.web.app import create_app
from handlers.records import Purpose
from tests.lotskoping import MARIA, Lotskoping

MARKERS = ("XNAMNX", "XDIAGNOSX", "xavsandarex", "19121212-1213", "XAMNEX")
STORY = "XNAMNX föll och slog i huvudet. XDIAGNOSX. Nummer 19121212-1213."


@pytest.fixture
def log() -> io.StringIO:
    stream = io.StringIO()
    configure_logs(stream)
    return stream


def a_complaint() -> bytes:
    mail = EmailMessage()
    mail["From"] = "XNAMNX Anhörig <xavsandarex@mail.example>"
    mail["To"] = "synpunkter@lotskoping.example"
    mail["Subject"] = "XAMNEX om XNAMNX"
    mail["Message-ID"] = "<leak@mail.example>"
    mail.set_content(STORY)
    return mail.as_bytes()


def run_everything(lotskoping: Lotskoping) -> None:
    """A report, a complaint, reminders for both, and everything delivered."""
    services = lotskoping.services
    lotskoping.report(STORY, danger="yes", harm="death")
    channels, sources = build_channels(services), build_sources(services)
    deliver(services.settings.inbox_maildir, a_complaint(), name="leak")
    collect_mail(services, sources)
    deliver_outbox(services, channels)
    lotskoping.clock.advance(days=50)
    sweep(services)
    deliver_outbox(services, channels)


def marked(text: str) -> list[str]:
    return [marker for marker in MARKERS if marker.casefold() in text.casefold()]


def test_no_log_line_carries_a_marker(lotskoping: Lotskoping, log: io.StringIO):
    run_everything(lotskoping)
    lines = log.getvalue()
    assert "mail handled" in lines
    assert marked(lines) == []


def test_no_notice_alert_or_digest_carries_a_marker(lotskoping: Lotskoping, log: io.StringIO):
    run_everything(lotskoping)
    sent = lotskoping.services.settings.sent_maildir / "new"
    mails = [message_from_bytes(p.read_bytes(), policy=policy.default) for p in sent.iterdir()]
    to_staff = [m for m in mails if str(m["To"]).endswith("@lotskoping.example")]
    assert len(to_staff) >= 4
    for mail in to_staff:
        body = mail.get_body(("plain",))
        html = mail.get_body(("html",))
        assert body is not None
        assert html is not None
        whole = f"{mail.items()} {body.get_content()} {html.get_content()}"
        assert marked(whole) == []


def test_the_receipt_to_a_relative_repeats_neither_text_nor_subject(
    lotskoping: Lotskoping, log: io.StringIO
):
    run_everything(lotskoping)
    sent = lotskoping.services.settings.sent_maildir / "new"
    mails = [message_from_bytes(p.read_bytes(), policy=policy.default) for p in sent.iterdir()]
    [receipt] = [m for m in mails if "xavsandarex" in str(m["To"])]
    body = receipt.get_body(("plain",))
    assert body is not None
    assert marked(f"{receipt['Subject']} {body.get_content()}") == []


def test_outgoing_messages_to_staff_are_covered_whatever_their_purpose(lotskoping: Lotskoping):
    run_everything(lotskoping)
    with lotskoping.unit_of_work() as uow:
        rows = uow.connection.exec_driver_sql(
            "SELECT purpose, subject, text FROM outbox WHERE person_id <> ''"
        ).all()
    assert {row.purpose for row in rows} >= {Purpose.NOTICE, Purpose.ALERT, Purpose.DIGEST}
    assert [marked(f"{row.subject} {row.text}") for row in rows] == [[]] * len(rows)


def test_error_pages_and_addresses_repeat_nothing(lotskoping: Lotskoping, log: io.StringIO):
    app = create_app(lotskoping.services)
    client = TestClient(app, base_url="http://127.0.0.1:8000", raise_server_exceptions=False)
    client.post("/logga-in", data={"person_id": MARIA})
    case = lotskoping.report(STORY)
    answers = [
        client.get("/XNAMNX"),
        client.get("/arenden/XNAMNX"),
        client.post("/logga-in", data={"XNAMNX": STORY}),
        client.post(f"/arenden/{case.id}/XDIAGNOSX", data={"version": STORY}),
        client.post("/rapportera", data={"choice": STORY * 20}),
        client.get("/logga-in?vidare=//XNAMNX.example"),
    ]
    for answer in answers[:3] + answers[4:]:
        assert marked(answer.text) == [], answer.request.url.path
    # The case page is the person's own: it may show the case, but the address may not.
    assert marked(str(answers[3].url).replace("XDIAGNOSX", "")) == []
    assert marked(log.getvalue()) == []


def test_no_page_puts_what_was_written_into_an_address(lotskoping: Lotskoping):
    app = create_app(lotskoping.services)
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        client.get("/rapportera?form=deviation")
        for data in ({"choice": "no"}, {"text": STORY}, {"choice": "now"}):
            answer = client.post("/rapportera", data=data)
            assert answer.status_code == 200
            assert marked(str(answer.url)) == []


def test_the_log_drops_every_key_that_is_not_allowed(log: io.StringIO):
    import structlog

    structlog.get_logger().info("delivered", outbox=1, text=STORY, sender="XNAMNX")
    assert marked(log.getvalue()) == []


def test_what_a_library_logs_is_reduced_to_who_spoke(log: io.StringIO):
    import logging

    logging.getLogger("some.library").warning("could not parse %s", STORY)
    assert "some.library" in log.getvalue()
    assert marked(log.getvalue()) == []


def test_case_ids_in_links_cannot_be_guessed(lotskoping: Lotskoping, tmp_path: Path):
    case = lotskoping.report()
    assert len(case.id) >= 22  # 128 bits in base64
    assert case.number not in case.id
