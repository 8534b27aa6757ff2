"""Outbox rows for tests of composing and sending."""

from dataclasses import replace

from bot.mail.composing import Letterhead
from handlers.records import OutboxMessage, Purpose, QueuedMessage

HEAD = Letterhead(
    address="synpunkter@lotskoping.example",
    name="Lotsköpings kommun",
    secret="hemligt " * 5,
    loop_id="provkommun",
)
RECEIPT = OutboxMessage(
    dedupe_key="receipt:1",
    channel="mail",
    recipient="asa.oberg@exempel.example",
    subject="Vi har fått ditt meddelande",
    text="Hej!\n\nDu får svar senast den 3 april.\nLäs mer: http://127.0.0.1:8000/mitt.\n\nHälsningar",
    purpose=Purpose.RECEIPT,
    case_id="Qm9yZ2VuIGVyIGdydW5u",
)


def queued(**changes: object) -> QueuedMessage:
    return QueuedMessage(id=1, message=replace(RECEIPT, **changes), attempts=1)  # type: ignore[arg-type]
