"""From a conversation to a case: what is stored, who is told, what a repeated turn does."""

from handlers.dialogue.state import Command, PromptKind
from handlers.domain.case import CaseStatus
from handlers.records import Purpose
from tests.lotskoping import CONVERSATION, INGER, MARIA, MONIKA, Lotskoping


def receivers(lotskoping: Lotskoping, purpose: Purpose) -> list[str]:
    return [q.message.person_id for q in lotskoping.outbox() if q.message.purpose == purpose]


def test_a_finished_report_becomes_one_case_with_its_answers(lotskoping: Lotskoping):
    case = lotskoping.report("Hittad på golvet vid sängen.")
    assert case.number == "AVV-2026-00001"
    assert case.status == CaseStatus.RECEIVED
    assert case.unit_id == "bjorkgarden"
    assert case.target_on.isoformat() == "2026-07-01"
    with lotskoping.unit_of_work() as uow:
        report = uow.reports.of_case(case.id)
    assert report is not None
    assert report.text_of("what") == "Hittad på golvet vid sängen."
    assert report.form_version == 2


def test_the_units_manager_is_told_with_number_duty_date_and_link(lotskoping: Lotskoping):
    case = lotskoping.report("Hittad på golvet vid sängen.")
    notices = [q.message for q in lotskoping.outbox() if q.message.purpose == Purpose.NOTICE]
    assert [notice.person_id for notice in notices] == [MARIA]
    text = f"{notices[0].subject} {notices[0].text}"
    assert case.number in text
    assert "2026-07-01" in text
    assert f"/arenden/{case.id}" in text
    assert "golvet" not in text
    assert "Björkgården" not in text


def test_the_same_turn_again_gives_the_same_replies_and_nothing_more(lotskoping: Lotskoping):
    lotskoping.say(command=Command.RESUME)
    first = lotskoping.say(choice="no", message_id="tap-1")
    again = lotskoping.say(choice="no", message_id="tap-1")
    assert again == first
    with lotskoping.unit_of_work() as uow:
        draft = uow.drafts.latest(CONVERSATION)
    assert draft is not None
    assert draft.state.current == "what"


def test_a_report_sent_twice_is_one_case_and_the_same_number(lotskoping: Lotskoping):
    case = lotskoping.report()
    again = lotskoping.say(command=Command.SUBMIT)
    assert again[-1].kind == PromptKind.RECEIPT
    assert again[-1].case_number == case.number
    with lotskoping.unit_of_work() as uow:
        assert len(uow.cases.listed(None, open_only=False)) == 1


def test_every_step_is_stored_as_a_draft(lotskoping: Lotskoping):
    lotskoping.say(command=Command.RESUME)
    for position, words in enumerate(("nej", "Fel dos", "nyss"), 1):
        lotskoping.say(words)
        with lotskoping.unit_of_work() as uow:
            draft = uow.drafts.latest(CONVERSATION)
        assert draft is not None
        assert len(draft.state.answers) == position


def test_danger_now_alerts_mas_even_if_the_reporter_leaves(lotskoping: Lotskoping):
    lotskoping.say(command=Command.RESUME)
    lotskoping.say(choice="yes")
    assert receivers(lotskoping, Purpose.ALERT) == [INGER]


def test_answering_danger_twice_alerts_once(lotskoping: Lotskoping):
    lotskoping.say(command=Command.RESUME)
    lotskoping.say(choice="yes")
    lotskoping.say(command=Command.BACK)
    lotskoping.say(choice="yes")
    assert receivers(lotskoping, Purpose.ALERT) == [INGER]


def test_a_death_in_the_answers_alerts_mas_and_sas(lotskoping: Lotskoping):
    lotskoping.report("Något lugnt skrivet.", harm="death")
    assert set(receivers(lotskoping, Purpose.ALERT)) == {INGER, MONIKA}


def test_a_serious_text_alerts_whatever_the_reporter_ticked(lotskoping: Lotskoping):
    lotskoping.report("Hon fick dubbel dos insulin och kördes medvetslös till sjukhus.")
    assert INGER in receivers(lotskoping, Purpose.ALERT)


def test_an_everyday_report_alerts_nobody(lotskoping: Lotskoping):
    lotskoping.report("Tvätten kom tillbaka i fel färg.")
    assert receivers(lotskoping, Purpose.ALERT) == []


def test_a_personal_identity_number_is_never_stored(lotskoping: Lotskoping):
    number = "19121212-1213"  # its check digit fails
    lotskoping.say(command=Command.RESUME)
    lotskoping.say(choice="no")
    prompts = lotskoping.say(f"Personen {number} fick fel dos")
    assert prompts[0].kind == PromptKind.NOTICE
    with lotskoping.unit_of_work() as uow:
        draft = uow.drafts.latest(CONVERSATION)
        stored = uow.inbox.find(source="webchat", key=f"{CONVERSATION}/turn-3")
    assert draft is not None
    assert stored is not None
    assert draft.state.answers["what"].text == "Personen [dolt nummer] fick fel dos"
    assert number.encode() not in stored.raw


def test_a_personal_identity_number_is_not_stored_from_a_made_up_choice_either(
    lotskoping: Lotskoping,
):
    number = "19121212-1213"  # its check digit fails
    lotskoping.say(command=Command.RESUME)
    lotskoping.say(choice="no")
    prompts = lotskoping.say(choice=f"{number} fick fel dos")
    assert prompts[0].kind == PromptKind.NOTICE
    with lotskoping.unit_of_work() as uow:
        draft = uow.drafts.latest(CONVERSATION)
        stored = uow.inbox.find(source="webchat", key=f"{CONVERSATION}/turn-3")
    assert draft is not None
    assert stored is not None
    assert number not in str(draft.state.answers)
    assert number.encode() not in stored.raw


def test_a_person_cannot_speak_for_the_model(lotskoping: Lotskoping):
    lotskoping.say(command=Command.RESUME)
    prompts = lotskoping.say(command=Command.SUGGESTED)
    assert prompts[-1].question_id == "danger"


def test_a_case_without_a_unit_goes_to_the_registrator(lotskoping: Lotskoping):
    lotskoping.report(unit="unknown")
    assert receivers(lotskoping, Purpose.NOTICE) == ["bengt-orrfelt"]


def test_case_numbers_have_no_gaps_after_a_rollback(lotskoping: Lotskoping):
    with lotskoping.unit_of_work() as uow:
        uow.cases.next_number("AVV", 2026)
    assert lotskoping.report().number == "AVV-2026-00001"


def test_another_button_of_a_message_that_was_answered_changes_nothing(lotskoping: Lotskoping):
    lotskoping.say(command=Command.RESUME)
    lotskoping.say(choice="no", message_id="card-1")
    prompts = lotskoping.say(choice="unknown", message_id="card-1")
    assert prompts[-1].question_id == "what"
    assert "Inget ändrades" in prompts[0].text
    with lotskoping.unit_of_work() as uow:
        draft = uow.drafts.latest(CONVERSATION)
    assert draft is not None
    assert draft.state.answers["danger"].value == "no"


def test_danger_now_on_a_message_that_was_answered_is_heard(lotskoping: Lotskoping):
    lotskoping.say(command=Command.RESUME)
    lotskoping.say(choice="no", message_id="card-1")
    prompts = lotskoping.say(choice="yes", message_id="card-1")
    assert prompts[0].kind == PromptKind.ADVICE
    assert receivers(lotskoping, Purpose.ALERT) == [INGER]
