"""Notices, alerts and answers that go out, and what managers' buttons do."""

import json

import pytest

from bot.channel import Channel
from bot.channels.teams import cards
from bot.channels.teams.duty_cards import MOST_LINES, DutyCards
from bot.delivery import deliver_outbox
from bot.schedule import sweep
from handlers import case_handling
from handlers.digest_room import MOST, TOGETHER
from handlers.domain.case import Case, CaseStatus
from handlers.domain.injury import PersonTold
from handlers.domain.people import Role
from handlers.domain.risk import Likelihood, Severity
from handlers.errors import PermanentDeliveryError, TemporaryDeliveryError
from handlers.records import Button, OutboxMessage, Purpose, QueuedMessage
from tests.bot.teams.fake_teams import TENANT, Call, FakeTeams
from tests.bot.teams.house import House, Json, actions, button, elements, labels, words
from tests.handlers.test_office_over import leave
from tests.handlers.test_reminders import change
from tests.lotskoping import DAVID, ERIK, INGER, MARIA


class NoMail:
    def __init__(self) -> None:
        self.sent: list[OutboxMessage] = []

    def send(self, queued: QueuedMessage) -> None:
        self.sent.append(queued.message)


def inputs(card: Json) -> list[Json]:
    """Return every input of the cards that open under this one."""
    opening = [one["card"] for one in card["actions"] if one["type"] == "Action.ShowCard"]
    return [one for inner in opening for one in inner["body"] if one["type"].startswith("Input.")]


def sit_down(house: House, person_id: str) -> None:
    """Open a member of staff's private chat, as they do once."""
    house.user = person_id
    house.fake.members[person_id] = {"email": f"{person_id}@lotskoping.example"}
    house.write("hej")
    house.fake.calls.clear()


def deliver(house: House) -> list[Call]:
    channels: dict[str, Channel] = {"teams": house.door.channel, "mail": NoMail()}
    deliver_outbox(house.lotskoping.services, channels)
    return list(house.fake.calls)


def new_case_card(house: House, person_id: str = MARIA) -> tuple[Case, Json]:
    sit_down(house, person_id)
    case = house.lotskoping.report()
    [call] = deliver(house)
    return case, call.card


def test_a_new_case_comes_by_itself_with_number_date_and_buttons(house: House) -> None:
    case, card = new_case_card(house)
    assert case.number in words(card)
    assert "2026-07-01" in words(card)
    assert labels(card) == [
        "Ta emot ärendet", "Bedöm risken", "Spara bedömningen",
        "Påminn mig senare", "Spara", "Öppna ärendet",
    ]  # fmt: skip
    assert button(card, "Öppna ärendet")["url"].endswith(f"/arenden/{case.id}")
    assert house.fake.calls[-1].path.endswith(f"/v3/conversations/chat-{MARIA}/activities")


def test_a_notice_says_nothing_of_the_person_the_unit_or_the_event(house: House) -> None:
    sit_down(house, MARIA)
    house.lotskoping.report("Hemligt XNAMNX föll i badrummet")
    sent = json.dumps([call.body for call in deliver(house)], ensure_ascii=False)
    for secret in ("XNAMNX", "badrummet", "Björkgården", "Ingen blev påverkad"):
        assert secret not in sent


def test_the_line_of_the_notification_is_the_subject(house: House) -> None:
    case, card = new_case_card(house)
    subject = f"Ärende {case.number} väntar på dig"
    assert house.fake.calls[-1].body["summary"] == subject
    assert card["fallbackText"] == subject


def test_a_manager_receives_a_case_once(house: House) -> None:
    case, card = new_case_card(house)
    after = house.tap(card, "Ta emot ärendet")
    assert "Du har tagit emot ärendet." in words(after)
    assert "Ta emot ärendet" not in labels(after)
    again = house.tap(card, "Ta emot ärendet")
    assert "Du har tagit emot ärendet." in words(again)
    stored = house.lotskoping.case(case.id)
    assert (stored.status, stored.responsible_id) == (CaseStatus.ACKNOWLEDGED, MARIA)


def test_a_manager_sets_the_risk_and_mas_is_told_of_a_grave_one(house: House) -> None:
    case, card = new_case_card(house)
    card = house.tap(card, "Ta emot ärendet")
    after = house.tap(card, "Spara bedömningen", severity="4", likelihood="1")
    assert "Risk: katastrofal, sällan" in words(after)
    assert "MAS har fått veta det" in words(after)
    risk = house.lotskoping.case(case.id).risk
    assert risk is not None
    assert risk.assessed_by == MARIA


