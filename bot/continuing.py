"""The link from a chat to the web: the report that was begun there, in the same conversation.

The web is a second window to the conversation, so that receipt and answer come where the person
began. The link holds the draft's id and the minute it was made, signed: nothing about anybody. It
may be opened more than once, because mail and chat programs open links before people do.
"""

from datetime import datetime, timedelta

from itsdangerous import BadSignature, URLSafeSerializer

from bot.app import Services
from bot.scene import ENDED
from handlers.records import Draft

PATH = "/rapportera/fortsatt"
LINK_LASTS = timedelta(minutes=30)
WINDOW_LASTS = timedelta(hours=12)  # from the link's opening, in the browser that opened it


def continue_link(services: Services, draft_id: str) -> str:
    """Return an address where whoever holds it goes on with one draft, for LINK_LASTS."""
    return f"{services.settings.base_url}{PATH}/{_signed(services, 'link', draft_id)}"


def draft_of_link(services: Services, token: str) -> Draft | None:
    """Return the draft while the link is fresh and the report neither sent nor cancelled."""
    draft = _draft(services, "link", token, LINK_LASTS)
    return None if draft is None or draft.state.status in ENDED else draft


def window_to(services: Services, draft: Draft) -> str:
    """Return what the browser keeps to stay in the draft's conversation."""
    return _signed(services, "window", draft.id)


def draft_of_window(services: Services, kept: str) -> Draft | None:
    """Return the draft that the browser looks into, sent ones too: its receipt is shown again."""
    return _draft(services, "window", kept, WINDOW_LASTS)


def _signed(services: Services, use: str, draft_id: str) -> str:
    minute = _minute(services.clock())
    return _signer(services, use).dumps([draft_id, minute])


def _draft(services: Services, use: str, signed: str, lasts: timedelta) -> Draft | None:
    try:
        draft_id, minute = _signer(services, use).loads(signed)
    except (BadSignature, ValueError, TypeError):
        return None
    age = _minute(services.clock()) - int(minute)
    if not 0 <= age <= lasts // timedelta(minutes=1):
        return None
    with services.unit_of_work(read_only=True) as uow:
        return uow.drafts.find(str(draft_id))


def _signer(services: Services, use: str) -> URLSafeSerializer:
    return URLSafeSerializer(services.secret, salt=f"continue-{use}")


def _minute(moment: datetime) -> int:
    return int(moment.timestamp()) // 60
