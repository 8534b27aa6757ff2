"""Who somebody in Teams is, where they can be reached, and what is said among others."""

import json
from datetime import timedelta
from typing import Any

from bot.config import ChatPolicy
from storage.chat_addresses import KnownChat
from tests.bot.page_reader import Browser
from tests.bot.teams.fake_teams import BOT, FakeTeams
from tests.bot.teams.house import House, Json, button, elements, labels, open_house, words
from tests.lotskoping import MARIA, Lotskoping, with_policy


def known(house: House) -> KnownChat:
    with house.lotskoping.unit_of_work() as uow:
        found = uow.chat_addresses.find("teams", house.address)
    assert found is not None
    return found


def test_a_person_is_known_by_the_directorys_mail_address(house: House) -> None:
    house.fake.members["nadia"] = {"email": f"{MARIA.upper()}@Lotskoping.example"}
    house.write("hej")
    assert known(house).person_id == MARIA
    assert known(house).reference["conversation"] == "chat-nadia"
    assert known(house).reference["service_url"] == house.fake.service_url


def test_the_mail_address_itself_is_not_kept(house: House) -> None:
    house.fake.members["nadia"] = {"email": "nadia.p@lotskoping.example"}
    house.write("hej")
    assert known(house).person_id == ""
    assert "nadia.p" not in json.dumps(dict(known(house).reference))


def test_a_guest_is_nobody_whatever_address_they_have(house: House) -> None:
    house.fake.members["nadia"] = {"email": f"{MARIA}@lotskoping.example", "userRole": "guest"}
    house.write("hej")
    assert known(house).person_id == ""


def test_a_member_of_another_tenant_is_nobody(house: House) -> None:
    house.fake.members["nadia"] = {"email": f"{MARIA}@lotskoping.example", "tenantId": "other"}
    house.write("hej")
    assert known(house).person_id == ""


def test_somebody_who_gets_a_duty_is_known_the_next_day(house: House) -> None:
    house.fake.members["nadia"] = {"email": "nadia@lotskoping.example"}
    house.write("hej")
    house.fake.members["nadia"] = {"email": f"{MARIA}@lotskoping.example"}
    house.write("hej")
    assert known(house).person_id == ""
    house.lotskoping.clock.advance(days=1)
    house.write("hej")
    assert known(house).person_id == MARIA


def test_a_profile_that_cannot_be_had_keeps_nobody_from_reporting(house: House) -> None:
    assert "Rapportera en händelse" in labels(house.write("hej"))
    assert known(house).person_id == ""


def test_adding_the_app_gives_the_first_card(house: House) -> None:
    added = house.activity("conversationUpdate", membersAdded=[{"id": f"28:{BOT}"}])
    house.post(added)
    assert "Rapportera en händelse" in labels(house.fake.wait_for(1)[-1].card)


def test_removing_the_app_ends_the_messages_there(house: House) -> None:
    house.write("hej")
    house.post(house.activity("installationUpdate", action="remove"))
    house.write("hej", **{"from": {"id": "other", "aadObjectId": "aad-other"}})
    with house.lotskoping.unit_of_work() as uow:
        assert uow.chat_addresses.find("teams", house.address) is None


def in_channel(house: House, text: str) -> Json:
    conversation: Any = {"id": "19:team", "tenantId": "", "conversationType": "channel"}
    return house.activity(text=text, conversation=conversation)


def test_in_a_channel_the_bot_declines_kindly_and_writes_in_private(house: House) -> None:
    house.fake.answers.append((201, {}, {"id": "chat-nadia"}))
    house.post(in_channel(house, "<at>Lotsen</at> Karin fick fel medicin"))
    private, public = house.fake.wait_for(2)
    assert "/chat-nadia/" in private.path
    assert "Rapportera en händelse" in labels(private.card)
    assert "/19:team/" in public.path
    assert "Här kan andra läsa" in words(public.card)
    assert "Jag har skrivit till dig privat" in words(public.card)


def test_without_the_app_the_way_into_private_is_a_link(house: House) -> None:
    house.fake.answers.append((403, {}, {"error": {"code": "ForbiddenOperationException"}}))
    house.post(in_channel(house, "<at>Lotsen</at> hej"))
    card = house.fake.wait_for(1)[-1].card
    assert "skrivit till dig" not in words(card)
    assert BOT in button(card, "Öppna privat chatt")["url"]


def test_what_is_written_among_others_is_not_kept(house: House) -> None:
    house.post(in_channel(house, "Karin fick fel medicin"))
    house.fake.wait_for(2)
    with house.lotskoping.unit_of_work() as uow:
        stored = [item.raw for item in uow.inbox.in_state("done")]
        stored += [item.raw for item in uow.inbox.in_state("new")]
    assert stored
    assert not any(b"medicin" in raw for raw in stored)


