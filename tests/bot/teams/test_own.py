"""What people have of their own in Teams: drafts, reports, answers, duties, the nurse's card."""

from bot.delivery import deliver_outbox
from handlers import case_handling
from handlers.domain.case import Case
from handlers.domain.deadline import STOCKHOLM
from handlers.domain.risk import Likelihood, Severity
from tests.bot.teams.house import House, Json, actions, labels, words
from tests.bot.teams.test_duties import NoMail, alert_card, new_case_card, sit_down
from tests.bot.test_own_reports import stored_text
from tests.lotskoping import INGER, MARIA


def snoozes(house: House, case: Case) -> list[tuple[str, str, str]]:
    with house.lotskoping.unit_of_work() as uow:
        found = uow.work.snoozes.where(case_id=case.id)
    return [(one.by, one.until_on.isoformat(), one.reason) for one in found]


def test_a_manager_puts_reminders_off_with_a_reason_and_a_double_tap_is_one(house: House) -> None:
    case, card = new_case_card(house)
    after = house.tap(card, "Spara", until="3", because="waiting")
    assert "Påminnelserna vilar till 2026-06-04" in words(after)
    assert "vilar till 2026-06-04" in words(house.tap(card, "Spara", until="3", because="waiting"))
    assert snoozes(house, case) == [(MARIA, "2026-06-04", "Väntar på svar från någon annan")]


def test_a_rest_that_is_over_is_not_told_of(house: House) -> None:
    _, card = new_case_card(house)
    card = house.tap(card, "Spara", until="3", because="waiting")
    house.lotskoping.clock.advance(days=2)
    assert "vilar till" in words(house.invoke(show_again(card)))
    house.lotskoping.clock.advance(days=1)
    assert "vilar till" not in words(house.invoke(show_again(card)))


def show_again(card: Json) -> Json:
    case_id = next(a["data"]["case"] for a in actions(card) if "case" in a.get("data", {}))
    return {"verb": "case", "data": {"verb": "case", "case": case_id}}


def test_reminders_of_a_serious_case_cannot_be_put_off(house: House) -> None:
    case, card = new_case_card(house)
    card = house.tap(card, "Spara bedömningen", severity="4", likelihood="1")
    after = house.tap(card, "Spara", until="1", because="workload")
    assert "går det inte att skjuta upp" in words(after)
    assert snoozes(house, case) == []


def test_half_a_put_off_is_asked_for_again_and_a_made_up_one_refused(house: House) -> None:
    case, card = new_case_card(house)
    house.tap(card, "Spara", until="3")
    house.tap(card, "Spara", until="90", because="waiting")
    house.tap(card, "Spara", until="3", because="semester")
    assert snoozes(house, case) == []


def test_an_old_card_cannot_put_off_a_case_that_has_changed(house: House) -> None:
    case, card = new_case_card(house)
    house.tap(card, "Ta emot ärendet")
    late = house.tap(card, "Spara", until="3", because="waiting")
    assert "Någon har ändrat ärendet" in words(late)
    assert snoozes(house, case) == []


def closed_with_answer(house: House, number: str) -> Json:
    """Let the manager answer and close; return the card that tells the reporter."""
    with house.lotskoping.unit_of_work() as uow:
        case = uow.cases.find_number(number)
        assert case is not None
        desk = house.lotskoping.desk(uow, case, MARIA)
        case_handling.assess_risk(desk, severity=Severity.MINOR, likelihood=Likelihood.RARE)
        case_handling.write_feedback(desk, text="Tack. Sängen har *nu* en grind.")
        case_handling.close_without_investigation(desk, reason="Enstaka händelse")
        uow.commit()
    house.fake.calls.clear()
    deliver_outbox(house.lotskoping.services, {"teams": house.door.channel, "mail": NoMail()})
    card: Json = house.fake.wait_for(1)[-1].card
    return card


def test_an_answer_is_found_useful_with_a_tap_and_still_stands_there(house: House) -> None:
    house.tap(house.to_summary(), "Skicka rapporten")
    card = closed_with_answer(house, "AVV-2026-00001")
    assert "Sängen har *nu* en grind." in words(card)
    for _ in range(2):
        after = house.tap(card, "👍 Svaret om AVV-2026-00001 hjälpte")
        assert "Sängen har *nu* en grind." in words(after)
    with house.lotskoping.unit_of_work() as uow:
        [sent] = uow.reports.sent_by(house.address, "")
        assert uow.reports.vote_of(sent.report_id) is True


def test_a_report_is_added_to_from_its_answer_once(house: House) -> None:
    house.tap(house.to_summary(), "Skicka rapporten")
    card = closed_with_answer(house, "AVV-2026-00001")
    replaced = house.tap(card, "Lägg till i AVV-2026-00001")
    assert "Sängen har *nu* en grind." in words(replaced)
    question = house.fake.wait_for(2)[-1].card
    assert "Vad vill du lägga till?" in words(question)
    summary = house.answer_in_dialog(question, "Grinden sitter löst")
    for _ in range(2):
        assert "AVV-2026-00001" in words(house.tap(summary, "Lägg till"))
    with house.lotskoping.unit_of_work() as uow:
        case = uow.cases.find_number("AVV-2026-00001")
        assert case is not None
        added = [report.text_of("more") for report in uow.reports.all_of_case(case.id)]
    assert added == ["", "Grinden sitter löst"]


