"""An alert by the clock: within a minute, by two ways at once, then on until somebody answers.

The clock is set by the tests; the loops run at the distances that they have in operation.
"""

import threading
from contextlib import ExitStack
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.channel import Channel
from bot.clock import system_clock
from bot.collecting import Collecting
from bot.config import Settings
from bot.delivery import deliver_outbox
from bot.schedule import start_scheduler, sweep
from handlers import alerts
from handlers.domain.people import Absence, Role, Validity
from handlers.errors import TemporaryDeliveryError
from handlers.records import Alert, Purpose, QueuedMessage
from storage.organisation import replace_organisation
from tests.bot.test_delivery import Post, chatting
from tests.lotskoping import AGNETA, DAVID, INGER, MONIKA, Lotskoping

LEILA = "leila-sandemo"  # deputy SAS
GRAVE = "Personen föll, bröt höften, svimmade och åkte till sjukhus med ambulans."
A_MINUTE = timedelta(seconds=60)
SECONDS_TO_WAIT = 30


class Hanging:
    """A chat that takes a message and never comes back, until it is let go."""

    def __init__(self) -> None:
        self.asked, self.let_go = threading.Event(), threading.Event()

    def send(self, queued: QueuedMessage) -> None:
        del queued
        self.asked.set()
        self.let_go.wait(SECONDS_TO_WAIT)


class Arrived(Post):
    def __init__(self) -> None:
        super().__init__()
        self.alert = threading.Event()

    def send(self, queued: QueuedMessage) -> None:
        super().send(queued)
        if queued.message.purpose == Purpose.ALERT:
            self.alert.set()


def the_alert(lotskoping: Lotskoping) -> Alert:
    with lotskoping.unit_of_work() as uow:
        [found] = [one for one in uow.alerts.all() if one.role == Role.MAS]
    return found


@pytest.mark.parametrize("away", ["mail", "slack"])
def test_it_arrives_within_a_minute_by_each_way_that_works(lotskoping: Lotskoping, away: str):
    chatting(lotskoping, INGER)
    ways = {"mail": Post(), "slack": Post()}
    address = {"mail": f"{INGER}@lotskoping.example", "slack": f"D-{INGER}"}
    ways[away].refuses = {address[away]: TemporaryDeliveryError("away")}
    lotskoping.report(GRAVE)
    reported_at = lotskoping.clock()
    arrived = None
    while arrived is None and lotskoping.clock() - reported_at <= A_MINUTE:
        for name, post in ways.items():
            deliver_outbox(lotskoping.services, {name: post})
        [working] = [post for name, post in ways.items() if name != away]
        if any(message.purpose == Purpose.ALERT for message in working.sent):
            arrived = lotskoping.clock()
        lotskoping.clock.now += timedelta(seconds=Settings(_env_file=None).worker_seconds)
    assert arrived is not None
    assert not [m for m in ways[away].sent if m.purpose == Purpose.ALERT]


def test_a_chat_that_hangs_holds_no_mail_back(lotskoping: Lotskoping):
    chatting(lotskoping, INGER)
    hanging, mail = Hanging(), Arrived()
    services = replace(lotskoping.services, clock=system_clock)  # the scheduler's threads have it
    lotskoping.report(GRAVE)
    with ExitStack() as closing:
        collecting = Collecting(services, [])
        closing.callback(collecting.close)
        channels: dict[str, Channel] = {"slack": hanging, "mail": mail}
        closing.callback(start_scheduler(services, channels, collecting).shutdown)
        closing.callback(hanging.let_go.set)
        assert hanging.asked.wait(SECONDS_TO_WAIT)
        assert mail.alert.wait(SECONDS_TO_WAIT)
        assert not hanging.let_go.is_set()


def test_an_alert_passes_a_morning_of_digests(lotskoping: Lotskoping):
    for number in range(60):
        lotskoping.report("Tvätten kom fel.", conversation=f"webchat:{number}")
    lotskoping.report(GRAVE)
    mail = Post()
    deliver_outbox(lotskoping.services, {"mail": mail})
    assert mail.sent[0].purpose == Purpose.ALERT


def receivers_by_minute(lotskoping: Lotskoping, minutes: int) -> list[str]:
    """Let time pass minute by minute, nobody answering; return who was told, in order."""
    mail, mas = Post(), the_alert(lotskoping)
    for _ in range(minutes):
        sweep(lotskoping.services)
        deliver_outbox(lotskoping.services, {"mail": mail})
        lotskoping.clock.advance(minutes=1)
    return [message.person_id for message in mail.sent if message.alert_id == mas.id]


def test_nobody_answers_and_it_goes_to_deputy_other_role_area_manager_and_on_call(
    lotskoping: Lotskoping,
):
    lotskoping.report(GRAVE)
    found = the_alert(lotskoping)
    rules = lotskoping.services.municipality.alert_rules
    patience = int(rules.patience(found.rule_ids, urgent=found.urgent).total_seconds() // 60)
    told = receivers_by_minute(lotskoping, 6 * patience + 1)
    assert told == [INGER, DAVID, MONIKA, LEILA, AGNETA, "fallback"]


def test_an_answer_stops_it(lotskoping: Lotskoping):
    lotskoping.report(GRAVE)
    with lotskoping.unit_of_work() as uow:
        alerts.acknowledge(uow, the_alert_id(uow), INGER, lotskoping.clock())
        uow.commit()
    assert receivers_by_minute(lotskoping, 130) == [INGER]


def the_alert_id(uow) -> str:
    return next(one.id for one in uow.alerts.all() if one.role == Role.MAS)


@pytest.mark.parametrize(
    ("gone", "first"),
    [
        ((), INGER),
        ((INGER,), DAVID),
        ((INGER, DAVID), MONIKA),
        ((INGER, DAVID, MONIKA), LEILA),
        ((INGER, DAVID, MONIKA, LEILA), AGNETA),
        ((INGER, DAVID, MONIKA, LEILA, AGNETA), "fallback"),
    ],
)
@pytest.mark.parametrize("away", [True, False])
def test_neither_absence_nor_vacancy_swallows_it(
    lotskoping: Lotskoping, gone: tuple[str, ...], first: str, away: bool
):
    with lotskoping.unit_of_work() as uow:
        before = uow.organisation
        always = Validity(first_on=date(2026, 1, 1))
        absences = tuple(Absence(person_id=one, valid=always) for one in gone)
        left = tuple(one for one in before.assignments if one.person_id not in gone)
        after = replace(before, absences=absences) if away else replace(before, assignments=left)
        replace_organisation(uow.connection, after)
        uow.commit()
    lotskoping.report(GRAVE)
    assert the_alert(lotskoping).recipient_id == first
