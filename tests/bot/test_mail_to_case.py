"""From a raw mail in the Maildir to a case, a receipt, and a reply that finds its way back."""

import pytest

from bot.mail.maildir import deliver
from handlers.domain.case import CaseStatus
from handlers.mail_intake import RECEIPTS_A_DAY
from tests.bot.post import Post
from tests.lotskoping import BENGT, Lotskoping


@pytest.fixture
def post(lotskoping: Lotskoping) -> Post:
    return Post(lotskoping)


def test_a_complaint_becomes_a_case_and_the_sender_gets_one_receipt(post: Post):
    post.comes("Ingen kom till mamma i går kväll.")
    [receipt] = post.sent_to("anna@mail.example")
    assert "-2026-00001" in str(receipt["Subject"])
    body = receipt.get_body(("plain",))
    assert body is not None
    assert "Patientnämnden" in body.get_content()


def test_a_reply_to_the_receipt_lands_in_the_same_case(post: Post):
    post.comes("Ingen kom till mamma i går kväll.")
    [receipt] = post.sent_to("anna@mail.example")
    post.comes("Det hände igen.", In_Reply_To=str(receipt["Message-ID"]), Subject="Sv: Hej")
    assert post.outcomes() == ["case", "reply"]
    with post.lotskoping.unit_of_work() as uow:
        [case] = uow.cases.listed(None, open_only=False)
        letters = uow.letters.of_case(case.id)
    assert [letter.text for letter in letters] == [
        "Ingen kom till mamma i går kväll.",
        "Det hände igen.",
    ]
    assert len(post.sent_to("anna@mail.example")) == 1


def test_a_reply_to_the_reply_address_alone_is_enough(post: Post):
    post.comes("Ingen kom till mamma i går kväll.")
    [receipt] = post.sent_to("anna@mail.example")
    post.comes("Det hände igen.", To=str(receipt["Reply-To"]))
    assert post.outcomes() == ["case", "reply"]


def test_the_right_token_from_somebody_else_makes_a_case_of_its_own(post: Post):
    post.comes("Ingen kom till mamma i går kväll.")
    [receipt] = post.sent_to("anna@mail.example")
    post.comes(
        "Jag vill veta vad som hände.",
        From="bo@other.example",
        In_Reply_To=str(receipt["Message-ID"]),
    )
    assert post.outcomes() == ["case", "case"]


def test_the_right_number_in_the_subject_without_a_token_opens_a_new_case(post: Post):
    post.comes("Ingen kom till mamma i går kväll.")
    post.comes("Vad händer?", From="bo@other.example", Subject="SV: ärende SYN-2026-00001")
    assert post.outcomes() == ["case", "case"]


def test_a_forged_sender_with_the_token_cannot_write_into_the_case(post: Post):
    post.comes("Ingen kom till mamma i går kväll.")
    [receipt] = post.sent_to("anna@mail.example")
    post.comes(
        "Lägg ner ärendet.",
        In_Reply_To=str(receipt["Message-ID"]),
        Authentication_Results="mx.lotskoping.example; dmarc=fail; spf=fail",
    )
    assert post.outcomes() == ["case", "case"]


def test_an_automatic_answer_gets_no_answer(post: Post):
    post.comes("Jag är på semester.", Auto_Submitted="auto-replied", Subject="Autosvar: Hej")
    assert post.outcomes() == ["automatic"]
    assert post.sent_to("anna@mail.example") == []


def test_the_sixth_mail_of_a_day_becomes_a_case_that_a_person_confirms(post: Post):
    for number in range(RECEIPTS_A_DAY + 1):
        post.comes(f"Ingen kom till mamma, gång {number}.")
    *others, last = post.cases()
    assert len(post.sent_to("anna@mail.example")) == RECEIPTS_A_DAY
    assert all(case.confirmed_at for case in others)
    assert last.confirmed_at is None
    assert "receipt_held" in post.history(last)
    post.lotskoping.clock.advance(hours=24)
    post.comes("Ingen kom i dag heller.")
    assert len(post.sent_to("anna@mail.example")) == RECEIPTS_A_DAY + 1


def test_the_same_mail_twice_is_one_case(post: Post):
    post.comes("Ingen kom till mamma.", Message_ID="<same@mail.example>")
    post.comes("Ingen kom till mamma.", Message_ID="<same@mail.example>")
    assert post.outcomes() == ["case", "duplicate"]
    assert len(post.sent_to("anna@mail.example")) == 1


def test_another_text_under_a_used_id_is_a_case_of_its_own(post: Post):
    post.comes("Ingen kom till mamma.", Message_ID="<same@mail.example>")
    post.comes("Maten var kall i dag igen.", Message_ID="<same@mail.example>")
    assert post.outcomes() == ["case", "case"]


def test_a_mail_that_cannot_be_read_is_held_as_a_stub_for_a_person(post: Post):
    post.comes_raw(b"\n\n")
    assert post.outcomes() == ["held"]
    subjects = [str(mail["Subject"]) for mail in post.sent_to(f"{BENGT}@lotskoping.example")]
    assert any("SYN-2026-00001" in subject for subject in subjects)
    with post.lotskoping.unit_of_work() as uow:
        [case] = uow.cases.listed(None, open_only=False)
        [letter] = uow.letters.of_case(case.id)
        raw = uow.inbox.get(letter.inbox_id)
    assert raw is not None
    assert raw.raw == b"\n\n"


def test_one_unreadable_mail_does_not_delay_the_next(post: Post):
    inbox = post.lotskoping.services.settings.inbox_maildir
    deliver(inbox, b"\n", name="a-broken")
    post.comes("Ingen kom till mamma.")
    assert sorted(post.outcomes()) == ["case", "held"]


def test_a_mail_without_a_unit_is_told_to_the_registrator(post: Post):
    post.comes("Ingen svarar när jag ringer.")
    assert len(post.sent_to(f"{BENGT}@lotskoping.example")) == 1


def test_a_mail_that_names_one_unit_goes_to_its_manager(post: Post):
    post.comes("På Solrosens demensboende svarar ingen när jag ringer.")
    assert len(post.sent_to("jonas-ekbratt@lotskoping.example")) == 1


def test_a_reply_in_a_closed_case_opens_it_again(post: Post):
    post.comes("Ingen kom till mamma i går kväll.")
    with post.lotskoping.unit_of_work() as uow:
        [case] = uow.cases.listed(None, open_only=False)
        uow.connection.exec_driver_sql("UPDATE cases SET status = 'closed'")
        uow.commit()
    [receipt] = post.sent_to("anna@mail.example")
    post.comes("Det hände igen.", In_Reply_To=str(receipt["Message-ID"]))
    assert post.lotskoping.case(case.id).status == CaseStatus.INVESTIGATING


def test_a_no_reply_address_gets_no_answer(post: Post):
    post.comes("Ingen kom till mamma i går kväll.", From="no-reply@mail.example")
    assert post.sent_to("no-reply@mail.example") == []
