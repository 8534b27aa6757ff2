"""From the outbox to the channels: claim, send, mark. Each message is its own concern."""

from collections.abc import Mapping

import structlog

from bot.app import Services
from bot.channel import Channel
from handlers import alerts, notices
from handlers.domain.people import FALLBACK
from handlers.errors import PermanentDeliveryError, TemporaryDeliveryError
from handlers.records import Purpose, QueuedMessage
from handlers.reporting import receiver_of

BATCH = 50

Channels = Mapping[str, Channel]


def deliver_outbox(services: Services, channels: Channels) -> int:
    """Send everything that is due on these channels; return how many were sent."""
    sent = 0
    while True:
        with services.unit_of_work() as uow:
            claimed = uow.outbox.claim(services.clock(), BATCH, channels)
            uow.commit()
        if not claimed:
            return sent
        sent += sum(_deliver(services, channels, queued) for queued in claimed)


def _deliver(services: Services, channels: Channels, queued: QueuedMessage) -> bool:
    """Send one message; False when it has to wait or is given up."""
    log = structlog.get_logger().bind(outbox=queued.id, channel=queued.message.channel)
    try:
        channels[queued.message.channel].send(queued)
    except TemporaryDeliveryError as error:
        with services.unit_of_work() as uow:
            dead = uow.outbox.postpone(
                queued, services.clock(), type(error).__name__, error.retry_after
            )
            uow.commit()
        log.warning("delivery postponed", attempt=queued.attempts, error=type(error).__name__)
        if dead:
            _tell_somebody(services, queued)
        return False
    except PermanentDeliveryError as error:
        with services.unit_of_work() as uow:
            uow.outbox.bury(queued.id, type(error).__name__)
            uow.commit()
        log.error("delivery given up", error=type(error).__name__)
        _tell_somebody(services, queued)
        return False
    with services.unit_of_work() as uow:
        uow.outbox.mark_sent(queued.id, services.clock())
        uow.commit()
    log.info("delivered")
    return True


def _tell_somebody(services: Services, queued: QueuedMessage) -> None:
    """A message that cannot be delivered is told to the next one who can do something about it.

    An alert goes on to the next of its chain at once, because its notice is forgotten here. What
    cannot be told to the fallback address either stays among the dead letters and in /health.
    """
    now = services.clock()
    message = queued.message
    if message.purpose == Purpose.ALERT and message.alert_id:
        with services.unit_of_work() as uow:
            alerts.undelivered(uow, message.alert_id, message.person_id, now, services.municipality)
            uow.commit()
    if message.person_id == FALLBACK:
        return
    with services.unit_of_work() as uow:
        case = uow.cases.find(queued.message.case_id) if queued.message.case_id else None
        if case is None:
            return
        receiver = receiver_of(uow, case, now)
        if queued.message.purpose == Purpose.ALERT or receiver.id == queued.message.person_id:
            receiver = services.fallback
        if receiver.id == queued.message.person_id:
            return
        messages = notices.undelivered(case, str(queued.id), receiver, services.municipality)
        notices.queue(uow, messages, now)
        uow.commit()