def test_text_typed_in_the_chat_is_taken_and_the_better_way_told(house: House) -> None:
    house.tap(house.begin(), "Nej")
    card = house.write("Personen föll i badrummet i morse")
    assert "Jag har tagit med det du skrev" in words(card)
    assert "På vilken enhet hände det?" in words(card)  # the story has told when


def test_a_story_told_at_once_begins_the_report_and_is_not_asked_for_again(house: House) -> None:
    card = house.write("Vi hittade personen på golvet vid sängen i natt")
    assert "Jag har tagit med det du skrev" in words(card)
    assert "Är någon i fara just nu?" in words(card)
    assert "På vilken enhet hände det?" in words(house.tap(card, "Nej"))
    with house.lotskoping.unit_of_work() as uow:
        draft = uow.drafts.latest(house.address)
    assert draft is not None
    assert draft.state.answers["what"].text == "Vi hittade personen på golvet vid sängen i natt"


def test_an_open_chat_takes_text_without_a_word(lotskoping: Lotskoping, fake: FakeTeams) -> None:
    with open_house(with_policy(lotskoping, ChatPolicy.OPEN), fake) as house:
        card = house.tap(house.begin(), "Nej")
        assert "Spara svaret" in labels(card)
        after = house.write("Personen föll i badrummet i morse")
        assert "Jag har tagit med" not in words(after)


def test_a_report_begun_in_a_strict_chat_goes_on_on_the_page(
    lotskoping: Lotskoping, fake: FakeTeams
) -> None:
    with open_house(with_policy(lotskoping, ChatPolicy.STRICT), fake) as house:
        card = house.tap(house.begin(), "Nej")
        assert not [e for e in elements(card) if e["type"] == "Input.Text"]
        with Browser(house.lotskoping.services) as browser:
            browser.open(button(card, "Öppna webbsidan")["url"])
            browser.say("Fortsätt här")
            browser.say("Vi hittade personen på golvet vid sängen")
        with house.lotskoping.unit_of_work() as uow:
            draft = uow.drafts.latest(house.address)
        assert draft is not None
        assert draft.state.answers["what"].text == "Vi hittade personen på golvet vid sängen"
        assert "När hände det?" in words(house.tap(card, "Tillbaka"))  # the old card does no harm


def test_files_are_declined(house: House) -> None:
    files = [{"contentType": "image/png", "contentUrl": "https://example.org/x"}]
    card = house.write("", attachments=files)
    assert "kan jag inte ta emot" in words(card)
    assert button(card, "Öppna webbsidan")["url"].endswith("/rapportera")
    house.begin()
    page = button(house.write("", attachments=files), "Öppna webbsidan")["url"]
    assert "/rapportera/fortsatt/" in page  # with the report that is under way


def test_a_personal_number_is_never_stored(house: House) -> None:
    house.tap(house.begin(), "Nej")
    number = "19121212-1213"
    card = house.write(f"Personen {number} föll i badrummet i morse")
    assert "dolt något" in words(card)
    with house.lotskoping.unit_of_work() as uow:
        stored = [item.raw for item in uow.inbox.in_state("done")]
    assert not any(number.encode() in raw for raw in stored)


def test_a_personal_number_in_a_dialog_is_never_stored_either(house: House) -> None:
    card = house.tap(house.begin(), "Nej")
    house.answer_in_dialog(card, "Personen 19121212-1213 föll")
    with house.lotskoping.unit_of_work() as uow:
        stored = [item.raw for item in uow.inbox.in_state("done")]
    assert not any(b"19121212-1213" in raw for raw in stored)


def test_a_strict_chat_takes_what_is_typed_and_tells_of_the_page(
    lotskoping: Lotskoping, fake: FakeTeams
) -> None:
    with open_house(with_policy(lotskoping, ChatPolicy.STRICT), fake) as house:
        assert "Du har inte skickat någon rapport" in words(house.write("mina rapporter"))
        card = house.write("Vi hittade personen på golvet vid sängen i natt")
        assert "Text skriver du på vår sida" in words(card)
        assert "golvet" not in words(card)
        with house.lotskoping.unit_of_work() as uow:
            draft = uow.drafts.latest(house.address)
        assert draft is not None
        assert draft.state.answers["what"].text.endswith("på golvet vid sängen i natt")


def test_what_teams_sent_is_emptied_after_a_day(house: House) -> None:
    house.write("Vi hittade personen på golvet vid sängen i natt")
    with house.lotskoping.unit_of_work() as uow:
        uow.erase_due(house.lotskoping.clock() + timedelta(hours=25))
        stored = [(item.raw, item.outcome) for item in uow.inbox.in_state("done")]
    assert set(map(str, stored)) == {str((b"", {}))}
