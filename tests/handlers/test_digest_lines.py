"""A digest by mail says of each thing its one next step and how it is done, as the page does."""

from datetime import timedelta

from bot.schedule import sweep
from handlers.domain.case import Case
from handlers.domain.deadline import local_date
from handlers.records import OutboxMessage
from handlers.todo import LOOK, Todo
from tests.bot.test_delivery import chatting
from tests.handlers.test_alerts_again import assess
from tests.handlers.test_reminders import DAY, at_local, change, digests, live
from tests.handlers.test_todo_order import rows
from tests.lotskoping import AGNETA, MARIA, Lotskoping

STORY = "Vi hittade Ivar Testesson på golvet vid sängen i morse."


def newest(lotskoping: Lotskoping, person: str) -> OutboxMessage:
    return [one for one in digests(lotskoping) if one.person_id == person][-1]


def row_of(lotskoping: Lotskoping, case: Case, person: str) -> Todo:
    [row] = [one for one in rows(lotskoping, person) if one.case_id == case.id]
    return row


def expected(lotskoping: Lotskoping, row: Todo) -> str:
    say = lotskoping.services.municipality.catalogue.get
    step = say(row.step, "sv").rstrip(".")
    return f"{row.number}: {step} (senast {row.due_on})\nSå gör du: {say(row.how, 'sv')}\n"


def test_a_mail_says_the_step_the_day_and_the_how_to_of_the_page(lotskoping: Lotskoping):
    case = lotskoping.report(STORY)
    at_local(lotskoping, DAY + timedelta(days=1))
    mail = newest(lotskoping, MARIA)
    assert mail.channel == "mail"
    row = row_of(lotskoping, case, MARIA)
    assert row.step == "duty.acknowledge"
    assert expected(lotskoping, row) in mail.text
    assert mail.text.count(case.number) == 1


def test_a_rung_that_says_finish_names_what_is_missing(lotskoping: Lotskoping):
    case = lotskoping.report(STORY)
    assess(lotskoping, case, MARIA, 2)
    at_local(lotskoping, case.target_on - timedelta(days=9))
    row = row_of(lotskoping, case, MARIA)
    assert row.step == "gate.cause"
    assert expected(lotskoping, row) in newest(lotskoping, MARIA).text


def test_nothing_of_the_story_the_person_or_the_unit_stands_in_the_mail(lotskoping: Lotskoping):
    case = lotskoping.report(STORY)
    live(lotskoping, 12)
    texts = "".join(f"{one.subject} {one.text}" for one in digests(lotskoping))
    assert case.number in texts
    assert not any(word in texts for word in ("Ivar", "Testesson", "golvet", "sängen"))


def test_whoever_hears_of_others_delay_is_told_how_to_help(lotskoping: Lotskoping):
    case = lotskoping.report(STORY)
    at_local(lotskoping, case.target_on + timedelta(days=7))
    text = newest(lotskoping, AGNETA).text
    assert f"{case.number}: Ärendet är sent. Hjälp enheten vidare" in text
    assert "Så gör du: Öppna ärendet och se vad som saknas. Ring enhetens chef." in text


def test_of_a_held_case_the_mail_says_only_to_read_and_decide(lotskoping: Lotskoping):
    case = lotskoping.report(STORY)
    day = local_date(lotskoping.clock()) + timedelta(days=1)
    held = {"manager_involved": True, "manager_involved_ids": (MARIA,), "look_on": day}
    change(lotskoping, case, **held)
    at_local(lotskoping, day)
    [text] = [one.text for one in digests(lotskoping) if case.number in one.text]
    say = lotskoping.services.municipality.catalogue.get
    assert f"{case.number}: {say(LOOK, 'sv')} (senast {day})\nSå gör du: Läs hela texten." in text


def test_every_line_of_a_mail_has_a_how_to(lotskoping: Lotskoping):
    lotskoping.report(STORY)
    live(lotskoping, 40)
    for one in digests(lotskoping):
        assert one.text.count("Så gör du: ") == one.text.count("(senast ") > 0


def test_a_chat_has_few_words_on_each_button(lotskoping: Lotskoping):
    lotskoping.report(STORY)
    chatting(lotskoping, MARIA)
    lotskoping.clock.advance(days=1)
    sweep(lotskoping.services)
    buttons = newest(lotskoping, MARIA).buttons
    assert buttons
    assert not any("Så gör du" in one.words for one in buttons)
    say = lotskoping.services.municipality.catalogue.get
    assert say("how.duty_acknowledge", "sv") in [one.how for one in buttons]
    assert all(one.how for one in buttons)
