"""What the model calls irrelevant although it is not the model's to judge."""

from dataclasses import replace

import pytest

from bot.mail.language import is_readable
from bot.mail.phrases import mail_phrases
from handlers.domain.case import CaseKind
from handlers.mail_intake import IRRELEVANT
from handlers.ports import PersonalDataSpan, TextAnalysis, TextAnalyst
from tests.bot.post import Post
from tests.lotskoping import Lotskoping

FOREIGN = {
    "Arabic": "حال أمي سيء في دار الرعاية ولا أحد يساعدها",
    "Finnish": "Äitini kaatui hoitokodissa eikä kukaan tullut auttamaan koko yönä",
    "German": "Meine Mutter ist im Heim gestürzt und niemand kam die ganze Nacht.",
    "Polish": "Moja mama upadła w domu opieki i nikt nie przyszedł przez całą noc",
}
READ = {
    "Swedish": "Mamma föll i natt och ingen kom förrän på morgonen.",
    "a note": "Fel dos Alvedon kvällen, ssk kontaktad, pat mår bra.",
    "without rings and dots": "hon fick ingen mat pa hela dagen sa hon var hungrig",
    "English": "My mother fell and nobody came all night.",
    "two words": "Kall mat",
    "nothing": "",
}


class SaysIrrelevant:
    """A model that finds nothing of care in any text."""

    def __init__(self, keywords: TextAnalyst) -> None:
        self._keywords = keywords

    def analyse(self, text: str, *, subject: str = "") -> TextAnalysis:
        return replace(self._keywords.analyse(text, subject=subject), kind=IRRELEVANT)

    def personal_data_in(self, text: str) -> tuple[PersonalDataSpan, ...]:
        return self._keywords.personal_data_in(text)


@pytest.fixture
def post(lotskoping: Lotskoping) -> Post:
    services = lotskoping.services
    judged = replace(services, analyst=SaysIrrelevant(services.analyst))
    return Post(Lotskoping(judged, lotskoping.clock))


def test_a_mail_in_swedish_about_something_else_is_held(post: Post):
    post.comes("Vi säljer kontorsstolar och har nu ett bra pris på alla modeller.")
    assert post.outcomes() == ["irrelevant"]


@pytest.mark.parametrize("text", FOREIGN.values(), ids=FOREIGN)
def test_a_mail_in_another_language_becomes_a_case_and_gets_a_receipt(post: Post, text: str):
    post.comes(text, Subject="")
    assert post.outcomes() == ["case"]
    assert len(post.sent_to("anna@mail.example")) == 1


@pytest.mark.parametrize("text", READ.values(), ids=READ)
def test_what_the_model_was_trained_on_is_readable(text: str):
    assert is_readable(text, mail_phrases())


def test_a_mail_with_a_cases_number_is_for_a_person_to_judge(post: Post):
    post.comes(FOREIGN["Polish"])
    post.comes("Något nytt?", From="bo@other.example", Subject="SYN-2026-00001")
    assert post.outcomes() == ["case", "case"]
    first, second = post.cases()
    assert "may_belong" in post.history(second)
    assert "may_belong_later" in post.history(first)


def test_an_empty_mail_is_a_complaint_without_a_category(post: Post):
    post.comes("", Subject="")
    [case] = post.cases()
    assert (case.kind, case.category) == (CaseKind.COMPLAINT, "")
