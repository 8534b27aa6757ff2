"""Letters in cases, and their attachments."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, exists, func, insert, literal, or_, select

from handlers.domain.mail import SenderRole
from handlers.records import Letter, Purpose, StoredAttachment
from storage import tables


class SqlLetters:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, letter: Letter, attachments: Iterable[StoredAttachment]) -> None:
        self._connection.execute(
            insert(tables.letters).values(
                id=letter.id,
                case_id=letter.case_id,
                inbox_id=letter.inbox_id,
                message_id=letter.message_id,
                sender_address=letter.sender_address,
                sender_name=letter.sender_name,
                subject=letter.subject,
                text=letter.text,
                folded_text=letter.folded_text,
                received_at=letter.received_at,
                authentication_failed=letter.authentication_failed,
                authentication=dict(letter.authentication),
                sender_role=letter.sender_role.value,
                faults=list(letter.faults),
            )
        )
        for attachment in attachments:
            self._connection.execute(
                insert(tables.attachments).values(
                    letter_id=letter.id,
                    name=attachment.name,
                    media_type=attachment.media_type,
                    size=attachment.size,
                    sha256=attachment.sha256,
                    content=attachment.content,
                    note=attachment.note,
                )
            )

    def of_case(self, case_id: str) -> Sequence[Letter]:
        table = tables.letters
        statement = select(table).where(table.c.case_id == case_id).order_by(table.c.received_at)
        return [
            Letter(
                id=row.id,
                case_id=row.case_id,
                inbox_id=row.inbox_id,
                message_id=row.message_id,
                sender_address=row.sender_address,
                sender_name=row.sender_name,
                subject=row.subject,
                text=row.text,
                folded_text=row.folded_text,
                received_at=row.received_at,
                authentication_failed=row.authentication_failed,
                authentication=row.authentication,
                sender_role=SenderRole(row.sender_role),
                faults=tuple(row.faults),
            )
            for row in self._connection.execute(statement)
        ]

    def attachments_of(self, case_id: str) -> Sequence[StoredAttachment]:
        table = tables.attachments
        columns = [column for column in table.c if column is not table.c.content]
        statement = (
            select(*columns, literal(b"").label("content"))
            .join(tables.letters)
            .where(tables.letters.c.case_id == case_id)
            .order_by(table.c.id)
        )
        return [_attachment(row) for row in self._connection.execute(statement).all()]

    def attachment(self, case_id: str, attachment_id: int) -> StoredAttachment | None:
        table = tables.attachments
        statement = (
            select(table)
            .join(tables.letters)
            .where(tables.letters.c.case_id == case_id, table.c.id == attachment_id)
        )
        row = self._connection.execute(statement).first()
        return None if row is None else _attachment(row)

    def held(self) -> Sequence[datetime]:
        inbox = tables.inbox
        statement = (
            select(inbox.c.received_at, inbox.c.outcome)
            .where(inbox.c.state == "held", inbox.c.source.startswith("mail:"))
            .order_by(inbox.c.received_at)
        )
        rows = self._connection.execute(statement)
        return [row.received_at for row in rows if not row.outcome.get("case")]

    def case_with_participant(self, case_id: str, address: str) -> bool:
        table = tables.letters
        here = exists().where(table.c.case_id == case_id, table.c.sender_address == address)
        return bool(address) and bool(self._connection.execute(select(here)).scalar())

    def receipts_to(self, address: str, *, since: datetime) -> int:
        table = tables.outbox
        local, _, domain = address.rpartition("@")
        base = local.partition("+")[0]
        at = f"@{domain}"
        to_them = or_(
            table.c.recipient.in_([address, base + at]),
            table.c.recipient.startswith(f"{base}+", autoescape=True)
            & table.c.recipient.endswith(at, autoescape=True),
        )
        is_receipt = table.c.purpose == Purpose.RECEIPT.value
        counted = select(func.count()).where(to_them, is_receipt, table.c.created_at >= since)
        return self._connection.execute(counted).scalar_one()


def _attachment(row: Row[*tuple[Any, ...]]) -> StoredAttachment:
    return StoredAttachment(
        id=row.id,
        letter_id=row.letter_id,
        name=row.name,
        media_type=row.media_type,
        size=row.size,
        sha256=row.sha256,
        content=row.content,
        note=row.note,
    )
