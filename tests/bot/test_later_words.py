"""What is told later, by letter or addition, is told on, whatever the case is marked for."""

import re

import pytest
from fastapi.testclient import TestClient

from bot.web.app import create_app
from handlers.dialogue.state import Command, Prompt, PromptKind
from handlers.domain.case import Case
from handlers.domain.people import Role
from handlers.domain.report import Answer
from handlers.filling import fill
from handlers.records import Alert
from tests.bot.post import Post, body_of
from tests.bot.test_own_reports import Person
from tests.lotskoping import CONVERSATION, Lotskoping

FELL = "Pappa föll på Solrosens demensboende och fick åka till sjukhus med bruten höft."
DIED = "Pappa dog i natt på grund av fallet. Han avled på sjukhuset."
LOCKED_IN = "Personalen låste in den boende i rummet."
ABUSED = "Han tog också hennes pengar och förgrep sig sexuellt på henne."
DOORS = (CONVERSATION, "slack:T:U", "teams:t:1")
LINK = re.compile(r"https?://[^/\s]+(/komplettera/\S+)")


@pytest.fixture
def post(lotskoping: Lotskoping) -> Post:
    return Post(lotskoping)


def alerts_of(lotskoping: Lotskoping, case: Case, role: str, rule_id: str) -> list[Alert]:
    with lotskoping.unit_of_work() as uow:
        found = uow.alerts.of_case(case.id)
    return [one for one in found if one.role == role and rule_id in one.rule_ids]


def add(lotskoping: Lotskoping, case: Case, text: str, conversation: str) -> Prompt:
    """Add words to a case, and return the receipt."""
    person = Person(lotskoping, conversation)
    person.turns = 100 + len(text)
    person.say(choice=f"add:{case.number}")
    prompt = person.say(text)[-1]
    while prompt.kind != PromptKind.RECEIPT:
        asked = Command.SUBMIT if prompt.kind == PromptKind.SUMMARY else Command.SKIP
        prompt = person.say(command=asked)[-1]
    return prompt


def replied(post: Post, *letters: str) -> Case:
    """Return the case of a fall that MAS has taken, after its sender has written again."""
    post.comes(FELL)
    [case] = post.cases()
    post.lotskoping.acknowledge_alerts(case)
    [receipt] = post.sent_to("anna@mail.example")
    for letter in letters:
        post.lotskoping.clock.advance(days=2)
        post.comes(letter, In_Reply_To=str(receipt["Message-ID"]))
    return case


def test_a_death_that_a_later_letter_tells_of_alerts_mas_though_the_fall_had(post: Post):
    case = replied(post, DIED)
    assert [one.urgent for one in alerts_of(post.lotskoping, case, "mas", "A1")] == [True]


def test_a_death_is_told_of_every_letter_even_while_the_last_alert_waits(post: Post):
    case = replied(post, DIED, "Han avled tidigare än ni säger. Ni lämnade honom på golvet.")
    assert len(alerts_of(post.lotskoping, case, "mas", "A1")) == 2


def test_what_still_waits_to_be_taken_is_not_told_twice(post: Post):
    case = replied(post, "Han föll från sängen och har en fraktur till.")
    assert len(alerts_of(post.lotskoping, case, "mas", "A9")) == 2
    [receipt] = post.sent_to("anna@mail.example")[:1]
    post.comes("Han föll och fick en fraktur!", In_Reply_To=str(receipt["Message-ID"]))
    assert len(alerts_of(post.lotskoping, case, "mas", "A9")) == 2


def test_the_registrator_is_told_when_a_later_letter_makes_a_complaint_serious(post: Post):
    post.comes("Jag vill klaga. Maten på Solrosens demensboende är alltid kall.")
    [case] = post.cases()
    [receipt] = post.sent_to("anna@mail.example")
    post.comes(DIED, In_Reply_To=str(receipt["Message-ID"]))
    assert alerts_of(post.lotskoping, case, Role.REGISTRATOR, "A15")


@pytest.mark.parametrize("conversation", DOORS)
def test_a_death_that_the_reporter_adds_alerts_mas(lotskoping: Lotskoping, conversation: str):
    fall = "Personen föll i duschen och fick åka till sjukhus."
    case = lotskoping.report(fall, harm="hospital", conversation=conversation)
    lotskoping.acknowledge_alerts(case)
    add(lotskoping, case, "Hon avled i natt på sjukhuset.", conversation)
    assert alerts_of(lotskoping, case, "mas", "A1")


@pytest.mark.parametrize("conversation", DOORS)
def test_abuse_and_theft_that_are_added_alert_sas_though_the_case_was_marked(
    lotskoping: Lotskoping, conversation: str
):
    case = lotskoping.report(LOCKED_IN, conversation=conversation)
    assert alerts_of(lotskoping, case, "sas", "A6")
    add(lotskoping, case, ABUSED, conversation)  # nobody has taken the first alert yet
    assert len(alerts_of(lotskoping, case, "sas", "A13")) == 1


def test_answer_and_words_of_one_addition_are_both_told(post: Post):
    """The form behind the receipt's link asks about harm, and has room for words."""
    post.comes("Ingen svarar när jag ringer.")
    found = LINK.search(body_of(post.sent_to("anna@mail.example")[0]))
    assert found
    answers = ("no", "week", "solrosen", "hospital")
    with TestClient(
        create_app(post.lotskoping.services), base_url="http://127.0.0.1:8000"
    ) as client:
        client.get(found[1])
        for data in (
            *({"choice": one} for one in answers),
            {"text": "Hon avled i natt på sjukhuset."},
            {"command": "submit"},
        ):
            client.post("/rapportera", data=data, headers={"Origin": "http://127.0.0.1:8000"})
    [case] = post.cases()
    [alert] = alerts_of(post.lotskoping, case, "mas", "A2")
    assert "A1" in alert.rule_ids
    assert alert.urgent


def test_harm_that_is_told_later_makes_the_case_graver_and_never_lighter(lotskoping: Lotskoping):

    case = lotskoping.report(harm="mild")
    with lotskoping.unit_of_work() as uow:
        municipality, now = lotskoping.services.municipality, lotskoping.clock()
        graver = fill(uow, case, {"harm": Answer(value="hospital")}, now, municipality)
        assert graver.harm == "hospital"
        lighter = fill(uow, graver, {"harm": Answer(value="nobody")}, now, municipality)
        assert lighter.harm == "hospital"
