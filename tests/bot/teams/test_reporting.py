"""A report in the private chat: cards that are replaced, dialogs for words, late taps."""

import json

from handlers.dialogue.state import DraftStatus
from tests.bot.teams.fake_teams import TENANT
from tests.bot.teams.house import House, actions, button, elements, first_answer, labels, words


def cases(house: House) -> list[str]:
    with house.lotskoping.unit_of_work() as uow:
        return [case.number for case in uow.cases.listed(None, open_only=False)]


def standing_at(house: House) -> str:
    with house.lotskoping.unit_of_work() as uow:
        draft = uow.drafts.latest(house.address)
    assert draft is not None
    return draft.state.current


def test_a_whole_report_becomes_one_case_and_a_receipt(house: House) -> None:
    summary = house.to_summary()
    receipt = house.tap(summary, "Skicka rapporten")
    assert cases(house) == ["AVV-2026-00001"]
    assert "AVV-2026-00001" in words(receipt)
    assert labels(receipt) == ["Ny rapport", "Mina rapporter"]
    with house.lotskoping.unit_of_work() as uow:
        case = uow.cases.find_number("AVV-2026-00001")
        assert case is not None
        report = uow.reports.of_case(case.id)
    assert report is not None
    assert report.reporter.channel == "teams"
    assert report.reporter.address == f"teams:{TENANT}:aad-nadia"
    assert report.text_of("what") == "Hittad på golvet vid sängen."
    assert case.unit_id == "bjorkgarden"


def test_the_same_button_twice_counts_once(house: House) -> None:
    first = house.begin()
    house.tap(first, "Nej")
    again = house.tap(first, "Nej")
    assert "Vad hände" in words(again)
    assert standing_at(house) == "what"


def test_two_buttons_of_one_card_in_a_row_count_as_the_first(house: House) -> None:
    first = house.begin()
    house.tap(first, "Nej")
    house.tap(first, "Vet inte")
    with house.lotskoping.unit_of_work() as uow:
        draft = uow.drafts.latest(house.address)
    assert draft is not None
    assert draft.state.answers["danger"].value == "no"


def test_danger_now_is_heard_from_a_card_that_was_answered(house: House) -> None:
    first = house.begin()
    house.tap(first, "Nej")
    for _ in range(2):
        assert "Ring 112" in words(house.tap(first, "Ja, fara nu"))
    assert standing_at(house) == "what"
    with house.lotskoping.unit_of_work() as uow:
        assert len(uow.alerts.unacknowledged()) == 1


def test_an_old_card_changes_nothing_and_shows_where_things_stand(house: House) -> None:
    question = house.write("hej")
    first = house.tap(question, "Rapportera en händelse")
    stale = house.write("Hej!")
    house.tap(first, "Nej")
    late = house.tap(stale, "Vet inte")
    assert "redan besvarat" in words(late)
    assert "Vad hände" in words(late)
    assert standing_at(house) == "what"


def test_sending_twice_gives_one_case_and_the_same_number(house: House) -> None:
    summary = house.to_summary()
    house.tap(summary, "Skicka rapporten")
    again = house.tap(summary, "Skicka rapporten")
    assert "AVV-2026-00001" in words(again)
    assert cases(house) == ["AVV-2026-00001"]


def test_a_card_of_a_sent_report_does_nothing_to_the_next(house: House) -> None:
    summary = house.to_summary()
    receipt = house.tap(summary, "Skicka rapporten")
    house.tap(receipt, "Ny rapport")
    late = house.tap(summary, "Tillbaka")
    assert "redan besvarat" in words(late)
    assert standing_at(house) == "danger"


def test_a_redelivered_tap_gets_the_very_same_answer(house: House) -> None:
    action = button(house.begin(), "Nej")
    first = house.invoke(action, activity_id="again")
    assert house.invoke(action, activity_id="again") == first


def test_a_redelivered_message_is_answered_once(house: House) -> None:
    activity = house.activity(text="hej")
    for _ in range(3):
        assert house.post(activity).status_code == 200
    house.fake.wait_for(1)
    house.write("hallå")
    assert len(house.fake.calls) == 2


