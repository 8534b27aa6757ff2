"""Who never gets an automatic answer."""

from dataclasses import replace
from itertools import cycle

import pytest

from bot.mail.answering import may_answer, refusal
from bot.mail.composing import compose
from bot.mail.nature import VIA_LIST
from handlers.domain.mail import CheckResult, IncomingMail, MailAuthentication, MailNature
from tests.bot.mail.letters import HEAD, queued
from tests.bot.mail.own_mails import OWN_ADDRESS, own_mails, read

OWN = frozenset({OWN_ADDRESS})


def first_mail() -> IncomingMail:
    return own_mails()[0].read()


def test_a_person_is_answered() -> None:
    assert may_answer(first_mail(), own_addresses=OWN)


@pytest.mark.parametrize("nature", [n for n in MailNature if n is not MailNature.PERSONAL])
def test_only_people_are_answered(nature: MailNature) -> None:
    assert refusal(replace(first_mail(), nature=nature)) == nature.value


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("", "no_address"),
        ("root", "no_address"),
        ("a@b.invalid", "no_address"),
        ("no-reply@bank.example", "robot"),
        ("svara-ej@myndighet.example", "robot"),
        ("mailer-daemon@mx.example", "mail_server"),
        ("postmaster@mx.example", "mail_server"),
        (OWN_ADDRESS, "own_address"),
        ("synpunkter+cpabc@lotskoping.example", "own_address"),
    ],
)
def test_addresses_behind_which_nobody_reads_are_not_answered(address: str, reason: str) -> None:
    assert refusal(replace(first_mail(), sender_address=address), own_addresses=OWN) == reason


def test_a_list_is_not_answered_even_when_a_person_wrote_to_it() -> None:
    assert refusal(replace(first_mail(), nature_reasons=(VIA_LIST,))) == "list"


@pytest.mark.parametrize(
    ("checks", "reason"),
    [
        (MailAuthentication(dmarc=CheckResult.FAILED), "forged"),
        (MailAuthentication(spf=CheckResult.FAILED), "forged"),
        (MailAuthentication(spf=CheckResult.FAILED, dkim=CheckResult.PASSED), ""),
        (MailAuthentication(spf=CheckResult.FAILED, dmarc=CheckResult.PASSED), ""),
        (MailAuthentication(), ""),
    ],
)
def test_an_address_that_was_only_used_is_not_answered(
    checks: MailAuthentication, reason: str
) -> None:
    assert refusal(replace(first_mail(), authentication=checks)) == reason


AUTOMATS = {
    "auto-responder": "Auto-Submitted: auto-replied\nSubject: Re: {subject}\n\nTack!",
    "old responder": "Precedence: junk\nReturn-Path: <>\nSubject: Re: {subject}\n\nJag är borta.",
    "away": "Subject: Autosvar: {subject}\n\nJag är på semester till den 3 augusti.",
    "helpdesk": "Subject: [Ticket 4711] {subject}\n\nYour request has been received. This is an "
    "automated message.",
    "helpdesk without a word": "Precedence: bulk\nX-Auto-Response-Suppress: All\n"
    "Subject: Re: {subject}\n\nÄrende 4711 är registrerat.",
    "bounce": "From: MAILER-DAEMON@mx.example\nReturn-Path: <>\nSubject: Undelivered Mail Returned "
    "to Sender\n\n550 5.1.1 User unknown",
}


def test_a_thousand_rounds_with_machines_never_get_a_second_mail_from_us() -> None:
    answered = []
    for number, (name, template) in zip(range(1_000), cycle(AUTOMATS.items()), strict=False):
        ours = compose(queued(dedupe_key=f"receipt:{number}"), HEAD)
        back = template.format(subject=ours["Subject"])
        sender = "" if "From:" in back else "From: Support <support@annan.example>\n"
        raw = f"{sender}In-Reply-To: {ours['Message-ID']}\n{back}"
        if may_answer(read(raw.encode()), own_addresses=OWN):
            answered.append(name)

    assert answered == []
