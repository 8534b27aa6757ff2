"""The running service at its mailboxes: a server that tells of new mail, and Microsoft Graph."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from bot.app import Services, build_services
from bot.channels.mailbox import MailChannel
from bot.config import Settings
from bot.delivery import deliver_outbox
from bot.demo.loading import load_demo
from bot.mail.composing import Letterhead
from bot.mail.graph import GraphSource
from bot.mail.graph_sending import GraphSender
from bot.mail.microsoft import GRAPH_SCOPE, GraphClient, MicrosoftTokens
from bot.preparing import open_migrated
from bot.schedule import collect_mail
from bot.serving import build_channels, start_work
from tests.bot.mail.dovecot import PASSWORD, Dovecot, dovecot_or_skip
from tests.bot.mail.graph_server import USER, running_graph
from tests.lotskoping import Lotskoping

MAILBOX = """
[[mailbox]]
name = "synpunkter"
address = "{user}"
report_kind = "complaint"
kind = "imap"
host = "127.0.0.1"
port = {port}
password_file = "{folder}/password"
poll_seconds = 3600
"""
PATIENCE_SECONDS = 60  # far below the hour between two polls


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    with dovecot_or_skip() as it:
        yield it


@pytest.fixture
def services(
    dovecot: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Services]:
    """A Lotsen that looks into one of Dovecot's mailboxes once an hour."""
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.certificate.certificate))
    (tmp_path / "password").write_text(PASSWORD)
    file = tmp_path / "mailboxes.toml"
    file.write_text(MAILBOX.format(user=USER, port=dovecot.imaps_port, folder=tmp_path))
    settings = Settings(_env_file=None, data_dir=tmp_path, mailboxes=file, worker_seconds=0.5)
    open_migrated(settings).close()
    opened = build_services(settings)
    load_demo(opened)
    yield opened
    opened.database.close()


def test_the_service_takes_a_mail_as_soon_as_the_server_tells_of_it(
    dovecot: Dovecot, services: Services
) -> None:
    sent = services.settings.sent_maildir / "new"
    dovecot.deliver(USER, "Det första")
    with ExitStack() as closing:
        start_work(services, build_channels(services), closing)
        wait_for_receipts(sent, 1)  # of the first poll; the next comes in an hour
        for number, subject in enumerate(("Det andra", "Det tredje"), 2):
            dovecot.deliver(USER, subject)
            wait_for_receipts(sent, number)


def wait_for_receipts(folder: Path, number: int) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        if len(receipts_in(folder)) >= number:
            return
        time.sleep(0.1)
    pytest.fail(f"{len(receipts_in(folder))} receipts instead of {number}")


def receipts_in(folder: Path) -> list[EmailMessage]:
    mails = [message_from_bytes(f.read_bytes(), policy=policy.default) for f in folder.glob("*")]
    return [mail for mail in mails if mail["To"] == "asa@exempel.example"]


def test_a_mail_of_graph_becomes_a_case_and_its_receipt_leaves_through_graph(
    lotskoping: Lotskoping,
) -> None:
    services = lotskoping.services
    head = Letterhead(address=USER, name="Lotsköping", secret=services.secret, loop_id="lotsen")
    with running_graph() as graph, graph.login_session() as session:
        graph.add("Ingen kom till mamma i går", "2026-11-22T08:00:00Z")
        tokens = MicrosoftTokens(
            tenant_id="kommunen",
            client_id="lotsen",
            credential=graph.secret,
            scope=GRAPH_SCOPE,
            http_client=session,
            instance_discovery=False,
        )
        client = GraphClient(tokens, base_url=graph.base_url)
        sender = GraphSender(client, user=USER)
        channels = {"mail": MailChannel(head=head, sender=sender, clock=services.clock)}
        collect_mail(services, [GraphSource(client, user=USER, mailbox="m365")])
        deliver_outbox(services, channels)
        deliver_outbox(services, channels)
        client.close()
    sent = [message_from_bytes(raw, policy=policy.default) for raw in graph.sent]
    [receipt] = [mail for mail in sent if mail["To"] == "asa@exempel.example"]
    assert receipt["Auto-Submitted"]
    with lotskoping.unit_of_work() as uow:
        [case] = uow.cases.listed(None, open_only=False)
    assert case.number in receipt["Subject"]