def test_somebody_elses_report_can_be_neither_judged_nor_added_to(house: House) -> None:
    house.tap(house.to_summary(), "Skicka rapporten")
    card = closed_with_answer(house, "AVV-2026-00001")
    house.user = "annan"
    assert "grind" not in words(house.tap(card, "👍 Svaret om AVV-2026-00001 hjälpte"))
    assert "Lägg till i AVV" not in labels(house.tap(card, "Lägg till i AVV-2026-00001"))
    with house.lotskoping.unit_of_work() as uow:
        [sent] = uow.reports.sent_by("teams:99999999-8888-4777-8666-555555555555:aad-nadia", "")
        assert uow.reports.vote_of(sent.report_id) is None


def test_several_drafts_are_found_from_the_first_card(house: House) -> None:
    card = house.tap(house.begin(), "Nej")
    house.answer_in_dialog(card, "Fel dos gavs")
    card = house.tap(house.write("rapportera en risk"), "Nej")
    house.answer_in_dialog(card, "Mattan i hallen ligger löst")
    card = house.write("avbryt")
    assert "Mina utkast" in labels(house.write("hej"))  # one under way, one cancelled
    house.tap(card, "Ångra")
    house.write("avvikelse")
    house.write("pausa")
    drafts = house.tap(house.write("hej"), "Mina utkast")
    assert sum(label.startswith("Fortsätt: ") for label in labels(drafts)) == 2
    risk = next(label for label in labels(drafts) if label.startswith("Fortsätt: Risk"))
    assert "Fråga" in words(house.tap(drafts, risk))


def gathered_for_the_nurse(house: House) -> Json:
    card = house.tap(house.begin(), "Jag behöver nå sjuksköterska")
    card = house.tap(house.tap(card, "Nej"), "Vet inte")
    card = house.answer_in_dialog(card, "Trött och varm sedan i morse")
    while "Klart" not in labels(card):
        card = house.tap(card, "Hoppa över" if "Hoppa över" in labels(card) else "Vet inte")
    return card


def test_what_the_nurse_asks_for_is_read_aloud_from_a_dialog(house: House) -> None:
    card = gathered_for_the_nurse(house)
    assert "Trött" not in words(card)
    shown = house.open_dialog(card, "Läs allt")["value"]["card"]["content"]
    assert "Trött och varm sedan i morse" in words(shown)
    receipt = house.tap(card, "Klart")
    again = house.open_dialog(receipt, "Läs allt")["value"]["card"]["content"]
    assert "Trött och varm sedan i morse" in words(again)
    assert not any("Trött" in str(call.body) for call in house.fake.calls)


def test_what_was_gathered_for_the_nurse_is_erased_in_time_with_what_teams_sent(
    house: House,
) -> None:
    card = gathered_for_the_nurse(house)
    house.tap(card, "Klart")
    assert "Trött" in stored_text(house.lotskoping)
    house.lotskoping.clock.advance(hours=12)
    with house.lotskoping.unit_of_work() as uow:
        uow.erase_due(house.lotskoping.clock())
        uow.commit()
    assert "Trött" not in stored_text(house.lotskoping)


def test_what_waits_is_listed_and_done_from_the_list(house: House) -> None:
    case, _ = new_case_card(house)
    waiting = house.tap(house.write("hej"), "Det här väntar på mig")
    assert f"{case.number}" in words(waiting)
    assert "Klart senast 2026-07-01" in words(waiting)
    shown = house.tap(waiting, case.number)
    assert "Du har tagit emot ärendet." in words(house.tap(shown, "Ta emot ärendet"))


def test_an_alert_is_taken_from_the_list(house: House) -> None:
    alert_card(house)
    at = f"{house.lotskoping.clock().astimezone(STOCKHOLM):%H:%M}"  # a draft has no number
    waiting = house.tap(house.write("hej"), "Det här väntar på mig")
    assert f"Larm som ingen har tagit: {at}" in words(waiting)
    assert "Du tog larmet" in words(house.tap(waiting, f"Jag tar larmet: {at}"))
    assert "Inget väntar på dig." in words(house.tap(house.write("hej"), "Det här väntar på mig"))


def test_somebody_without_a_role_has_no_list_and_sees_no_case(house: House) -> None:
    case, card = new_case_card(house)
    house.user = "nadia"
    assert "Det här väntar på mig" not in labels(house.write("hej"))
    sit_down(house, INGER)
    house.user = "nadia"
    forged = {"type": "Action.Execute", "verb": "case", "data": {"verb": "case", "case": case.id}}
    assert case.number not in words(house.invoke(forged))
    assert card
