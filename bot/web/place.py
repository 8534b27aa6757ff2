"""Whose dialogue a browser is in: its own, an anonymous one, or one that was begun in a chat."""

from dataclasses import dataclass

from fastapi import Request, Response

from bot.app import Services
from bot.continuing import draft_of_window, window_to
from bot.receipt_codes import conversation_of
from bot.web import anonymous
from bot.web.session import CHANNEL, CONTINUED_COOKIE, Session
from handlers.records import Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """`token` is that of an anonymous reporter, and then nothing else points to a person."""

    channel: str
    conversation_id: str
    person_id: str = ""
    token: str = ""
    from_chat: bool = False  # answers come there


def place_of(services: Services, request: Request) -> Place | None:
    """Return where the browser is; None: it has no conversation yet."""
    token = anonymous.token_of(services, request)
    if token:
        return Place(channel=CHANNEL, conversation_id=conversation_of(token), token=token)
    continued = draft_of_window(services, request.cookies.get(CONTINUED_COOKIE, ""))
    if continued is not None:
        return _of_draft(continued)
    session = Session(services, request)
    if not session.conversation_id:
        return None
    return Place(
        channel=CHANNEL,
        conversation_id=session.conversation_id,
        person_id=session.person_id,
    )


def enter(services: Services, response: Response, draft: Draft) -> Place:
    """Let the browser go on in the conversation of a draft, until it is closed."""
    response.delete_cookie(anonymous.COOKIE)
    response.set_cookie(
        CONTINUED_COOKIE,
        window_to(services, draft),
        httponly=True,
        samesite="lax",
        secure=services.settings.base_url.startswith("https://"),
    )
    return _of_draft(draft)


def leave(response: Response) -> None:
    """Let the next report begin in the browser's own conversation, under its own code."""
    for name in (anonymous.COOKIE, CONTINUED_COOKIE):
        response.delete_cookie(name)


def _of_draft(draft: Draft) -> Place:
    return Place(
        channel=draft.channel,
        conversation_id=draft.conversation_id,
        person_id=draft.person_id,
        from_chat=True,
    )