def test_half_a_risk_is_asked_for_again(house: House) -> None:
    _, card = new_case_card(house)
    after = house.tap(card, "Spara bedömningen", severity="2")
    assert "Välj både" in words(after)


def hurt_card(house: House) -> tuple[Case, Json]:
    """Return the card of a new case where somebody needed care, as it comes by itself."""
    sit_down(house, MARIA)
    case = house.lotskoping.report("Något lugnt skrivet.", harm="care")
    change(house.lotskoping, case, legal_areas=())
    [card] = [call.card for call in deliver(house) if "Bedöm risken" in labels(call.card)]
    return case, card


@pytest.mark.parametrize("told", list(PersonTold))
def test_where_somebody_was_hurt_the_card_asks_for_the_laws_and_whether_the_person_knows(
    house: House, told: PersonTold
) -> None:
    case, card = hurt_card(house)
    opened = house.tap(card, "Bedöm risken")
    assert "Vet personen vad som har hänt?" in str(opened)
    after = house.tap(
        opened, "Spara bedömningen", severity="2", likelihood="1", laws="HSL,SoL", told=told
    )
    assert "Risk: måttlig, sällan" in words(after)
    stored = house.lotskoping.case(case.id)
    assert (stored.legal_areas, stored.person_told) == (("HSL", "SoL"), told)


def test_the_card_that_comes_by_itself_does_not_say_that_somebody_was_hurt(house: House) -> None:
    _, card = hurt_card(house)
    assert "Någon fick vård" not in str(card)
    assert "Vet personen" not in str(card)


def test_an_answer_that_is_missing_is_asked_for_and_nothing_is_kept(house: House) -> None:
    case, card = hurt_card(house)
    opened = house.tap(card, "Bedöm risken")
    levels = {"severity": "2", "likelihood": "1"}
    after = house.tap(opened, "Spara bedömningen", **levels, laws="HSL", told="")
    assert "Svara på om personen har fått veta" in words(after)
    after = house.tap(opened, "Spara bedömningen", **levels, laws="", told="yes")
    assert "Välj minst en lag" in words(after)
    assert house.lotskoping.case(case.id).risk is None
    assert house.lotskoping.case(case.id).person_told is None


def test_whoever_may_not_assess_is_shown_no_questions(house: House) -> None:
    _, card = hurt_card(house)
    sit_down(house, ERIK)
    refused = house.tap(card, "Bedöm risken")
    assert "inte rätt" in words(refused)
    assert "Vet personen" not in str(refused)


def test_the_laws_of_the_unit_are_chosen_beforehand(house: House) -> None:
    sit_down(house, MARIA)
    case = house.lotskoping.report()
    change(house.lotskoping, case, legal_areas=())
    [card] = [call.card for call in deliver(house)]
    with house.lotskoping.unit_of_work() as uow:
        unit = uow.organisation.unit(case.unit_id)
    assert unit is not None
    assert {"id": "laws", "value": ",".join(unit.legal_areas), "isMultiSelect": True}.items() <= (
        next(one for one in inputs(card) if one["id"] == "laws").items()
    )


def test_an_old_card_cannot_change_a_risk_that_somebody_else_has_set(house: House) -> None:
    case, card = new_case_card(house)
    with house.lotskoping.unit_of_work() as uow:
        desk = house.lotskoping.desk(uow, case, INGER)
        case_handling.assess_risk(
            desk, severity=Severity.SIGNIFICANT, likelihood=Likelihood.MONTHLY
        )
        uow.commit()
    late = house.tap(card, "Spara bedömningen", severity="1", likelihood="1")
    assert "Någon har ändrat ärendet" in words(late)
    risk = house.lotskoping.case(case.id).risk
    assert risk is not None
    assert risk.severity == Severity.SIGNIFICANT


def test_a_button_of_somebody_elses_case_does_nothing(house: House) -> None:
    case, card = new_case_card(house)
    sit_down(house, ERIK)
    refused = house.tap(card, "Ta emot ärendet")
    assert "inte rätt" in words(refused)
    assert case.number not in words(refused)
    assert house.lotskoping.case(case.id).status == CaseStatus.RECEIVED


def test_a_stranger_cannot_use_a_managers_button(house: House) -> None:
    case, card = new_case_card(house)
    house.user = "nadia"
    assert "inte rätt" in words(house.tap(card, "Spara bedömningen", severity="1", likelihood="1"))
    assert house.lotskoping.case(case.id).risk is None


def alert_card(house: House) -> Json:
    sit_down(house, INGER)
    house.user = "nadia"
    house.tap(house.begin(), "Ja, fara nu")
    house.fake.calls.clear()
    [call] = deliver(house)
    house.user = INGER
    return call.card


