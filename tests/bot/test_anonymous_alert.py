"""An anonymous reporter's moment is only the hour; the alert's patience is not."""

from datetime import timedelta

from bot.schedule import sweep
from handlers.dialogue.state import Command
from handlers.records import Alert, Purpose
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
