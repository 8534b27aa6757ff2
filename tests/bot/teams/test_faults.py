"""What Teams refuses is logged with its code, told by mail where a chat is gone, and never lost."""

import pytest
from structlog.testing import capture_logs

from bot.channel import Channel
from bot.delivery import deliver_outbox
from handlers.records import OutboxMessage
from tests.bot.teams.house import House, button, words
from tests.bot.teams.test_duties import NoMail, sit_down
from tests.lotskoping import INGER, MARIA


def deliver(house: House) -> list[OutboxMessage]:
    """Let the worker send what is due; return what went by mail."""
    mail = NoMail()
    channels: dict[str, Channel] = {"teams": house.door.channel, "mail": mail}
    deliver_outbox(house.lotskoping.services, channels)
    deliver_outbox(house.lotskoping.services, channels)
    return mail.sent


def to_maria(sent: list[OutboxMessage]) -> list[OutboxMessage]:
    return [message for message in sent if message.person_id == MARIA]


@pytest.mark.parametrize("status", [403, 404])
def test_a_manager_who_has_removed_the_app_gets_the_case_by_mail(house: House, status: int) -> None:
    sit_down(house, MARIA)
    case = house.lotskoping.report()
    house.fake.answers.append((status, {}, {"error": {"code": "BotNotInConversationRoster"}}))
    with capture_logs() as logs:
        sent = deliver(house)
    assert [case.number in message.text for message in to_maria(sent)] == [True]
    assert ("teams refused", status) in [(one["event"], one.get("status")) for one in logs]
    later = house.lotskoping.report()
    assert any(later.number in message.text for message in deliver(house))


@pytest.mark.parametrize(("status", "wait"), [(412, None), (429, 17), (503, None)])
def test_what_passes_comes_to_the_chat_once_and_not_by_mail(
    house: House, status: int, wait: int | None
) -> None:
    sit_down(house, MARIA)
    case = house.lotskoping.report()
    headers = {"retry-after": str(wait)} if wait else {}
    house.fake.answers.append((status, headers, {}))
    assert to_maria(deliver(house)) == []
    assert house.fake.calls == []
    house.lotskoping.clock.advance(minutes=10)
    assert to_maria(deliver(house)) == []
    assert [case.number in words(call.card) for call in house.fake.calls] == [True]


def test_teams_own_waiting_time_is_kept(house: House) -> None:
    sit_down(house, MARIA)
    house.lotskoping.report()
    house.fake.answers.append((429, {"retry-after": "1800"}, {}))
    deliver(house)
    house.lotskoping.clock.advance(minutes=25)
    deliver(house)
    assert house.fake.calls == []
    house.lotskoping.clock.advance(minutes=10)
    deliver(house)
    assert len(house.fake.calls) == 1


def test_a_secret_that_has_expired_is_logged_and_loses_nothing(house: House) -> None:
    sit_down(house, MARIA)
    case = house.lotskoping.report()
    house.fake.answers.append((401, {}, {}))
    with capture_logs() as logs:
        deliver(house)
    assert ("teams refused", 401) in [(one["event"], one.get("status")) for one in logs]
    house.lotskoping.clock.advance(minutes=10)
    deliver(house)
    assert case.number in words(house.fake.calls[-1].card)


def test_an_alert_comes_by_mail_whatever_teams_says(house: House) -> None:
    sit_down(house, INGER)
    house.lotskoping.report("Något lugnt skrivet.", harm="death")
    house.fake.answers.append((403, {}, {}))
    assert INGER in {message.person_id for message in deliver(house)}


def test_a_report_is_taken_while_teams_takes_no_card(house: House) -> None:
    card = house.tap(house.begin(), "Nej")
    task = house.open_dialog(card, "Skriv svaret")
    house.fake.answers += [(503, {}, {})] * 2
    assert house.fill_dialog(task, "Fel dos i morse").status_code == 200
    with house.lotskoping.unit_of_work() as uow:
        draft = uow.drafts.latest(house.address)
    assert draft is not None
    assert draft.state.answers["what"].text == "Fel dos i morse"


def test_a_card_that_was_deleted_is_written_anew(house: House) -> None:
    card = house.tap(house.begin(), "Nej")
    assert button(card, "Skriv svaret")
    house.fake.answers.append((404, {}, {}))
    after = house.answer_in_dialog(card, "Fel dos i morse")
    assert house.fake.calls[-1].method == "POST"
    assert "Fråga" in words(after)
