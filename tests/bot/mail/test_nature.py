"""People, answering machines and mail servers, told apart by short invented mails."""

import tomllib
from pathlib import Path

import pytest

from handlers.domain.mail import MailNature
from tests.bot.mail.own_mails import read

SAMPLES = tomllib.loads((Path(__file__).parents[2] / "mail" / "natures.toml").read_text("utf-8"))


@pytest.mark.parametrize("sample", SAMPLES["mail"], ids=lambda sample: sample["name"])
def test_the_writer_is_told_from_a_machine(sample: dict[str, str]) -> None:
    found = read(f"{sample['header']}\n\n{sample['text']}".encode())

    assert found.nature.value == sample["nature"], found.nature_reasons


@pytest.mark.parametrize("sample", SAMPLES["mail"], ids=lambda sample: sample["name"])
def test_a_forward_of_a_machines_mail_is_a_persons_mail(sample: dict[str, str]) -> None:
    text = f"---------- Vidarebefordrat ----------\n{sample['header']}\n\n{sample['text']}"
    raw = f"From: asa@exempel.example\nSubject: VB: kolla\n\nKan ni se på det här?\n\n{text}"

    assert read(raw.encode()).nature is MailNature.PERSONAL


def test_the_returned_mails_id_is_among_the_references_of_a_bounce() -> None:
    raw = (
        "From: MAILER-DAEMON@mx.example\nSubject: failure notice\nContent-Type: multipart/mixed;"
        " boundary=a\n\n--a\n\nSorry.\n--a\nContent-Type: message/rfc822\n\n"
        "Message-ID: <lotsen.1.cpx@lotskoping.example>\nSubject: hej\n\nhej\n--a--\n"
    )

    assert read(raw.encode()).references == ("lotsen.1.cpx@lotskoping.example",)