def test_words_are_written_in_a_dialog_and_never_stand_in_the_chat(house: House) -> None:
    card = house.tap(house.begin(), "Nej")
    assert not [e for e in elements(card) if e["type"] == "Input.Text"]
    task = house.open_dialog(card, "Skriv svaret")
    assert task["type"] == "continue"
    assert "Vad hände" in words(task["value"]["card"]["content"])
    answer = house.fill_dialog(task, "Hemliga ord om dosen")
    assert answer.content == b""  # the dialog closes
    house.fake.wait_for(2)
    summary_of_chat = json.dumps([call.body for call in house.fake.calls], ensure_ascii=False)
    assert "Hemliga ord" not in summary_of_chat
    assert standing_at(house) == "when"


def test_the_chat_card_follows_when_a_dialog_is_saved(house: House) -> None:
    card = house.tap(house.begin(), "Nej")
    after = house.answer_in_dialog(card, "Fel dos")
    assert "När hände det" in words(after)
    call = house.fake.calls[-1]
    assert (call.method, call.path.rsplit("/", 1)[-1]) == ("PUT", "card-1")


def test_the_next_question_for_words_comes_in_the_same_dialog(house: House) -> None:
    card = house.tap(house.begin(), "Nej")
    card = house.answer_in_dialog(card, "Fel dos gavs nyss")
    card = house.choose(card, "bjorkgarden")
    card = house.tap(card, "Nej, inte förut")
    card = house.tap(card, "Ingen blev påverkad")
    answer = house.fill_dialog(house.open_dialog(card, "Skriv eget svar"), "Ringde sjuksköterskan")
    following = answer.json()["task"]["value"]["card"]["content"]
    assert "inte händer igen" in words(following)
    house.fill_dialog(answer.json()["task"], "En lista på insidan av skåpet")
    assert standing_at(house) == "category"


def test_an_empty_dialog_is_asked_again_and_nothing_is_lost(house: House) -> None:
    card = house.tap(house.begin(), "Nej")
    task = house.open_dialog(card, "Skriv svaret")
    again = house.fill_dialog(task, "  ").json()["task"]["value"]["card"]["content"]
    assert "Jag fick inget svar" in words(again)
    assert standing_at(house) == "what"


def test_a_dialog_saved_twice_is_one_answer(house: House) -> None:
    card = house.tap(house.begin(), "Nej")
    task = house.open_dialog(card, "Skriv svaret")
    house.fill_dialog(task, "Fel dos")
    house.fill_dialog(task, "Fel dos")
    assert standing_at(house) == "when"


def test_a_dialog_left_open_while_the_chat_goes_on_still_keeps_its_words(house: House) -> None:
    card = house.tap(house.begin(), "Nej")
    task = house.open_dialog(card, "Skriv svaret")
    house.write("Något kort om fallet i natt i köket")
    house.fill_dialog(task, "Hela berättelsen, skriven i lugn och ro")
    with house.lotskoping.unit_of_work() as uow:
        draft = uow.drafts.latest(house.address)
    assert draft is not None
    assert draft.state.answers["what"].text == "Hela berättelsen, skriven i lugn och ro"
    assert draft.state.current == "when"


def test_the_summary_hides_written_words_and_a_tap_on_a_line_changes_it(house: House) -> None:
    summary = house.to_summary("Hittad på golvet vid sängen.")
    assert "Hittad på golvet" not in json.dumps(summary, ensure_ascii=False)
    assert "Din text, 28 tecken" in words(summary)
    question = house.tap(summary, "Ändra: När")
    changed = house.tap(question, "I natt")
    assert "I natt" in words(changed)
    assert "Skicka rapporten" in labels(changed)