def test_mas_takes_an_alert_from_the_chat(house: House) -> None:
    card = alert_card(house)
    assert "Fara nu" in words(card)
    assert "Du tog larmet klockan 09:00." in words(house.tap(card, "Jag tar larmet"))
    with house.lotskoping.unit_of_work() as uow:
        assert list(uow.alerts.unacknowledged()) == []


def test_who_taps_second_sees_who_was_first(house: House) -> None:
    card = alert_card(house)
    house.tap(card, "Jag tar larmet")
    sit_down(house, DAVID)
    assert "Inger Strandlycke tog larmet klockan 09:00." in words(house.tap(card, "Jag tar larmet"))


def test_an_alert_is_not_taken_by_somebody_whom_it_does_not_concern(house: House) -> None:
    card = alert_card(house)
    sit_down(house, ERIK)
    assert "inte rätt" in words(house.tap(card, "Jag tar larmet"))
    with house.lotskoping.unit_of_work() as uow:
        assert len(uow.alerts.unacknowledged()) == 1


def test_a_former_mas_who_taps_an_old_card_is_told_that_it_is_hers_no_more(house: House) -> None:
    card = alert_card(house)
    leave(house.lotskoping, INGER, Role.MAS)
    assert "inte längre ditt" in words(house.tap(card, "Jag tar larmet"))
    with house.lotskoping.unit_of_work() as uow:
        assert len(uow.alerts.unacknowledged()) == 1


def test_a_reporter_gets_the_answer_in_the_chat_that_the_report_came_from(house: House) -> None:
    house.write("hej")
    queued = a_message(house, purpose=Purpose.FEEDBACK, text="Svar:\nVi har *satt upp* en list")
    house.door.channel.send(queued)
    card = house.fake.calls[-1].card
    assert "Vi har *satt upp* en list" in words(card)  # as it was written, no Markdown
    assert labels(card) == []


def a_message(
    house: House, *, purpose: Purpose = Purpose.NOTICE, text: str = "Hej"
) -> QueuedMessage:
    message = OutboxMessage(
        dedupe_key="k",
        channel="teams",
        recipient=f"teams:{TENANT}:aad-{house.user}",
        subject="Ämne",
        text=text,
        purpose=purpose,
    )
    return QueuedMessage(id=1, message=message, attempts=1)


@pytest.mark.parametrize(("status", "wait"), [(429, 17), (412, None), (502, None), (504, None)])
def test_what_passes_is_tried_again_when_teams_says(
    house: House, status: int, wait: int | None
) -> None:
    house.write("hej")
    headers = {"retry-after": str(wait)} if wait else {}
    house.fake.answers.append((status, headers, {}))
    with pytest.raises(TemporaryDeliveryError) as caught:
        house.door.channel.send(a_message(house))
    after = caught.value.retry_after
    assert (after.total_seconds() if after else None) == wait
    house.door.channel.send(a_message(house))


@pytest.mark.parametrize("status", [403, 404])
def test_a_chat_that_is_gone_is_forgotten_so_that_mail_takes_over(
    house: House, status: int
) -> None:
    sit_down(house, MARIA)
    house.fake.answers.append((status, {}, {"error": {"code": "BotNotInConversationRoster"}}))
    with pytest.raises(PermanentDeliveryError):
        house.door.channel.send(a_message(house))
    with house.lotskoping.unit_of_work() as uow:
        assert uow.chat_addresses.find("teams", house.address) is None
        person = uow.organisation.person(MARIA)
    assert person is not None
    assert person.chats == ()


def test_a_message_that_teams_finds_wrong_does_not_close_the_chat(house: House) -> None:
    sit_down(house, MARIA)
    house.fake.answers.append((400, {}, {}))
    with pytest.raises(PermanentDeliveryError):
        house.door.channel.send(a_message(house))
    with house.lotskoping.unit_of_work() as uow:
        assert uow.chat_addresses.find("teams", house.address) is not None


def test_nobody_is_written_to_who_has_not_opened_the_chat(house: House) -> None:
    with pytest.raises(PermanentDeliveryError):
        house.door.channel.send(a_message(house))


def test_a_teams_that_does_not_answer_is_tried_later(house: House, fake: FakeTeams) -> None:
    house.write("hej")
    with house.lotskoping.unit_of_work() as uow:
        known = uow.chat_addresses.find("teams", house.address)
        assert known is not None
        reference = {**known.reference, "service_url": "http://127.0.0.1:9/"}
        from dataclasses import replace

        uow.chat_addresses.save(replace(known, reference=reference), house.lotskoping.clock())
        uow.commit()
    with pytest.raises(TemporaryDeliveryError):
        house.door.channel.send(a_message(house))


