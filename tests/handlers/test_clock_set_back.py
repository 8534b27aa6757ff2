"""A clock that was ahead for a while, and was set right again, keeps nothing silent."""

from datetime import timedelta

import pytest

from bot.collecting import Collecting, open_doors
from bot.delivery import deliver_outbox
from bot.schedule import sweep
from handlers import advice, case_handling, duties, exchanges, team
from handlers.case_records import AnswerWay, PartyKind
from handlers.desk import Desk
from handlers.domain.case import Case
from handlers.domain.deadline import local_date
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import TemporaryDeliveryError
from handlers.reminders import due_reminders
from handlers.snoozing import running
from storage.inbox import SqlInbox
from tests.handlers.test_complaints import CODE, ask_code, complain, send_answer, try_code
from tests.handlers.test_investigation import do
from tests.lotskoping import AGNETA, MARIA, Lotskoping


@pytest.fixture(params=[2 / 24, 365], ids=["two hours", "a year"])
def ahead(request: pytest.FixtureRequest) -> float:
    """So many days the clock was ahead."""
    days: float = request.param
    return days


def told(lotskoping: Lotskoping) -> list[str]:
    with lotskoping.unit_of_work() as uow:
        [found] = [one for one in uow.alerts.all() if one.role == "mas"]
    return list(found.told_ids)


def reminded_of(lotskoping: Lotskoping, case: Case) -> int:
    with lotskoping.unit_of_work() as uow:
        return sum(event.kind == "reminded" for event in uow.cases.events(case.id))


def test_an_urgent_alert_goes_on_as_soon_as_the_clock_is_right(
    lotskoping: Lotskoping, ahead: float
):
    lotskoping.clock.advance(days=ahead)
    lotskoping.report(harm="death")
    lotskoping.clock.advance(days=-ahead)
    lotskoping.clock.advance(minutes=1)
    sweep(lotskoping.services)
    assert len(told(lotskoping)) == 2
    lotskoping.clock.advance(minutes=16)
    sweep(lotskoping.services)
    assert len(told(lotskoping)) == 3


def test_the_last_of_the_chain_is_asked_again_after_a_jump(lotskoping: Lotskoping):
    lotskoping.report(harm="death")
    for _ in range(8):
        lotskoping.clock.advance(minutes=20)
        sweep(lotskoping.services)
    lotskoping.clock.advance(days=365)
    sweep(lotskoping.services)
    lotskoping.outbox()
    lotskoping.clock.advance(days=-365)
    sweep(lotskoping.services)
    assert [q.message.person_id for q in lotskoping.outbox() if q.message.alert_id]


def test_what_can_wait_goes_on_by_day_only_after_a_jump(lotskoping: Lotskoping):
    lotskoping.clock.advance(days=365)
    lotskoping.report(harm="hospital")
    lotskoping.clock.advance(days=-365, hours=15)  # midnight
    sweep(lotskoping.services)
    assert len(told(lotskoping)) == 1
    lotskoping.clock.advance(hours=9)
    sweep(lotskoping.services)
    assert len(told(lotskoping)) == 2


def test_a_message_that_was_queued_ahead_goes_out_now(lotskoping: Lotskoping, ahead: float):
    lotskoping.clock.advance(days=ahead)
    lotskoping.report(harm="death")
    lotskoping.clock.advance(days=-ahead)
    assert any(q.message.alert_id for q in lotskoping.outbox())


def test_a_message_that_was_being_sent_ahead_is_tried_again_after_its_lease(
    lotskoping: Lotskoping,
):
    lotskoping.clock.advance(days=365)
    lotskoping.report(harm="death")
    taken = lotskoping.outbox()  # by a process that dies
    lotskoping.clock.advance(days=-365)
    assert len(lotskoping.outbox()) == len(taken)


def test_a_letter_that_came_in_ahead_is_read_now(lotskoping: Lotskoping, ahead: float):
    with lotskoping.unit_of_work() as uow:
        inbox = SqlInbox(uow.connection)
        later = lotskoping.clock() + timedelta(days=ahead)
        inbox.add(source="mail:x", key="1", raw=b"x", now=later)
        assert inbox.claim(lotskoping.clock(), source_prefix="mail:") is not None
        assert inbox.claim(lotskoping.clock(), source_prefix="mail:") is None


def test_a_mailbox_that_was_looked_into_ahead_is_looked_into_now(lotskoping: Lotskoping):
    doors = open_doors(lotskoping.services)
    collecting = Collecting(lotskoping.services, doors)
    lotskoping.clock.advance(days=365)
    collecting.round()
    lotskoping.clock.advance(days=-365)
    assert all(collecting.is_due(door, "", lotskoping.clock()) for door in doors)
    collecting.close()


def test_reminders_that_went_out_ahead_come_again_on_their_own_days(lotskoping: Lotskoping):
    case = lotskoping.report()
    lotskoping.clock.advance(days=364)  # a Monday
    sweep(lotskoping.services)
    before = reminded_of(lotskoping, case)
    lotskoping.clock.advance(days=-364)
    for _ in range(4):
        lotskoping.clock.advance(days=1)
        sweep(lotskoping.services)
    again = reminded_of(lotskoping, case) - before
    assert again == 1  # the first rung, and not every day