def test_written_words_are_read_and_changed_in_a_dialog_from_the_summary(house: House) -> None:
    summary = house.to_summary("Hittad på golvet vid sängen.")
    task = house.open_dialog(summary, "Ändra: Vad hände")
    [box] = [e for e in elements(task["value"]["card"]["content"]) if e["type"] == "Input.Text"]
    assert box["value"] == "Hittad på golvet vid sängen."
    house.fill_dialog(task, "Hittad på golvet i badrummet.")
    with house.lotskoping.unit_of_work() as uow:
        draft = uow.drafts.latest(house.address)
    assert draft is not None
    assert draft.state.answers["what"].text == "Hittad på golvet i badrummet."


def test_danger_shows_the_advice_and_alerts_even_if_the_person_leaves(house: House) -> None:
    card = house.tap(house.begin(), "Ja, fara nu")
    assert "Ring 112" in words(card)
    with house.lotskoping.unit_of_work() as uow:
        assert len(uow.alerts.unacknowledged()) == 1


def test_pausing_and_coming_back_goes_on_at_the_same_question(house: House) -> None:
    card = house.tap(house.begin(), "Nej")
    paused = house.tap(card, "Pausa")
    assert labels(paused) == ["Fortsätt"]
    assert "Vad hände" in words(house.tap(paused, "Fortsätt"))


def test_cancelling_can_be_regretted(house: House) -> None:
    card = house.tap(house.begin(), "Nej")
    cancelled = house.tap(card, "Avbryt")
    back = house.tap(cancelled, "Ångra")
    assert "Vad hände" in words(back)
    with house.lotskoping.unit_of_work() as uow:
        draft = uow.drafts.latest(house.address)
    assert draft is not None
    assert draft.state.status == DraftStatus.ACTIVE


def test_a_cancelled_report_is_taken_back_after_the_card_is_left(house: House) -> None:
    house.write("Dörren stod öppen hela natten på Solrosen")
    house.write("avbryt")
    hello = house.write("hej")
    listed = house.tap(hello, "Mina utkast")
    assert "Ångra avbruten: Avvikelse" in " ".join(labels(listed))
    house.tap(hello, "Rapportera en händelse")
    assert "Din rapport är här igen" in words(house.write("ångra"))
    with house.lotskoping.unit_of_work() as uow:
        draft = uow.drafts.latest(house.address)
    assert draft is not None
    assert draft.state.answers["what"].text == "Dörren stod öppen hela natten på Solrosen"


def test_my_reports_shows_number_and_status(house: House) -> None:
    receipt = house.tap(house.to_summary(), "Skicka rapporten")
    mine = house.tap(receipt, "Mina rapporter")
    assert "AVV-2026-00001: Inkommen" in words(mine)


def test_a_long_list_is_searched_by_typing(house: House) -> None:
    card = house.tap(house.begin(), "Nej")
    card = house.tap(house.answer_in_dialog(card, "Fel dos"), "Nyss")
    lists = [e for e in elements(card) if e["type"] == "Input.ChoiceSet"]
    assert [one["style"] for one in lists] == ["filtered"]
    assert "bakgrund" not in words(house.tap(card, "Välj", choice="bjorkgarden")).lower()
    assert standing_at(house) == "background"


def test_the_suggested_category_is_one_tap_away(house: House) -> None:
    card = house.tap(house.begin(), "Nej")
    card = house.answer_in_dialog(card, "Personen föll i badrummet")
    for choice in ("today", "bjorkgarden", "no", "nobody"):
        card = house.choose(card, choice)
    card = house.tap(card, "Hoppa över")
    assert first_answer(card)["data"]["choice"]
    assert len([a for a in actions(card) if a["data"].get("choice")]) <= 4


def test_a_person_cannot_speak_for_the_model(house: House) -> None:
    action = button(house.begin(), "Nej")
    forged = {**action, "data": {**action["data"], "command": "suggested", "choice": ""}}
    assert "går inte att använda" in house.invoke(forged)["value"]
    assert standing_at(house) == "danger"


def test_a_person_chooses_the_language_once(house: House) -> None:
    card = house.tap(house.write("hej", locale="en-GB"), "In English")
    assert "Report an event" in labels(card)
    assert "Is anybody in danger" in words(house.tap(card, "Report an event"))
