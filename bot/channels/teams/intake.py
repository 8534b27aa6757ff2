"""Activities in the inbox: stored under Teams' own id before anything is made of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import Any

from bot.app import Services
from bot.channels.teams.activities import Activity
from bot.conversation import replies_kept
from bot.masking import masked
from handlers.errors import PermanentDeliveryError
from storage.inbox import InboxItem

SOURCE = "teams-activity"
LEFT_OVER_AFTER = timedelta(minutes=1)  # whoever handled it has died


@dataclass(frozen=True, slots=True)
class Intake:
    services: Services

    def keep(self, activity: Activity) -> int | None:
        """Store what came; None when it is here already. No personal number is stored."""
        now = self.services.clock()
        raw = activity.to_store(partial(masked, self.services.analyst))
        with self.services.unit_of_work() as uow:
            item_id = uow.inbox.add(
                source=SOURCE,
                key=_key(activity),
                raw=raw,
                now=now,
                erase_at=now + replies_kept(self.services),
            )
            uow.commit()
        return item_id

    def answer_of(self, activity: Activity) -> Mapping[str, Any] | None:
        """Return what the same activity was answered the first time; None: not done yet."""
        with self.services.unit_of_work(read_only=True) as uow:
            known = uow.inbox.find(source=SOURCE, key=_key(activity))
        answer = known.outcome.get("answer") if known else None
        return answer if isinstance(answer, dict) else None

    def settle(self, item_id: int, answer: Mapping[str, Any] | None) -> None:
        with self.services.unit_of_work() as uow:
            uow.inbox.settle(item_id, state="done", outcome={"answer": answer})
            uow.commit()

    def fail(self, item_id: int, fault: BaseException) -> None:
        """Try again later; what nobody can be told any more is left to people's eyes at once."""
        name = type(fault).__name__
        with self.services.unit_of_work() as uow:
            item = uow.inbox.get(item_id)
            if item is not None and isinstance(fault, PermanentDeliveryError):
                uow.inbox.settle(item_id, state="done", outcome={"fault": name})
            elif item is not None:
                uow.inbox.fail(item, self.services.clock(), name)
            uow.commit()

    def claim_left_over(self) -> InboxItem | None:
        """Take the oldest activity that a process stored and did not live to finish."""
        with self.services.unit_of_work() as uow:
            before = self.services.clock() - LEFT_OVER_AFTER
            item = uow.inbox.claim(before, source_prefix=SOURCE)
            uow.commit()
        return item


def _key(activity: Activity) -> str:
    conversation = sha256(activity.conversation.id.encode()).hexdigest()[:32]
    return f"{conversation}/{activity.id[:200]}"
