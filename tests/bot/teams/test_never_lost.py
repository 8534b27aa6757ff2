"""A killed process, a slow database, a deaf Teams: what came in is done, once."""

import threading
import time

from bot.channels.teams.activities import Activity
from bot.channels.teams.cards import LARGEST_BYTES
from storage.inbox import InboxItem
from tests.bot.teams.fake_teams import PATIENCE_SECONDS
from tests.bot.teams.house import House, Json, button, open_door, settings_of_tests, words


def waiting(house: House) -> list[InboxItem]:
    with house.lotskoping.unit_of_work() as uow:
        return list(uow.inbox.in_state("new"))


def as_if_killed(house: House, activity: Json) -> None:
    """Store an activity as a process does that dies before it handles it."""
    assert house.door.intake.keep(Activity.model_validate(activity)) is not None


def test_a_message_that_a_killed_process_left_is_answered_by_the_next(house: House) -> None:
    as_if_killed(house, house.activity(text="hej"))
    assert house.door.sweep() == 0  # somebody may still be at it
    house.lotskoping.clock.advance(minutes=2)
    house.door.sweep()  # unless the door's own sweep was faster
    assert "Jag heter Lotsen" in words(house.fake.wait_for(1)[-1].card)
    house.lotskoping.clock.advance(minutes=20)
    assert house.door.sweep() == 0


def test_a_tap_that_a_killed_process_left_is_done_and_its_card_replaced(house: House) -> None:
    action = button(house.begin(), "Nej")
    value = {"action": {"verb": action["verb"], "data": action["data"]}}
    tap = house.activity("invoke", name="adaptiveCard/action", value=value, replyToId="card-7")
    as_if_killed(house, tap)
    house.lotskoping.clock.advance(minutes=2)
    house.door.sweep()
    call = house.fake.wait_for(2)[-1]
    assert call.path.endswith("/activities/card-7")
    assert "Vad hände" in words(call.card)


def test_a_tap_repeated_after_a_kill_between_turn_and_answer_counts_once(house: House) -> None:
    action = button(house.begin(), "Nej")
    value = {"action": {"verb": action["verb"], "data": action["data"]}}
    tap = house.activity("invoke", name="adaptiveCard/action", value=value, replyToId="card-7")
    as_if_killed(house, tap)
    house.invoke(action)  # the person taps again
    house.lotskoping.clock.advance(minutes=2)
    house.door.sweep()
    with house.lotskoping.unit_of_work() as uow:
        draft = uow.drafts.latest(house.address)
    assert draft is not None
    assert draft.state.current == "what"
    assert len(draft.state.answers) == 1


def test_a_new_process_goes_on_where_the_old_one_was(house: House) -> None:
    card = house.tap(house.begin(), "Nej")
    house.door.stop()
    house.door = open_door(house.lotskoping, house.fake, settings_of_tests())
    house.door.start()
    [route] = house.door.router.routes
    house.client.app.router.routes[-1] = route  # type: ignore[attr-defined]
    assert "När hände det" in words(house.answer_in_dialog(card, "Fel dos"))


def test_an_answer_that_teams_could_not_take_comes_later(house: House) -> None:
    house.fake.answers.append((503, {}, {}))
    house.post(house.activity(text="hej"))
    end = time.monotonic() + PATIENCE_SECONDS
    while not any(item.fault for item in waiting(house)):
        assert time.monotonic() < end
        time.sleep(0.01)
    house.lotskoping.clock.advance(minutes=5)
    assert house.door.sweep() == 1
    assert "Jag heter Lotsen" in words(house.fake.wait_for(1)[-1].card)


def test_a_tap_is_answered_though_the_database_takes_two_seconds(house: House) -> None:
    card = house.begin()
    holding = threading.Event()

    def hold() -> None:
        with house.lotskoping.unit_of_work():
            holding.set()
            time.sleep(2)

    holder = threading.Thread(target=hold)
    holder.start()
    holding.wait()
    answer = house.tap(card, "Nej")
    if "body" not in answer:  # no card yet
        assert "kortet byts strax" in answer["value"]
        answer = house.fake.wait_for(2)[-1].card
    assert "Vad hände" in words(answer)
    holder.join()


def test_a_dialog_does_not_wait_for_teams_to_replace_the_card(house: House) -> None:
    card = house.tap(house.begin(), "Nej")
    task = house.open_dialog(card, "Skriv svaret")
    house.fake.held = threading.Event()
    assert house.fill_dialog(task, "Fel dos").content == b""
    assert len(house.fake.calls) == 1  # Teams has not answered yet
    house.fake.held.set()
    assert "När hände det" in words(house.fake.wait_for(2)[-1].card)


def test_every_card_is_one_that_teams_takes(house: House) -> None:
    import json

    from microsoft_teams.cards import AdaptiveCard

    house.tap(house.to_summary(), "Skicka rapporten")
    for call in house.fake.calls:
        card = AdaptiveCard.model_validate(call.card)
        assert card.version == "1.5"
        assert call.card["fallbackText"]
        assert len(json.dumps(call.body).encode()) < LARGEST_BYTES
