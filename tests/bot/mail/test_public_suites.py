"""The raw mails of public test suites, which lie beside the project and not in it."""

import os
from pathlib import Path

import pytest

from tests.bot.mail.own_mails import own_mails
from tests.mail_fuzz import LONGEST_SECONDS, fuzz
from tests.mail_report import Report, measure

SUITES = Path(__file__).parents[4] / "shared" / "mail"
MET_AT_LEAST = 0.98


@pytest.fixture(scope="module")
def report() -> Report:
    if not SUITES.is_dir():
        if os.environ.get("CI") == "true":
            pytest.fail(f"the public mail suites are missing: {SUITES.name}")
        pytest.skip("the public mail suites are not on this machine")
    return measure(SUITES)


def test_every_public_mail_is_read_without_a_crash(report: Report) -> None:
    assert sum(report.files.values()) > 500
    assert sum(report.unreadable.values()) <= 1  # one file is empty


def test_what_the_authors_state_is_met(report: Report) -> None:
    assert report.share_met >= MET_AT_LEAST, report.failures


def test_no_public_mail_takes_long(report: Report) -> None:
    assert report.slowest_seconds < LONGEST_SECONDS


def test_broken_mails_neither_crash_the_reader_nor_hold_it_up() -> None:
    mails = [mail.raw for mail in own_mails()]

    slowest, at = fuzz(mails, number=800, seed=1)

    assert slowest < LONGEST_SECONDS, f"mutation {at}"
