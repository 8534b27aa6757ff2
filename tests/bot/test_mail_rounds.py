"""Machines that answer whatever they get: with none of them does an exchange of mails go on.

First each machine answers every mail that it gets from us, until it gets none: what it never gets
it cannot answer, so the thousandth round is as quiet as the one after the last. Then all of them
write without being asked.
"""

from collections.abc import Callable
from email.message import EmailMessage
from itertools import cycle

import pytest

from bot.delivery import deliver_outbox
from bot.mail.maildir import deliver
from bot.schedule import collect_mail
from handlers.mail_intake import RECEIPTS_A_DAY
from tests.bot.post import Post
from tests.lotskoping import Lotskoping

ADDRESS = "hjalp@annat.example"
OURS = "synpunkter@lotskoping.example"
ROUNDS = 1_000
UNASKED = 1000

Machine = Callable[[int, EmailMessage], bytes]


@pytest.fixture
def post(lotskoping: Lotskoping) -> Post:
    return Post(lotskoping)


def auto_responder(number: int, ours: EmailMessage) -> bytes:
    return written(
        f"Jag är ledig ({number}).", in_reply_to=ours["Message-ID"], auto_submitted="auto-replied"
    )


def bouncing(number: int, ours: EmailMessage) -> bytes:
    return (
        f"From: MAILER-DAEMON@annat.example\nTo: {OURS}\nReturn-Path: <>\n"
        f"Subject: Undelivered Mail Returned to Sender\nMessage-ID: <b{number}@annat.example>\n"
        "MIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nuser unknown\n--b\n"
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; annat.example\n\n"
        f"Final-Recipient: rfc822; {ADDRESS}\nAction: failed\nStatus: 5.1.1\n--b\n"
        f"Content-Type: text/rfc822-headers\n\nMessage-ID: {ours['Message-ID']}\n--b--\n"
    ).encode()


def helpdesk_in_the_thread(number: int, ours: EmailMessage) -> bytes:
    return written(f"Ärende {number} ligger hos grupp Nord.", in_reply_to=ours["Message-ID"])


def helpdesk_in_new_threads(number: int, ours: EmailMessage) -> bytes:
    """Says nothing of being a machine, and names neither our mail nor our case."""
    del ours
    return written(f"Hej! Er fråga ligger hos Lisa i grupp {number}.", subject=f"Fråga {number}")


def helpdesk_with_an_address_for_each_thread(number: int, ours: EmailMessage) -> bytes:
    del ours
    sender = ADDRESS.replace("@", f"+{number}@")
    return written(f"Hej! Er fråga {number} ligger hos Lisa.", subject="Hej", sender=sender)


def mirror(number: int, ours: EmailMessage) -> bytes:
    """Sends our own mail back to us."""
    del number
    return ours.as_bytes()


MACHINES = (
    auto_responder,
    bouncing,
    helpdesk_in_the_thread,
    helpdesk_in_new_threads,
    helpdesk_with_an_address_for_each_thread,
    mirror,
)


def written(text: str, *, sender: str = ADDRESS, **headers: str) -> bytes:
    mail = EmailMessage()
    mail["From"] = f"Hjälp <{sender}>"
    mail["To"] = OURS
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()


def first_receipt(post: Post) -> EmailMessage:
    post.comes_raw(written("Ingen kom till mamma i går kväll.", message_id="<1@annat.example>"))
    [receipt] = sent_there(post)
    return receipt


def sent_there(post: Post) -> list[EmailMessage]:
    return [mail for mail in post.sent() if str(mail["To"]).endswith("@annat.example")]


@pytest.mark.parametrize("machine", MACHINES)
def test_a_machine_that_answers_each_of_our_mails_has_soon_nothing_to_answer(
    post: Post, machine: Machine
):
    waiting, answered = [first_receipt(post)], 0
    while waiting and answered < ROUNDS:
        for ours in waiting:
            answered += 1
            post.comes_raw(machine(answered, ours))
        waiting = sent_there(post)[answered:]
    assert not waiting
    assert answered <= RECEIPTS_A_DAY


def test_many_mails_that_machines_write_unasked_get_no_more_answers(post: Post):
    receipt = first_receipt(post)
    services = post.lotskoping.services
    for number, machine in zip(range(UNASKED), cycle(MACHINES), strict=False):
        raw = machine(number, receipt)
        deliver(services.settings.inbox_maildir, raw, name=f"round-{number}")
    collect_mail(services, post.sources)
    deliver_outbox(services, post.channels)
    assert len(post.outcomes()) == 1 + UNASKED
    assert len(sent_there(post)) <= RECEIPTS_A_DAY