def test_what_was_said_some_days_early_is_not_said_twice(lotskoping: Lotskoping):
    case = lotskoping.report()
    lotskoping.clock.advance(days=7)
    sweep(lotskoping.services)
    before = reminded_of(lotskoping, case)
    lotskoping.clock.advance(days=-6)
    for _ in range(6):
        sweep(lotskoping.services)
        lotskoping.clock.advance(days=1)
    assert reminded_of(lotskoping, case) == before > 0


def test_a_case_that_came_in_ahead_is_not_forgotten_for_as_long(lotskoping: Lotskoping):
    lotskoping.clock.advance(days=365)
    case = lotskoping.report()
    lotskoping.clock.advance(days=-365)
    today = local_date(lotskoping.clock())
    with lotskoping.unit_of_work() as uow:
        due = due_reminders(uow, today, lotskoping.services.municipality)
    assert [one.case.number for one in due] == [case.number]


def test_a_task_that_somebody_was_reminded_of_ahead_is_told_again(lotskoping: Lotskoping):
    case = lotskoping.report()

    def ask(desk: Desk) -> Case:
        team.add_task(desk, text="Ring dottern", owner_id=AGNETA, due_on=desk.today)
        return exchanges.ask(
            desk, party_kind=PartyKind.REGION, party="Regionen", address="", reference=""
        )

    do(lotskoping, case, ask)
    for days in (364, -364 + 56):
        lotskoping.outbox()
        lotskoping.clock.advance(days=days)
        sweep(lotskoping.services)
    messages = [q.message for q in lotskoping.outbox()]
    assert any(m.person_id == AGNETA and case.number in m.text for m in messages)
    assert any("skulle ha svarat" in m.text for m in messages)


def test_duties_of_a_year_ahead_do_not_cover_those_of_today(lotskoping: Lotskoping):
    lotskoping.clock.advance(days=364)
    sweep(lotskoping.services)
    lotskoping.clock.advance(days=-364)
    sweep(lotskoping.services)
    today = local_date(lotskoping.clock())
    with lotskoping.unit_of_work() as uow:
        municipality = lotskoping.services.municipality
        open_now = duties.tasks_of(uow, MARIA, lotskoping.clock(), municipality)
    assert open_now
    assert all(one.task.due_on < today + timedelta(days=200) for one in open_now)


def test_a_question_to_mas_goes_on_by_day_after_a_jump(lotskoping: Lotskoping):
    case = lotskoping.report()
    lotskoping.clock.advance(days=365)

    def ask(desk: Desk) -> Case:
        case_handling.assess_risk(desk, severity=Severity.MODERATE, likelihood=Likelihood.MONTHLY)
        return advice.ask_mas(desk, question="Ska vi ringa?")

    do(lotskoping, case, ask)
    lotskoping.clock.advance(days=-365)
    sweep(lotskoping.services)
    with lotskoping.unit_of_work() as uow:
        [asked] = uow.work.advice.where(case_id=case.id)
    assert len(asked.told_ids) == 2


def test_a_snooze_made_ahead_puts_nothing_off(lotskoping: Lotskoping):
    case = lotskoping.report()
    lotskoping.clock.advance(days=365)
    until_on = local_date(lotskoping.clock()) + timedelta(days=14)
    do(
        lotskoping,
        case,
        lambda desk: case_handling.snooze(desk, until_on=until_on, reason="Ja"),
    )
    lotskoping.clock.advance(days=-365)
    with lotskoping.unit_of_work() as uow:
        assert running(uow, case, local_date(lotskoping.clock())) is None


def test_nothing_spins_when_a_message_from_ahead_cannot_be_sent(lotskoping: Lotskoping):
    """One failed attempt is one: it waits for the next as any other does."""

    class Busy:
        tries = 0

        def send(self, queued: object) -> None:
            self.tries += 1
            raise TemporaryDeliveryError("busy")

    lotskoping.clock.advance(days=365)
    lotskoping.report(harm="death")
    waiting = len(lotskoping.outbox())
    lotskoping.clock.advance(days=-365)
    busy = Busy()
    deliver_outbox(lotskoping.services, {"mail": busy, "webchat": busy})
    assert 0 < busy.tries <= waiting


@pytest.mark.parametrize("way", [AnswerWay.CODE_BY_MAIL, AnswerWay.CODE_BY_HAND])
def test_a_code_from_ahead_does_not_outlast_every_other_code(
    lotskoping: Lotskoping, way: AnswerWay
):
    case = complain(lotskoping)
    lotskoping.clock.advance(days=365)
    page = send_answer(lotskoping, case, way=way)
    by_mail = way == AnswerWay.CODE_BY_MAIL
    assert ask_code(lotskoping, page.id) == by_mail
    lotskoping.clock.advance(days=-365)
    assert not try_code(lotskoping, page.id, CODE)
    assert ask_code(lotskoping, page.id) == by_mail  # a new one is given
    assert try_code(lotskoping, page.id, CODE) == by_mail
