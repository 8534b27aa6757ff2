"""A Lotsen that mail comes to, and what it has sent."""

from email import message_from_bytes, policy
from email.message import EmailMessage

from bot.delivery import deliver_outbox
from bot.mail.maildir import deliver
from bot.schedule import collect_mail
from bot.serving import build_channels, build_sources
from handlers.domain.case import Case
from tests.lotskoping import Lotskoping


class Post:
    """Puts mails into the inbox and reads what was sent."""

    def __init__(self, lotskoping: Lotskoping) -> None:
        self.lotskoping = lotskoping
        self.channels = build_channels(lotskoping.services)
        self.sources = build_sources(lotskoping.services)
        self._number = 0

    def comes(self, body: str = "Ingen svarar när jag ringer.", **headers: str) -> None:
        mail = EmailMessage()
        values = {
            "From": "Anna <anna@mail.example>",
            "To": "synpunkter@lotskoping.example",
            "Subject": "Hej",
            "Message-ID": f"<{self._number}@mail.example>",
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in values.items():
            mail[name] = value
        mail.set_content(body)
        self.comes_raw(mail.as_bytes())

    def comes_raw(self, raw: bytes) -> None:
        self._number += 1
        inbox = self.lotskoping.services.settings.inbox_maildir
        deliver(inbox, raw, name=f"m{self._number}")
        self.goes_on()

    def goes_on(self) -> None:
        collect_mail(self.lotskoping.services, self.sources)
        deliver_outbox(self.lotskoping.services, self.channels)

    def sent_to(self, address: str) -> list[EmailMessage]:
        return [mail for mail in self.sent() if str(mail["To"]) == address]

    def sent(self) -> list[EmailMessage]:
        folder = self.lotskoping.services.settings.sent_maildir / "new"
        return [
            message_from_bytes(path.read_bytes(), policy=policy.default)
            for path in sorted(folder.glob("*"))
        ]

    def outcomes(self) -> list[str]:
        with self.lotskoping.unit_of_work() as uow:
            rows = uow.connection.exec_driver_sql("SELECT id FROM inbox ORDER BY id").all()
            items = [uow.inbox.get(row.id) for row in rows]
        return [item.outcome["outcome"] for item in items if item]

    def cases(self) -> list[Case]:
        """Return all cases in the order of their numbers."""
        with self.lotskoping.unit_of_work() as uow:
            found = uow.cases.listed(None, open_only=False)
        return sorted(found, key=lambda case: case.number)

    def history(self, case: Case) -> list[str]:
        with self.lotskoping.unit_of_work() as uow:
            return [event.kind for event in uow.cases.events(case.id)]


def body_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
