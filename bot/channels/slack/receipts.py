"""The receipt of a report: shown in the window, and kept in the private conversation."""

from bot.app import Services
from bot.channels.slack import rendering
from bot.channels.slack.people import CHANNEL, Visitor
from handlers.dialogue.state import Prompt, PromptKind
from handlers.records import OutboxMessage, Purpose


def keep_receipt(
    services: Services, visitor: Visitor, prompts: tuple[Prompt, ...], draft_id: str
) -> None:
    """Queue the receipt, if this is one, for the conversation where it stays; once a report."""
    main = rendering.main_of(prompts)
    if main is None or main.kind != PromptKind.RECEIPT:
        return
    with services.unit_of_work() as uow:
        case = uow.cases.find_number(main.case_number)
        message = OutboxMessage(
            dedupe_key=f"slack/receipt/{draft_id}",
            channel=CHANNEL,
            recipient=visitor.address,
            subject="",
            text=main.text,
            purpose=Purpose.RECEIPT,
            case_id=case.id if case else "",
            language=visitor.language,
            person_id=visitor.person_id,
        )
        uow.outbox.add(message, services.clock())
        uow.commit()
