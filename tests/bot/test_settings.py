"""Settings of closed days, single and spans, and settings that are left empty."""

from datetime import date, datetime

import pytest

from bot.calendar import swedish_working_days
from bot.config import ChatPolicy, load_settings
from handlers.domain.deadline import STOCKHOLM, next_sending_moment
from handlers.errors import ConfigurationFault


def test_days_and_spans_are_both_taken():
    settings = load_settings(_env_file=None, closures="2026-05-15, 2026-07-06..2026-07-08")
    assert settings.closures == (
        date(2026, 5, 15),
        date(2026, 7, 6),
        date(2026, 7, 7),
        date(2026, 7, 8),
    )


@pytest.mark.parametrize("text", ["2026-07-08..2026-07-06", "2026-01-01..2026-12-31", "maj"])
def test_a_span_that_makes_no_sense_is_named(text: str):
    with pytest.raises(ConfigurationFault, match="LOTSEN_CLOSURES"):
        load_settings(_env_file=None, closures=text)


def test_what_would_be_sent_on_a_closed_day_waits_for_the_next_working_day():
    closed = load_settings(_env_file=None, closures="2026-07-06..2026-07-08").closures
    works = swedish_working_days(frozenset(closed))
    friday_evening = datetime(2026, 7, 3, 18, tzinfo=STOCKHOLM)
    moment = next_sending_moment(friday_evening, works).astimezone(STOCKHOLM)
    assert moment == datetime(2026, 7, 9, 8, tzinfo=STOCKHOLM)


def test_a_setting_that_is_left_empty_keeps_its_default(monkeypatch: pytest.MonkeyPatch):
    for name in ("LOTSEN_OIDC_CA_FILE", "LOTSEN_MAIL_INBOX", "LOTSEN_CLOSURES"):
        monkeypatch.setenv(name, "")
    settings = load_settings(_env_file=None)
    assert (settings.oidc_ca_file, settings.mail_inbox, settings.closures) == (None, None, ())


def test_the_policy_is_the_one_setting_of_all_chats(monkeypatch: pytest.MonkeyPatch):
    assert load_settings(_env_file=None).chat_policy == ChatPolicy.DIALOG
    monkeypatch.setenv("LOTSEN_CHAT_POLICY", "strict")
    assert load_settings(_env_file=None).chat_policy == ChatPolicy.STRICT
    monkeypatch.setenv("LOTSEN_CHAT_POLICY", "sometimes")
    with pytest.raises(ConfigurationFault, match="LOTSEN_CHAT_POLICY"):
        load_settings(_env_file=None)
