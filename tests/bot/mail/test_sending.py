"""Handing mail over, to a Maildir and to a real SMTP server on this machine."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from bot.mail.composing import compose
from bot.mail.sending import MaildirSender, SmtpSender
from handlers.errors import PermanentDeliveryError, TemporaryDeliveryError
from tests.bot.mail.letters import HEAD, queued
from tests.bot.mail.servers import Certificate, free_port, make_certificate

PASSWORD = "hemligt"


class Sink:
    """Takes mail, except for receivers whose address says what to answer."""

    def __init__(self) -> None:
        self.mails: list[Envelope] = []

    async def handle_RCPT(  # noqa: N802 - the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        code = address.partition("@")[0]
        if code.isdigit():
            return f"{code} said so"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        del server, session
        await asyncio.sleep(0)
        self.mails.append(envelope)
        return "250 OK"


def authenticate(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
) -> AuthResult:
    del server, session, envelope, mechanism
    return AuthResult(success=data.password == PASSWORD.encode(), handled=False)


class TlsController(Controller):
    def __init__(self, sink: Sink, port: int, certificate: Certificate | None) -> None:
        super().__init__(sink, hostname="127.0.0.1", port=port)
        self.certificate = certificate

    def factory(self) -> SMTP:
        if self.certificate is None:
            return SMTP(self.handler)
        return SMTP(
            self.handler,
            tls_context=self.certificate.server_context(),
            require_starttls=True,
            auth_required=True,
            authenticator=authenticate,
        )


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def sink(certificate: Certificate) -> Iterator[tuple[Sink, int]]:
    found, port = Sink(), free_port()
    controller = TlsController(found, port, certificate)
    controller.start()
    yield found, port
    controller.stop()


@pytest.fixture
def plain_sink() -> Iterator[tuple[Sink, int]]:
    found, port = Sink(), free_port()
    controller = TlsController(found, port, None)
    controller.start()
    yield found, port
    controller.stop()


def sender(port: int, certificate: Certificate, password: str = PASSWORD) -> SmtpSender:
    return SmtpSender(
        host="127.0.0.1",
        port=port,
        security="starttls",
        user="lotsen",
        password=password,
        tls=certificate.client_context(),
    )


def test_a_mail_goes_out_encrypted_and_whole(
    sink: tuple[Sink, int], certificate: Certificate
) -> None:
    mail = compose(queued(), HEAD)

    sender(sink[1], certificate).send(mail)

    [envelope] = sink[0].mails
    assert envelope.rcpt_tos == ["asa.oberg@exempel.example"]
    assert str(mail["Message-ID"]).encode() in (envelope.original_content or b"")


def test_without_encryption_nothing_is_sent_unless_it_is_set_off(
    plain_sink: tuple[Sink, int], certificate: Certificate
) -> None:
    found, port = plain_sink

    with pytest.raises(TemporaryDeliveryError):
        sender(port, certificate).send(compose(queued(), HEAD))
    assert found.mails == []

    SmtpSender(host="127.0.0.1", port=port, security="none").send(compose(queued(), HEAD))
    assert len(found.mails) == 1


def test_a_certificate_that_nobody_vouches_for_stops_the_mail(sink: tuple[Sink, int]) -> None:
    found, port = sink
    unsure = SmtpSender(host="127.0.0.1", port=port, security="starttls")

    with pytest.raises(TemporaryDeliveryError):
        unsure.send(compose(queued(), HEAD))
    assert found.mails == []


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (450, TemporaryDeliveryError),
        (452, TemporaryDeliveryError),
        (550, PermanentDeliveryError),
        (553, PermanentDeliveryError),
    ],
)
def test_what_the_server_says_of_a_receiver_decides(
    sink: tuple[Sink, int], certificate: Certificate, code: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        sender(sink[1], certificate).send(
            compose(queued(recipient=f"{code}@exempel.example"), HEAD)
        )


def test_a_wrong_password_buries_no_mail(sink: tuple[Sink, int], certificate: Certificate) -> None:
    with pytest.raises(TemporaryDeliveryError):
        sender(sink[1], certificate, password="fel").send(compose(queued(), HEAD))


def test_a_server_that_is_away_is_tried_again(certificate: Certificate) -> None:
    with pytest.raises(TemporaryDeliveryError):
        sender(free_port(), certificate).send(compose(queued(), HEAD))


def test_the_same_mail_twice_is_one_file(tmp_path: Path) -> None:
    folder = MaildirSender(tmp_path / "sent")

    folder.send(compose(queued(), HEAD))
    folder.send(compose(queued(), HEAD, "Tue, 3 Mar 2026 10:12:33 +0100"))
    folder.send(compose(queued(dedupe_key="another"), HEAD))

    assert len(list((tmp_path / "sent" / "new").iterdir())) == 2
    assert list((tmp_path / "sent" / "tmp").iterdir()) == []
