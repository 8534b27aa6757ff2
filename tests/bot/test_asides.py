"""What stands beside an alert: the question of the police, and the advice to keep a device."""

import re
from pathlib import Path
from typing import Any

import pytest

from handlers import alert_rules, asides
from handlers.dialogue.state import Prompt, PromptKind
from handlers.errors import ConfigurationFault, UserFault
from tests.bot.post import Post, body_of
from tests.bot.test_hidden_case import browser
from tests.lotskoping import INGER, MARIA, Lotskoping

NARCOTICS = "Tre Oxynorm saknas i narkotikaskåpet."
BRAKE = "Rullstolens broms gick sönder."
POLICE = "Är det anmält till polisen?"
BROKEN = "gick sönder och mamma ramlade."
KEEP = "Spara alla delar och förpackningen."


def test_missing_narcotics_ask_for_the_police_and_keep_who_answered_and_when(
    lotskoping: Lotskoping,
):
    case = lotskoping.report(NARCOTICS)
    maria = browser(lotskoping, MARIA)
    page = maria.get(f"/arenden/{case.id}").text
    assert POLICE in page
    assert "Ingen har svarat än." in page
    for answer in ("not_yet", "yes"):
        version = str(lotskoping.case(case.id).version)
        form = {"version": version, "question": "police", "answer": answer}
        assert maria.post(f"/arenden/{case.id}/fraga", data=form).status_code == 303
    page = maria.get(f"/arenden/{case.id}").text
    assert re.search(r"Ja\. Svar från Maria Lindqvall, \S+", page)
    assert f"{POLICE} Nej, inte än" in page
    with lotskoping.unit_of_work() as uow:
        alert = next(a for a in uow.alerts.of_case(case.id) if "A8" in a.rule_ids)
        answers = [e for e in uow.cases.events(case.id) if e.kind == "police_answered"]
    assert [(one.actor_id, one.values["answer"]) for one in answers] == [
        (MARIA, "not_yet"),
        (MARIA, "yes"),
    ]
    page = browser(lotskoping, INGER).get(f"/larm/{alert.id}").text
    assert POLICE in page
    assert "Svar från Maria Lindqvall" in page


@pytest.mark.parametrize("answer", ["", "maybe", "device"])
def test_only_an_answer_that_is_offered_is_kept(lotskoping: Lotskoping, answer: str):
    case = lotskoping.report(NARCOTICS)
    with lotskoping.unit_of_work() as uow, pytest.raises(UserFault):
        asides.answer(lotskoping.desk(uow, case, MARIA), question="police", said=answer)


def test_a_case_that_no_rule_asks_about_takes_no_answer(lotskoping: Lotskoping):
    case = lotskoping.report()
    assert POLICE not in browser(lotskoping, MARIA).get(f"/arenden/{case.id}").text
    with lotskoping.unit_of_work() as uow, pytest.raises(UserFault):
        asides.answer(lotskoping.desk(uow, case, MARIA), question="police", said="yes")


def test_a_failed_device_is_to_be_kept_says_the_receipt_and_the_case(lotskoping: Lotskoping):
    case = lotskoping.report(BRAKE, conversation="webchat:device")
    with lotskoping.unit_of_work() as uow:
        rules = {i for alert in uow.alerts.of_case(case.id) for i in alert.rule_ids}
    assert "A11" in rules
    assert KEEP in browser(lotskoping, MARIA).get(f"/arenden/{case.id}").text


def test_the_advice_follows_the_category_or_the_rule(lotskoping: Lotskoping):
    rules = lotskoping.services.municipality.alert_rules
    assert asides.advice_of("equipment", (), rules) == ("device",)
    assert asides.advice_of("fall", ("A11",), rules) == ("device",)
    assert asides.advice_of("fall", ("A9",), rules) == ()


def test_an_unknown_question_in_the_list_is_refused_by_name(tmp_path: Path):
    source = Path(alert_rules.__file__).with_suffix(".toml").read_text(encoding="utf-8")
    text = source.replace('asks = "police"', 'asks = "fire"')
    (tmp_path / "alert_rules.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationFault, match="A8"):
        alert_rules.load_alert_rules(tmp_path)


class Listening(Lotskoping):
    """Keeps what the reporter was told, in order."""

    def __init__(self, lotskoping: Lotskoping) -> None:
        super().__init__(lotskoping.services, lotskoping.clock)
        self.heard: list[Prompt] = []

    def say(self, text: str = "", **options: Any) -> tuple[Prompt, ...]:
        prompts = super().say(text, **options)
        self.heard += prompts
        return prompts


@pytest.mark.parametrize(("story", "is_told"), [(BRAKE, True), ("Hon ramlade i hallen.", False)])
def test_the_reporter_reads_the_advice_with_the_receipt(
    lotskoping: Lotskoping, story: str, is_told: bool
):
    listening = Listening(lotskoping)
    listening.report(story)
    *before, receipt = listening.heard[-2:]
    assert receipt.kind == PromptKind.RECEIPT
    assert any(KEEP in prompt.text for prompt in before) == is_told


@pytest.mark.parametrize(
    ("sender", "told", "not_told"),
    [
        ("anna@mail.example", "Ge den till personalen.", "din chef"),
        (f"{MARIA}@lotskoping.example", "Ge allt till din chef.", "Ge den till personalen."),
    ],
)
def test_a_receipt_by_mail_says_that_a_failed_device_is_kept(
    lotskoping: Lotskoping, sender: str, told: str, not_told: str
):
    post = Post(lotskoping)
    post.comes(f"Rullstolens broms på Solrosens demensboende {BROKEN}", From=f"N <{sender}>")
    receipt = body_of(next(m for m in post.sent_to(sender) if "Vi har fått" in str(m["Subject"])))
    assert KEEP in receipt
    assert told in receipt
    assert not_told not in receipt


def test_a_receipt_of_anything_else_says_nothing_of_devices(lotskoping: Lotskoping):
    post = Post(lotskoping)
    post.comes("Maten på Solrosens demensboende är alltid kall.")
    assert KEEP not in body_of(post.sent_to("anna@mail.example")[0])