def test_a_digest_has_a_button_for_each_thing_and_one_for_the_list(house: House) -> None:
    sit_down(house, MARIA)
    cases = [house.lotskoping.report(conversation=f"webchat:{n}") for n in range(3)]
    deliver(house)
    house.lotskoping.clock.advance(days=1)
    sweep(house.lotskoping.services)
    before = len(house.fake.calls)
    digests = [call.card for call in deliver(house)[before:] if "att-gora" in str(call.card)]
    [card] = digests
    found = labels(card)
    assert all(
        f"{case.number}: Ta emot ärendet (senast {case.target_on})" in found for case in cases
    )
    assert found[-1] == "Öppna din lista"
    unfolds = [one for one in actions(card) if one["type"] == "Action.ToggleVisibility"]
    targets = [one["targetElements"][0] for one in unfolds]
    hows = [one for one in elements(card) if one.get("id") in targets]
    titles = [one["title"] for one in unfolds]
    assert f"Så gör du: {cases[0].number}" in titles
    assert all(one.startswith("Så gör du: ") for one in titles)
    assert len(found) == len(set(found))
    assert len(hows) == len(set(targets))
    assert not any(one["isVisible"] for one in hows)
    told = [one["text"] for one in hows]
    assert (
        told.count(
            house.lotskoping.services.municipality.catalogue.get("how.duty_acknowledge", "sv")
        )
        == 1
    )


def digest_card(house: House, subject: str, link: str, things: tuple[Button, ...]) -> Json:
    message = OutboxMessage(
        dedupe_key="digest",
        channel="teams",
        recipient="a",
        subject=subject,
        text="",
        purpose=Purpose.DIGEST,
        link=link,
        buttons=things,
    )
    return DutyCards(services=house.lotskoping.services).notice(message)


def test_the_longest_digest_with_its_how_tos_is_no_larger_than_teams_takes(house: House) -> None:
    link = "http://127.0.0.1:8000/arenden/" + "x" * 24
    how = "Läs hela ärendet och skriv vad som hände. " * 6
    things = tuple(
        Button(f"AVV-2026-{n:05d}: Godkänn att ärendet avslutas utan utredning", link, f"{how}{n}")
        for n in range(60)
    )
    card = digest_card(house, "60 saker väntar på dig", link, things)
    assert len(json.dumps(card)) < cards.LARGEST_BYTES
    assert sum(one.startswith("Så gör du: AVV-2026-0") for one in labels(card)) > 10
    assert len(labels(card)) == len(set(labels(card)))


def test_a_full_digest_with_many_by_number_fits_too_and_shows_each_number(house: House) -> None:
    link = "http://127.0.0.1:8000/arenden/" + "x" * 24
    how = "Läs hela ärendet och skriv vad som hände. " * 6
    things = [
        Button(f"AVV-2026-{n:05d}: Gör åtgärden", link, f"{how}{n}", f"AVV-2026-{n:05d}")
        for n in range(MOST)
    ]
    for n in range(TOGETHER):
        named = f"AVV-2026-{MOST + n:05d} (senast 2026-06-02)"
        things.append(Button(f"Även: Steg {n} (1)", link, f"{how}{n}", f"Steg {n}", named))
    card = digest_card(house, "50 saker väntar på dig", link, tuple(things[:MOST_LINES]))
    assert len(json.dumps(card)) < cards.LARGEST_BYTES
    texts = [one.get("text") for one in elements(card)]
    assert all(one.named in texts for one in things[MOST:MOST_LINES])
    gathered = things[-1]._replace(named=", ".join(one.named for one in things[MOST:]))
    card = digest_card(house, "50 saker väntar på dig", link, (*things[:MOST], gathered))
    assert gathered.named in [one.get("text") for one in elements(card)]


def test_two_things_of_one_case_have_how_tos_of_different_names(house: House) -> None:
    link = "http://127.0.0.1:8000/arenden/x"
    things = tuple(
        Button(f"AVV-2026-00001: {duty}", link, f"Gör så: {duty}", "AVV-2026-00001")
        for duty in ("Bedöm risken", "Svara regionen")
    )
    card = digest_card(house, "Två saker väntar på dig", link, things)
    unfolds = [one["title"] for one in actions(card) if one["type"] == "Action.ToggleVisibility"]
    assert unfolds == [f"Så gör du: {one.words}" for one in things]
