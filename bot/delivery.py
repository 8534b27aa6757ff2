"""From the outbox to the channels: claim, send, mark. Each message is its own concern."""

from collections.abc import Mapping

import structlog

from bot.app import Services
from bot.channel import Channel
from handlers import alerts, lost_answers, notices
from handlers.domain.people import FALLBACK
from handlers.errors import PermanentDeliveryError, TemporaryDeliveryError
from handlers.records import OutboxMessage, Purpose, QueuedMessage
from handlers.replies import mark_unreachable
from handlers.reporting import receiver_of
from storage.unit_of_work import SqlUnitOfWork

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
        _put_off(services, queued, error)
        log.warning("delivery postponed", attempt=queued.attempts, error=type(error).__name__)
        return False
    except PermanentDeliveryError as error:
        with services.unit_of_work() as uow:
            _give_up(services, uow, queued, type(error).__name__)
            uow.commit()
        log.error("delivery given up", error=type(error).__name__)
        return False
    with services.unit_of_work() as uow:
        uow.outbox.mark_sent(queued.id, services.clock())
        uow.commit()
    # Without its number: with the time of the line it would say when somebody reported.
    structlog.get_logger().info("delivered", channel=queued.message.channel)
    return True


def _put_off(services: Services, queued: QueuedMessage, error: TemporaryDeliveryError) -> None:
    fault = type(error).__name__
    with services.unit_of_work() as uow:
        if uow.outbox.postpone(queued, services.clock(), fault, error.retry_after):
            _give_up(services, uow, queued, fault)
        uow.commit()


def _give_up(services: Services, uow: SqlUnitOfWork, queued: QueuedMessage, fault: str) -> None:
    """Bury a message and see, in the same transaction, that somebody learns what it said.

    Staff who cannot be reached in a chat get the same by mail. An alert goes on to the next of its
    chain at once. Everything else is told to whoever answers for the case, or to the fallback
    address; what cannot be told to that either stays among the dead letters and in /health.
    """
    message, now = queued.message, services.clock()
    if not uow.outbox.bury(queued.id, fault):
        return  # what it said is no longer for its receiver
    if fault == PermanentDeliveryError.__name__:
        _mark_unreachable(services, uow, message)
    if message.purpose == Purpose.ALERT and message.alert_id:
        alerts.undelivered(uow, message.alert_id, message.person_id, now, services.municipality)
    elif message.person_id and message.channel != notices.MAIL:
        person = uow.organisation.person(message.person_id)
        if person is not None:
            key = f"{message.dedupe_key}/instead"
            uow.outbox.add(notices.by_mail(message, person, key), now)
            return
    if message.purpose == Purpose.FEEDBACK and not message.person_id:
        _see_to_the_answer(services, uow, message)
    if message.person_id != FALLBACK:
        _tell_somebody(services, uow, queued)


def _see_to_the_answer(services: Services, uow: SqlUnitOfWork, message: OutboxMessage) -> None:
    """Let an answer that nobody has had stand in what is to do, in ended cases too."""
    case = uow.cases.find(message.case_id) if message.case_id else None
    if case is not None:
        lost_answers.see_to_it(uow, case, services.clock(), services.municipality)


def _mark_unreachable(services: Services, uow: SqlUnitOfWork, message: OutboxMessage) -> None:
    """Note in the case that mail does not reach its reporter; staff have other ways."""
    case = uow.cases.find(message.case_id) if message.case_id else None
    if case is not None and message.channel == notices.MAIL and not message.person_id:
        mark_unreachable(uow, case, (message.recipient.lower(),), services.clock())


def _tell_somebody(services: Services, uow: SqlUnitOfWork, queued: QueuedMessage) -> None:
    message, now = queued.message, services.clock()
    case = uow.cases.find(message.case_id) if message.case_id else None
    if case is None:
        return
    receiver = receiver_of(uow, case, now)
    if message.purpose == Purpose.ALERT or receiver.id == message.person_id:
        receiver = services.fallback
    messages = notices.undelivered(case, str(queued.id), receiver, services.municipality)
    notices.queue(uow, messages, now)
