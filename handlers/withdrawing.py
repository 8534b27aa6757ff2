"""What waits to be sent about a case that has just been hidden, taken back from who may not know.

A message that has gone out cannot be taken back; one that waits, because a mail server is down or
it is night, is never sent. A digest keeps its other lines and counts only those.
"""

from dataclasses import replace
from datetime import datetime

from handlers.access import access_of, allowed
from handlers.domain.case import Case
from handlers.domain.people import FALLBACK
from handlers.municipality import Municipality
from handlers.permissions import Action
from handlers.ports import UnitOfWork
from handlers.records import OutboxMessage, Purpose


def withdraw_waiting(
    uow: UnitOfWork, case: Case, now: datetime, municipality: Municipality
) -> None:
    """Let nothing that waits about a hidden case reach staff who may not open it any more."""
    for queued in uow.outbox.waiting_about(case.id, case.number):
        message = queued.message
        access = access_of(uow, municipality, message.person_id, now)
        if message.person_id == FALLBACK or allowed(uow, access, Action.OPEN, case, now):
            continue
        left = _without(message, case.number, municipality)
        if left is None:
            uow.outbox.withdraw(queued.id)
        else:
            uow.outbox.rewrite(queued.id, left)


def _without(
    message: OutboxMessage, number: str, municipality: Municipality
) -> OutboxMessage | None:
    """Return a digest as if the case had never stood in it; None: it is about nothing else.

    None also when the words of digests have changed since, so that nothing in it is told apart.
    """
    say, language = municipality.catalogue.get, message.language
    frame = say("notice.digest", language, lines="\0", link=message.link)
    before, _, after = frame.partition("\0")
    is_known = message.text.startswith(before) and message.text.endswith(after)
    if message.purpose != Purpose.DIGEST or not is_known:
        return None
    lines = message.text.removeprefix(before).removesuffix(after).split("\n\n")
    kept = [line for line in lines if number not in line]
    if not kept:
        return None
    key = "notice.digest_subject_one" if len(kept) == 1 else "notice.digest_subject"
    return replace(
        message,
        subject=say(key, language, count=len(kept)),
        text=before + "\n\n".join(kept) + after,
        buttons=tuple(one for one in message.buttons if number not in one.words),
    )
