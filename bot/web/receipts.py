"""What a receipt says: a report becomes a case, a card for the nurse and a matter do not."""

from dataclasses import dataclass

from bot.app import Services
from bot.receipt_codes import code_of
from bot.web.place import Place
from handlers.dialogue.state import DraftStatus
from handlers.forms.form import Outcome
from handlers.handing_over import NURSE, WORK
from handlers.records import Draft, Handover


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptView:
    """Text keys, and what is shown beside them."""

    title: str = "report.sent_title"
    number_label: str = "report.your_number"
    where_answer: str = "report.where_answer"  # empty: no answer is promised
    code: str = ""  # that somebody without a name keeps
    card: Handover | None = None


def receipt_of(services: Services, place: Place, draft: Draft | None) -> ReceiptView:
    if draft is None or draft.state.status != DraftStatus.SUBMITTED:
        return ReceiptView()
    form = services.forms[draft.state.form_id]
    if form.id == NURSE:
        return ReceiptView(title="card.title", where_answer="", card=_card(services, draft))
    if form.id == WORK:
        where = "" if place.token else _where(place, "report.where_matter")
        return ReceiptView(
            title="report.matter_title", number_label="report.your_receipt", where_answer=where
        )
    code = code_of(place.token, services.secret) if place.token else ""
    title = "report.added_title" if form.outcome == Outcome.ADDITION else "report.sent_title"
    where = "" if code else _where(place, "report.where_answer")
    return ReceiptView(title=title, where_answer=where, code=code)


def _where(place: Place, key: str) -> str:
    return "continue.where_answer" if place.from_chat else key


def _card(services: Services, draft: Draft) -> Handover | None:
    with services.unit_of_work(read_only=True) as uow:
        made = uow.handovers.where(draft_id=f"{draft.id}/{NURSE}")
    return made[0] if made else None
