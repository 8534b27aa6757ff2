"""An anonymous reporter's moment is only the hour; the alert's patience is not."""

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.delivery import deliver_outbox
from bot.receipt_codes import code_of, conversation_of, hash_of, new_token
from bot.schedule import sweep
from handlers import alerts
from handlers.dialogue.state import Command
from handlers.records import Alert, Purpose
from storage import tables
from tests.bot.post import Post
from tests.bot.test_own_reports import Person
from tests.lotskoping import INGER, Lotskoping

ANONYMOUS = "anonymous:somebody"
GRAVE = "Personen föll, bröt höften, svimmade och åkte till sjukhus med ambulans."


def all_alerts(lotskoping: Lotskoping) -> list[Alert]:
    with lotskoping.unit_of_work() as uow:
        return list(uow.alerts.all())


def told(lotskoping: Lotskoping) -> list[str]:
    with lotskoping.unit_of_work() as uow:
        waiting = uow.outbox.claim(lotskoping.clock(), 100)
    return [q.message.person_id for q in waiting if q.message.purpose == Purpose.ALERT]


def moments(lotskoping: Lotskoping) -> set[datetime]:
    """Every moment that the database holds of messages, alerts, drafts, reports and cases."""
    found: set[datetime] = set()
    with lotskoping.unit_of_work() as uow:
        for table in tables.metadata.sorted_tables:
            if table.name in ("heartbeats", "ledger"):
                continue
            for row in uow.connection.execute(select(table)):
                found |= {value for value in row if isinstance(value, datetime)}
    return found


def test_nothing_kept_tells_more_than_the_hour_once_the_alert_is_taken(lotskoping: Lotskoping):
    post = Post(lotskoping)
    sweep(lotskoping.services)  # what is made every day has its own time
    deliver_outbox(lotskoping.services, post.channels)
    lotskoping.clock.advance(minutes=25.7)
    exact = lotskoping.clock()
    token = new_token()
    code = hash_of(code_of(token, lotskoping.services.secret), lotskoping.services.secret)
    person = Person(lotskoping, conversation_of(token), code_hash=code)
    person.begin()
    person.says(
        "ja, fara nu", "Fel dos på Björkgården i går", "nej", "1", "hoppa över", "hoppa över", "1",
    )  # fmt: skip
    deliver_outbox(lotskoping.services, post.channels)
    sweep(lotskoping.services)
    [danger] = all_alerts(lotskoping)
    assert danger.notified_at == exact  # its patience is reckoned from it
    person.say("ja")
    deliver_outbox(lotskoping.services, post.channels)
    lotskoping.clock.advance(hours=1)
    with lotskoping.unit_of_work() as uow:
        for found in uow.alerts.unacknowledged():
            alerts.acknowledge(uow, found.id, found.recipient_id, lotskoping.clock())
        uow.commit()
    sweep(lotskoping.services)
    seconds = (exact.minute, exact.second)
    told = {at for at in moments(lotskoping) if (at.minute, at.second) == seconds}
    assert told <= {lotskoping.clock()}  # of whoever took the alert, an hour later


def test_danger_said_late_in_the_hour_gives_mas_her_whole_patience(lotskoping: Lotskoping):
    lotskoping.clock.advance(minutes=45)
    lotskoping.say(command=Command.RESUME, conversation=ANONYMOUS)
    lotskoping.say(choice="yes", conversation=ANONYMOUS)
    [found] = all_alerts(lotskoping)
    assert found.urgent
    assert (found.raised_at.minute, found.raised_at.second) == (0, 0)
    assert found.notified_at == lotskoping.clock()
    lotskoping.clock.advance(minutes=14)
    sweep(lotskoping.services)
    assert told(lotskoping) == [INGER]
    lotskoping.clock.advance(minutes=1)
    sweep(lotskoping.services)
    assert [one.step for one in all_alerts(lotskoping)] == [1]


def test_an_alert_of_an_anonymous_report_waits_from_when_it_was_sent(lotskoping: Lotskoping):
    lotskoping.clock.advance(minutes=59)
    case = lotskoping.report(GRAVE, conversation=ANONYMOUS)
    assert case.received_at.minute == 0
    sent = [one.notified_at for one in all_alerts(lotskoping)]
    assert sent
    assert all(at is not None and lotskoping.clock() - at < timedelta(minutes=1) for at in sent)
