"""Sixty and more Swedish mails in the shapes of the programs that people use."""

import pytest

from handlers.domain.mail import MailNature
from tests.bot.mail.own_mails import OwnMail, own_mails, squeezed

MAILS = own_mails()
REPLIES = [mail for mail in MAILS if "folded" in mail.expected]


def name(mail: OwnMail) -> str:
    return mail.file.removesuffix(".eml")


def test_there_are_at_least_sixty_of_them() -> None:
    assert len(MAILS) >= 60


@pytest.mark.parametrize("mail", MAILS, ids=name)
def test_sender_and_subject_are_right_in_every_letter(mail: OwnMail) -> None:
    found = mail.read()

    assert found.subject == mail.expected["subject"]
    assert found.sender_address == mail.expected["from_email"]
    assert found.sender_name == mail.expected["from_name"]


@pytest.mark.parametrize("mail", MAILS, ids=name)
def test_the_new_text_is_found_whole_and_alone(mail: OwnMail) -> None:
    assert squeezed(mail.read().text) == squeezed(mail.expected["text"])


@pytest.mark.parametrize("mail", REPLIES, ids=name)
def test_what_was_quoted_is_folded_and_kept(mail: OwnMail) -> None:
    assert mail.expected["folded"] in mail.read().folded_text


@pytest.mark.parametrize("mail", MAILS, ids=name)
def test_people_are_told_from_machines(mail: OwnMail) -> None:
    found = mail.read()

    assert found.nature.value == mail.expected["kind"], found.nature_reasons


@pytest.mark.parametrize("mail", MAILS, ids=name)
def test_attachments_are_counted_and_their_names_made_safe(mail: OwnMail) -> None:
    found = mail.read()

    assert len(found.attachments) == mail.expected["n_attachments"]
    if "attachment_names" in mail.expected:
        assert [file.name for file in found.attachments] == mail.expected["attachment_names"]


@pytest.mark.parametrize("mail", MAILS, ids=name)
def test_swedish_is_answered_in_swedish_and_english_in_english(mail: OwnMail) -> None:
    found = mail.read()

    if found.nature is MailNature.PERSONAL:
        assert found.language == mail.expected.get("language", "sv")


@pytest.mark.parametrize("mail", [mail for mail in MAILS if "bounced" in mail.expected], ids=name)
def test_a_bounce_says_whom_it_could_not_reach_and_whether_for_good(mail: OwnMail) -> None:
    found = mail.read()

    assert list(found.bounced_recipients) == mail.expected["bounced"]
    assert found.bounce_is_permanent is mail.expected["permanent"]


@pytest.mark.parametrize("mail", MAILS, ids=name)
def test_encrypted_mail_and_failed_checks_are_named(mail: OwnMail) -> None:
    found = mail.read()

    assert found.encrypted is mail.expected.get("encrypted", False)
    assert found.authentication.failed is mail.expected.get("failed", False)
