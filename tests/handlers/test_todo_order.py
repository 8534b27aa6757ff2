"""What waits: the gravest first and marked, each with its kind and place, and how it is done."""

from datetime import timedelta

import pytest

from bot.schedule import sweep
from handlers import duties
from handlers.errors import UserFault
from handlers.gravity import Gravity
from handlers.records import OutboxMessage, Purpose
from handlers.texts import load_catalogue
from handlers.todo import Todo, how_to, todos_of
from handlers.work_rules import KINDS
from tests.bot.test_delivery import chatting
from tests.handlers.test_alerts_again import assess
from tests.lotskoping import INGER, MARIA, Lotskoping

MOST_CHARACTERS = 300  # of a how-to: half a screen of 360 points
OTHER_STEPS = (
    "duty.acknowledge", "duty.finish", "todo.look", "todo.alert", "todo.confirm", "todo.dismissal",
    "todo.answer_sender", "todo.chase", "todo.work", "todo.letters", "duty.escalated", "duty.watch",
    "duty.answer_late",
)  # fmt: skip


def rows(lotskoping: Lotskoping, person: str) -> list[Todo]:
    with lotskoping.unit_of_work() as uow:
        municipality = lotskoping.services.municipality
        return list(todos_of(uow, municipality, person, lotskoping.clock()))


def test_the_gravest_stands_first_though_it_came_last_and_is_due_last(lotskoping: Lotskoping):
    ordinary = lotskoping.report("Tvätten kom fel.", conversation="webchat:1")
    lotskoping.clock.now += timedelta(days=2)
    hospital = lotskoping.report(harm="hospital", conversation="webchat:2")
    dead = lotskoping.report(harm="death", conversation="webchat:3")
    found = [row for row in rows(lotskoping, MARIA) if row.step == "duty.acknowledge"]
    assert [row.number for row in found] == [dead.number, hospital.number, ordinary.number]
    assert [row.gravity for row in found] == [
        Gravity.GRAVEST,
        Gravity.GRAVE,
        Gravity.ORDINARY,
    ]


def test_a_row_says_of_what_kind_and_where(lotskoping: Lotskoping):
    case = lotskoping.report()
    [row] = [one for one in rows(lotskoping, MARIA) if one.number == case.number]
    assert row.unit == "Björkgårdens äldreboende"
    assert row.category == case.category != ""


def test_when_mas_has_looked_the_assessment_says_how_grave_it_is(lotskoping: Lotskoping):
    case = lotskoping.report("Personen föll och bröt höften.")
    [row] = [one for one in rows(lotskoping, MARIA) if one.number == case.number]
    assert row.gravity == Gravity.GRAVE
    lotskoping.acknowledge_alerts(case)
    assess(lotskoping, case, INGER, 1)
    [row] = [one for one in rows(lotskoping, MARIA) if one.number == case.number]
    assert row.gravity == Gravity.ORDINARY
    assess(lotskoping, case, MARIA, 4)
    [row] = [one for one in rows(lotskoping, MARIA) if one.number == case.number]
    assert row.gravity == Gravity.GRAVEST


def test_mas_still_has_an_alert_that_has_gone_on_in_the_night(lotskoping: Lotskoping):
    lotskoping.report(harm="death")
    for _ in range(4):
        lotskoping.clock.advance(minutes=15)
        sweep(lotskoping.services)
    assert [row.step for row in rows(lotskoping, INGER)] == ["todo.alert"]


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_next_step_has_a_how_to_of_at_most_a_screen(language: str):
    catalogue = load_catalogue()
    keys = [key for key in catalogue.texts["sv"] if key.startswith("gate.")]
    gates = [key for key in keys if key != "gate.gate_not_met"]
    steps = [*OTHER_STEPS, *gates, *(f"todo.{kind}" for kind in KINDS)]
    texts = {step: catalogue.get(how_to(step), language) for step in steps}
    assert all(texts.values())
    assert max(len(text) for text in texts.values()) <= MOST_CHARACTERS


def test_old_duties_give_way_to_the_newest(lotskoping: Lotskoping):
    for _ in range(60):
        sweep(lotskoping.services)
        lotskoping.clock.advance(days=1)
    steps = [row.step for row in rows(lotskoping, MARIA)]
    assert steps.count("duty_task.weekly_review") == 1
    assert steps.count("duty_task.unit_pack") == 1


def test_the_log_review_is_done_when_its_result_is_written_and_that_is_kept(
    lotskoping: Lotskoping,
):
    sweep(lotskoping.services)
    services = lotskoping.services
    with lotskoping.unit_of_work() as uow:
        [task] = uow.duties.where(duty_id="log_review")
        args = (uow, task.id, task.owner_id, lotskoping.clock(), services.municipality)
        with pytest.raises(UserFault, match="empty_text"):
            duties.finish(*args)
        duties.finish(*args, result="Två läsningar var oklara. Båda hade en förklaring.")
        uow.commit()
    lotskoping.clock.advance(days=31)
    sweep(services)
    with lotskoping.unit_of_work() as uow:
        newest = max(uow.duties.where(duty_id="log_review"), key=lambda one: one.period)
        [kept] = duties.results_before(uow, newest)
    assert kept.result.startswith("Två läsningar")


def digest_of(lotskoping: Lotskoping, person: str) -> OutboxMessage:
    [found] = [
        q.message
        for q in lotskoping.outbox()
        if q.message.purpose == Purpose.DIGEST and q.message.person_id == person
    ]
    return found


def test_a_digest_in_a_chat_has_words_and_a_link_for_each_thing(lotskoping: Lotskoping):
    cases = [lotskoping.report() for _ in range(3)]
    chatting(lotskoping, MARIA)
    lotskoping.clock.advance(days=1)
    sweep(lotskoping.services)
    digest = digest_of(lotskoping, MARIA)
    words = [one.words for one in digest.buttons]
    links = [one.link for one in digest.buttons]
    assert all(any(case.number in one for one in words) for case in cases)
    assert all(any(case.id in one for one in links) for case in cases)
    assert len(links) == len(set(links))
