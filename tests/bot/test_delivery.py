"""From the outbox to the channels: waiting, giving up, and who is told then."""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.delivery import deliver_outbox
from handlers.errors import PermanentDeliveryError, TemporaryDeliveryError
from handlers.records import OutboxMessage, Purpose, QueuedMessage
from storage.chat_addresses import KnownChat
from tests.clock import T0
from tests.lotskoping import INGER, MARIA, Lotskoping


@dataclass
class Post:
    """A channel that keeps what it gets, and refuses what a test wants refused."""

    refuses: dict[str, Exception] = field(default_factory=dict)
    sent: list[OutboxMessage] = field(default_factory=list)

    def send(self, queued: QueuedMessage) -> None:
        fault = self.refuses.get(queued.message.recipient)
        if fault is not None:
            raise fault
        self.sent.append(queued.message)


LAUNDRY = "Tvätten kom tillbaka i fel färg."  # nobody but the manager is asked in


def addressed(post: Post) -> list[str]:
    return [message.recipient for message in post.sent]


@pytest.fixture
def mail() -> Post:
    return Post()


def chatting(lotskoping: Lotskoping, person_id: str) -> None:
    with lotskoping.unit_of_work() as uow:
        known = KnownChat(
            channel="slack", address=f"D-{person_id}", person_id=person_id, reference={}
        )
        uow.chat_addresses.save(known, T0)
        uow.commit()


def test_a_message_is_sent_once(lotskoping: Lotskoping, mail: Post):
    lotskoping.report(LAUNDRY)
    deliver_outbox(lotskoping.services, {"mail": mail})
    deliver_outbox(lotskoping.services, {"mail": mail})
    assert addressed(mail) == [f"{MARIA}@lotskoping.example"]


def test_a_server_that_is_away_is_tried_again_after_the_wait_that_it_asked_for(
    lotskoping: Lotskoping, mail: Post
):
    lotskoping.report(LAUNDRY)
    address = f"{MARIA}@lotskoping.example"
    mail.refuses = {address: TemporaryDeliveryError("away", timedelta(minutes=20))}
    deliver_outbox(lotskoping.services, {"mail": mail})
    mail.refuses = {}
    lotskoping.clock.advance(minutes=19)
    assert deliver_outbox(lotskoping.services, {"mail": mail}) == 0
    lotskoping.clock.advance(minutes=1)
    assert deliver_outbox(lotskoping.services, {"mail": mail}) == 1


def test_one_refused_receiver_does_not_stop_the_others(lotskoping: Lotskoping, mail: Post):
    lotskoping.report(unit="bjorkgarden")
    lotskoping.report(unit="hemtjanst-norr")
    mail.refuses = {f"{MARIA}@lotskoping.example": PermanentDeliveryError("no such user")}
    deliver_outbox(lotskoping.services, {"mail": mail})
    assert "erik-vasterlund@lotskoping.example" in addressed(mail)


def test_a_manager_who_cannot_be_reached_is_told_of_at_the_fallback_address(
    lotskoping: Lotskoping, mail: Post
):
    lotskoping.report(LAUNDRY)
    mail.refuses = {f"{MARIA}@lotskoping.example": PermanentDeliveryError("no such user")}
    deliver_outbox(lotskoping.services, {"mail": mail})
    assert addressed(mail) == ["jour@lotskoping.example"]


def test_a_chat_that_does_not_take_a_notice_gives_it_to_mail(lotskoping: Lotskoping, mail: Post):
    chatting(lotskoping, MARIA)
    lotskoping.report(LAUNDRY)
    chat = Post(refuses={f"D-{MARIA}": PermanentDeliveryError("blocked")})
    deliver_outbox(lotskoping.services, {"mail": mail, "slack": chat})
    assert addressed(mail) == [f"{MARIA}@lotskoping.example"]


def test_an_alert_goes_by_chat_and_by_mail_each_on_its_own(lotskoping: Lotskoping, mail: Post):
    chatting(lotskoping, INGER)
    lotskoping.report(harm="hospital")
    chat = Post()
    deliver_outbox(lotskoping.services, {"mail": mail, "slack": chat})
    alerts = [m.channel for m in mail.sent + chat.sent if m.purpose == Purpose.ALERT]
    assert sorted(alerts) == ["mail", "slack"]


def test_an_alert_is_not_lost_with_its_receiver(lotskoping: Lotskoping, mail: Post):
    lotskoping.report(harm="hospital")
    mail.refuses = {f"{INGER}@lotskoping.example": PermanentDeliveryError("no such user")}
    deliver_outbox(lotskoping.services, {"mail": mail})
    alerted = [m.recipient for m in mail.sent if m.purpose == Purpose.ALERT]
    assert alerted == ["david-alnemo@lotskoping.example"]


def test_a_dead_fallback_address_leaves_a_dead_letter_and_no_loop(
    lotskoping: Lotskoping, mail: Post
):
    lotskoping.report(LAUNDRY)
    gone = PermanentDeliveryError("no such user")
    mail.refuses = {f"{MARIA}@lotskoping.example": gone, "jour@lotskoping.example": gone}
    for _ in range(20):
        deliver_outbox(lotskoping.services, {"mail": mail})
    with lotskoping.unit_of_work() as uow:
        assert len(uow.outbox.dead()) == 2
    assert mail.sent == []
