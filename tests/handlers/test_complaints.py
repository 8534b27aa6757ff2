"""Complaints: clocks in working days, answers that arrive safely."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from bot.calendar import swedish_working_days
from handlers import case_handling, complaints, ending
from handlers.about_person import load_about_person
from handlers.case_records import AnswerWay, ComplaintAnswer
from handlers.clocks import load_clocks
from handlers.domain.case import Case, CaseKind
from handlers.errors import ConfigurationFault, UserFault
from handlers.records import Purpose, QueuedMessage
from storage import tables
from tests.lotskoping import MARIA, Lotskoping

CODE, OTHER = "12345678", "87654321"
SECRET = "Er mamma Xnamnx fick fel medicin"
HARMLESS = "Köket öppnade för sent och maten hann kallna."


def complain(lotskoping: Lotskoping, *, by_mail: bool = True) -> Case:
    """A complaint about Björkgården, by mail as far as the answer goes."""
    case = lotskoping.report("Maten är kall och ingen svarar när vi ringer.")
    with lotskoping.unit_of_work() as uow:
        changed = uow.cases.save(replace(case, kind=CaseKind.COMPLAINT))
        if by_mail:
            uow.connection.execute(
                update(tables.reports).values(channel="mail", address="anna@mail.example")
            )
        uow.commit()
    return changed


def send_answer(
    lotskoping: Lotskoping, case: Case, *, way: AnswerWay, about: bool = True
) -> ComplaintAnswer:
    with lotskoping.unit_of_work() as uow:
        complaints.answer(
            lotskoping.desk(uow, case, MARIA),
            complaints.Answer(
                explanation=SECRET if about else HARMLESS,
                measures="Vi har ändrat rutinen.",
                about_person=about,
                way=way,
                code=CODE,
            ),
        )
        uow.commit()
        return uow.work.answers.where(case_id=case.id)[0]


def to_sender(lotskoping: Lotskoping) -> list[QueuedMessage]:
    return [q for q in lotskoping.outbox() if q.message.recipient == "anna@mail.example"]


def missing_for(lotskoping: Lotskoping, case: Case) -> tuple[str, ...]:
    stored = lotskoping.case(case.id)
    with lotskoping.unit_of_work() as uow:
        return ending.missing_for_closing(lotskoping.desk(uow, case, MARIA), stored)


def ask_code(lotskoping: Lotskoping, answer_id: str, code: str = CODE) -> bool:
    with lotskoping.unit_of_work() as uow:
        sent = complaints.send_code(
            uow, answer_id, code, lotskoping.clock(), lotskoping.services.municipality
        )
        uow.commit()
    return sent


def try_code(lotskoping: Lotskoping, answer_id: str, code: str) -> bool:
    with lotskoping.unit_of_work() as uow:
        found = complaints.open_answer(
            uow, answer_id, code, lotskoping.clock(), lotskoping.services.municipality
        )
        uow.commit()
    return found is not None


def test_a_complaint_has_two_and_ten_working_days(lotskoping: Lotskoping):
    municipality = lotskoping.services.municipality
    # Midsummer's eve, Friday 19 June 2026, is not worked.
    assert municipality.confirm_for(CaseKind.COMPLAINT, date(2026, 6, 18)) == date(2026, 6, 23)
    assert municipality.answer_for(CaseKind.COMPLAINT, date(2026, 6, 1)) == date(2026, 6, 15)
    assert municipality.confirm_for(CaseKind.DEVIATION, date(2026, 6, 1)) is None


@given(st.dates(date(2024, 1, 1), date(2034, 12, 31)))
@settings(max_examples=200)
def test_the_days_end_on_a_working_day_and_confirming_comes_first(received_on):
    works = swedish_working_days()
    clocks = load_clocks()
    confirm = clocks.confirm_on(CaseKind.COMPLAINT, received_on, works)
    answer = clocks.answer_on(CaseKind.COMPLAINT, received_on, works)
    assert confirm is not None
    assert answer is not None
    assert received_on < confirm < answer <= received_on + timedelta(days=30)
    assert works(confirm)
    assert works(answer)


def test_a_faulty_clock_is_told_with_its_name(tmp_path):
    text = (Path(complaints.__file__).parent / "clocks.toml").read_text(encoding="utf-8")
    (tmp_path / "clocks.toml").write_text(
        text.replace("investigating = 20", "investigating = 0"), encoding="utf-8"
    )
    with pytest.raises(ConfigurationFault, match=r"clocks.toml: lex_sarah.investigating"):
        load_clocks(tmp_path)


def test_an_answer_about_a_person_never_goes_by_mail(lotskoping: Lotskoping):
    case = complain(lotskoping)
    with pytest.raises(UserFault, match="not_this_way"):
        send_answer(lotskoping, case, way=AnswerWay.MAIL)


def test_an_answer_about_opening_hours_does(lotskoping: Lotskoping):
    send_answer(lotskoping, complain(lotskoping), way=AnswerWay.MAIL, about=False)
    message = to_sender(lotskoping)[0].message
    assert message.purpose == Purpose.FEEDBACK
    assert "Vi har ändrat rutinen." in message.text


def test_the_mail_says_only_that_there_is_an_answer_and_the_code_only_the_code(
    lotskoping: Lotskoping,
):
    case = complain(lotskoping)
    found = send_answer(lotskoping, case, way=AnswerWay.CODE_BY_MAIL)
    assert ask_code(lotskoping, found.id)
    page, code = (queued.message for queued in to_sender(lotskoping))
    for message in (page, code):
        assert "Xnamnx" not in message.text + message.subject
        assert "medicin" not in message.text + message.subject
    assert found.id in page.text
    assert CODE in code.text
    assert case.number not in code.text + code.subject
    assert found.id not in code.text


def test_the_right_code_opens_once(lotskoping: Lotskoping):
    found = send_answer(lotskoping, complain(lotskoping), way=AnswerWay.CODE_BY_MAIL)
    assert not try_code(lotskoping, found.id, CODE)  # none has been asked for
    ask_code(lotskoping, found.id)
    assert not try_code(lotskoping, found.id, OTHER)
    assert try_code(lotskoping, found.id, f" {CODE} ")
    assert not try_code(lotskoping, found.id, CODE)


def test_a_code_dies_after_fifteen_minutes_and_after_five_wrong_tries(lotskoping: Lotskoping):
    found = send_answer(lotskoping, complain(lotskoping), way=AnswerWay.CODE_BY_MAIL)
    ask_code(lotskoping, found.id)
    lotskoping.clock.advance(minutes=15)
    assert not try_code(lotskoping, found.id, CODE)
    ask_code(lotskoping, found.id)
    for _ in range(5):
        assert not try_code(lotskoping, found.id, OTHER)
    assert not try_code(lotskoping, found.id, CODE)
    ask_code(lotskoping, found.id)
    assert try_code(lotskoping, found.id, CODE)


def test_codes_cannot_be_asked_for_without_end(lotskoping: Lotskoping):
    found = send_answer(lotskoping, complain(lotskoping), way=AnswerWay.CODE_BY_MAIL)
    assert [ask_code(lotskoping, found.id) for _ in range(6)] == [True] * 5 + [False]
    lotskoping.clock.advance(days=1)
    assert ask_code(lotskoping, found.id)
    lotskoping.clock.advance(days=30)
    assert not ask_code(lotskoping, found.id)


def test_a_code_told_by_phone_is_never_mailed_nor_stored_as_it_is(lotskoping: Lotskoping):
    found = send_answer(lotskoping, complain(lotskoping), way=AnswerWay.CODE_BY_HAND)
    assert to_sender(lotskoping) == []
    assert CODE not in found.code_hash
    assert not ask_code(lotskoping, found.id)
    lotskoping.clock.advance(days=5)
    assert try_code(lotskoping, found.id, CODE)


def test_who_asked_on_our_page_is_answered_there(lotskoping: Lotskoping):
    case = complain(lotskoping, by_mail=False)
    send_answer(lotskoping, case, way=AnswerWay.WHERE_ASKED)
    answers = [q.message for q in lotskoping.outbox() if q.message.purpose == Purpose.FEEDBACK]
    assert [(a.channel, a.recipient) for a in answers] == [("webchat", "webchat:test")]


def test_closing_does_not_mail_what_was_answered_safely(lotskoping: Lotskoping):
    case = complain(lotskoping)
    send_answer(lotskoping, case, way=AnswerWay.CODE_BY_MAIL)
    with lotskoping.unit_of_work() as uow:
        answered = uow.cases.find(case.id)
        assert answered is not None
        ending.answer_reporters(lotskoping.desk(uow, case, MARIA), answered)
        uow.commit()
    assert all("Xnamnx" not in queued.message.text for queued in to_sender(lotskoping))


def test_an_answer_has_both_parts(lotskoping: Lotskoping):
    case = complain(lotskoping)
    with lotskoping.unit_of_work() as uow, pytest.raises(UserFault, match="empty_text"):
        complaints.answer(
            lotskoping.desk(uow, case, MARIA),
            complaints.Answer(
                explanation="Vi beklagar.", measures=" ", about_person=False, way=AnswerWay.MAIL
            ),
        )


@pytest.mark.parametrize(
    "text",
    [
        "Greta Lindström fick vänta.",
        "Hon fick vänta.",
        "Er mamma fick vänta.",
        "Brukaren fick vänta.",
        "Det gäller 19410312-1234.",
        "Ring 070-174 06 05.",
        "Your mother had to wait.",
    ],
)
def test_a_text_about_somebody_is_refused_as_mail_whatever_the_writer_says(
    lotskoping: Lotskoping, text: str
):
    case = complain(lotskoping)
    with lotskoping.unit_of_work() as uow, pytest.raises(UserFault, match="answer_says_something"):
        complaints.answer(
            lotskoping.desk(uow, case, MARIA),
            complaints.Answer(
                explanation=HARMLESS, measures=text, about_person=False, way=AnswerWay.MAIL
            ),
        )
    assert to_sender(lotskoping) == []


def test_every_door_that_answers_by_mail_goes_by_the_page_when_it_is_about_somebody(
    lotskoping: Lotskoping,
):
    """Closing sends the sentence that a manager wrote, without asking how it is to go."""
    case = complain(lotskoping)
    with lotskoping.unit_of_work() as uow:
        suggestion = uow.cases.save(replace(case, kind=CaseKind.SUGGESTION, feedback=SECRET))
        ending.answer_reporters(lotskoping.desk(uow, case, MARIA), suggestion)
        ending.answer_reporters(lotskoping.desk(uow, case, MARIA), suggestion)
        uow.commit()
        [page] = uow.work.answers.where(case_id=case.id)
    [message] = (queued.message for queued in to_sender(lotskoping))
    assert "Xnamnx" not in message.text + message.subject
    assert page.id in message.text
    assert ask_code(lotskoping, page.id)
    assert try_code(lotskoping, page.id, CODE)


def test_a_sentence_about_nobody_goes_as_mail_when_the_case_closes(lotskoping: Lotskoping):
    case = complain(lotskoping)
    with lotskoping.unit_of_work() as uow:
        suggestion = uow.cases.save(replace(case, kind=CaseKind.SUGGESTION, feedback=HARMLESS))
        ending.answer_reporters(lotskoping.desk(uow, case, MARIA), suggestion)
        uow.commit()
    [message] = (queued.message for queued in to_sender(lotskoping))
    assert HARMLESS in message.text


@pytest.mark.parametrize("conversation", ["slack:D1", "teams:a1", "webchat:test"])
@pytest.mark.parametrize(
    "text",
    [
        "Greta Lindström har fått en ny matta.",
        "Vi har pratat med 19340512-2386 om mattan.",
        "Ring 070-174 06 05 om mattan.",
    ],
)
def test_a_name_or_number_is_not_written_to_any_chat(
    lotskoping: Lotskoping, conversation: str, text: str
):
    case = lotskoping.report(conversation=conversation)
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, case, MARIA)
        with pytest.raises(UserFault, match="feedback_names"):
            case_handling.write_feedback(desk, text=text)
        case_handling.write_feedback(desk, text="Mattan är utbytt.")


def test_an_answer_that_merging_brings_to_a_chat_goes_without_the_name(lotskoping: Lotskoping):
    case = lotskoping.report()
    with lotskoping.unit_of_work() as uow:
        ended = uow.cases.save(replace(case, feedback="Vi har pratat med 19340512-2386."))
        ending.answer_reporters(lotskoping.desk(uow, case, MARIA), ended)
        uow.commit()
    [text] = [q.message.text for q in lotskoping.outbox() if q.message.purpose == Purpose.FEEDBACK]
    assert "Vi har pratat med [personnummer]." in text


def test_a_complaint_closes_with_explanation_and_measures_and_not_before(lotskoping: Lotskoping):
    case = complain(lotskoping)
    with lotskoping.unit_of_work() as uow:
        desk = lotskoping.desk(uow, case, MARIA)
        case_handling.write_feedback(desk, text=HARMLESS)
        uow.commit()
    assert "gate.answer" in missing_for(lotskoping, case)
    send_answer(lotskoping, case, way=AnswerWay.CODE_BY_MAIL)
    missing = missing_for(lotskoping, case)
    assert not {"gate.answer", "gate.feedback"} & set(missing)


def test_a_complaint_that_nobody_can_answer_closes_without(lotskoping: Lotskoping):
    case = replace(complain(lotskoping), reporter_reachable=False)
    assert "gate.answer" not in case.missing_for_closing(by_mas=True)


def test_the_words_are_checked_when_they_are_read(tmp_path: Path):
    (tmp_path / "about_person.toml").write_text('words = ["Mamma"]', encoding="utf-8")
    with pytest.raises(ConfigurationFault, match=r"about_person.toml: words"):
        load_about_person(str, tmp_path)
