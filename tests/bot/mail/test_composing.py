"""Outgoing mail, as the one who gets it sees it."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest

from bot.mail.composing import compose
from bot.mail.tokens import find_case_id
from handlers.domain.mail import MailNature
from handlers.errors import PermanentDeliveryError
from handlers.records import Purpose
from tests.bot.mail.letters import HEAD, RECEIPT, queued
from tests.bot.mail.own_mails import read


def sent(mail: EmailMessage) -> EmailMessage:
    return message_from_bytes(mail.as_bytes(), policy=default)


def test_the_same_outbox_row_always_has_the_same_message_id() -> None:
    assert compose(queued(), HEAD)["Message-ID"] == compose(queued(), HEAD)["Message-ID"]
    assert (
        compose(queued(), HEAD)["Message-ID"] != compose(queued(dedupe_key="2"), HEAD)["Message-ID"]
    )


def test_message_id_and_reply_address_both_lead_back_to_the_case() -> None:
    mail = sent(compose(queued(), HEAD))

    for field in ("Message-ID", "Reply-To"):
        assert find_case_id([str(mail[field])], HEAD.secret) == RECEIPT.case_id


def test_staff_get_no_key_to_the_case_by_mail() -> None:
    mail = sent(compose(queued(person_id="maria"), HEAD))

    assert mail["Reply-To"] is None
    assert find_case_id([str(mail["Message-ID"])], HEAD.secret) == ""


def test_a_receipt_tells_machines_that_a_machine_wrote_it() -> None:
    mail = sent(compose(queued(), HEAD))

    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Precedence"] == "bulk"
    assert mail["X-Lotsen-Loop"] == HEAD.loop_id


def test_a_letter_that_a_person_wrote_is_not_called_automatic() -> None:
    mail = sent(compose(queued(automatic=False, purpose=Purpose.FEEDBACK), HEAD))

    assert mail["Auto-Submitted"] == "no"
    assert mail["Precedence"] is None


def test_text_and_html_say_the_same_and_name_their_language() -> None:
    mail = sent(compose(queued(text="Hej & välkommen!\n\n<Åtgärd> senast 3 april"), HEAD))
    plain = mail.get_body(("plain",))
    html = mail.get_body(("html",))

    assert plain is not None
    assert html is not None
    assert plain.get_content().split() == [
        "Hej",
        "&",
        "välkommen!",
        "<Åtgärd>",
        "senast",
        "3",
        "april",
    ]
    assert "<p>Hej &amp; välkommen!</p><p>&lt;Åtgärd&gt; senast 3 april</p>" in html.get_content()
    assert '<html lang="sv">' in html.get_content()


def test_links_can_be_clicked() -> None:
    html = sent(compose(queued(), HEAD)).get_body(("html",))

    assert html is not None
    assert (
        '<a href="http://127.0.0.1:8000/mitt">http://127.0.0.1:8000/mitt</a>.' in html.get_content()
    )


def test_a_subject_cannot_add_a_header() -> None:
    mail = sent(compose(queued(subject="Hej\r\nBcc: annan@exempel.example"), HEAD))

    assert mail["Bcc"] is None
    assert mail["Subject"] == "Hej Bcc: annan@exempel.example"


@pytest.mark.parametrize("address", ["", "ingen", "a b@c", "a@", "a\n@b.example", "a@b@c..d"])
def test_an_address_that_is_none_is_given_up_at_once(address: str) -> None:
    with pytest.raises(PermanentDeliveryError):
        compose(queued(recipient=address), HEAD)


def test_a_domain_with_swedish_letters_is_written_as_servers_know_it() -> None:
    mail = sent(compose(queued(recipient="asa@öberg.example"), HEAD))

    assert mail["To"] == "asa@xn--berg-4qa.example"


def test_our_own_mail_is_known_again_when_it_comes_back() -> None:
    mail = compose(queued(), HEAD)
    assert read(mail.as_bytes()).nature is MailNature.OWN

    del mail["X-Lotsen-Loop"]  # some servers drop what they do not know
    assert read(mail.as_bytes()).nature is MailNature.OWN


def test_the_letter_of_a_person_is_known_again_too() -> None:
    letter = compose(queued(automatic=False, purpose=Purpose.FEEDBACK), HEAD)

    assert read(letter.as_bytes()).nature is MailNature.OWN
