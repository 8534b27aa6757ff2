"""The page with a code, and the mails around it, speak of what the sender sent."""

import re
from dataclasses import replace

import pytest

from handlers.case_records import AnswerWay
from handlers.domain.case import Case, CaseKind
from tests.bot.web.test_casework import Browser
from tests.handlers.test_complaints import complain, send_answer, to_sender
from tests.lotskoping import MARIA, Lotskoping

TITLES = {
    CaseKind.COMPLAINT: "Svar på ditt klagomål",
    CaseKind.AUTHORITY: "Vårt svar till er",
    CaseKind.SUGGESTION: "Svar på din synpunkt",
    CaseKind.PRAISE: "Svar på ditt beröm",
    CaseKind.DEVIATION: "Svar på din rapport",
    CaseKind.RISK: "Svar på din rapport",
}
ELSEWHERE = ("Patientnämnden", "IVO")


def written(lotskoping: Lotskoping, kind: CaseKind) -> Case:
    case = complain(lotskoping)
    with lotskoping.unit_of_work() as uow:
        saved = uow.cases.save(replace(case, kind=kind))
        uow.commit()
    return saved


@pytest.mark.parametrize("kind", CaseKind)
def test_the_page_names_what_was_sent_when_the_code_is_right_and_nothing_before(
    lotskoping: Lotskoping, kind: CaseKind
):
    answer = send_answer(lotskoping, written(lotskoping, kind), way=AnswerWay.CODE_BY_MAIL)
    sender = Browser(lotskoping, "")
    closed = sender.page(f"/svar/{answer.id}")
    assert "<h1>Ett svar till dig</h1>" in closed
    assert not any(word in closed for word in ("klagomål", *ELSEWHERE))
    sender.client.post(f"/svar/{answer.id}/kod")
    [code] = [q.message.text for q in to_sender(lotskoping) if q.message.subject == "Din kod"]
    digits = re.findall(r"\d{8}", code)[0]
    page = sender.client.post(f"/svar/{answer.id}", data={"code": digits}).text
    assert f"<h1>{TITLES[kind]}</h1>" in page
    assert f"<title>{TITLES[kind]}" in page
    complained = kind == CaseKind.COMPLAINT
    assert [word in page for word in ("klagomål", *ELSEWHERE)] == [complained] * 3
    happened = kind in (CaseKind.COMPLAINT, CaseKind.AUTHORITY)
    assert ("Så här hände det" in page) == happened


@pytest.mark.parametrize("kind", CaseKind)
@pytest.mark.parametrize("way", [AnswerWay.MAIL, AnswerWay.CODE_BY_MAIL])
def test_no_mail_with_or_about_an_answer_calls_it_what_it_is_not(
    lotskoping: Lotskoping, kind: CaseKind, way: AnswerWay
):
    about = way != AnswerWay.MAIL
    send_answer(lotskoping, written(lotskoping, kind), way=way, about=about)
    [mail] = [one.message for one in to_sender(lotskoping)]
    text = mail.subject + mail.text
    to_an_office = kind == CaseKind.AUTHORITY
    assert ("ditt ärende" in text.lower() or "på dig" in text) != to_an_office
    turned = way == AnswerWay.MAIL and kind == CaseKind.COMPLAINT
    assert [word in text for word in ELSEWHERE] == [turned] * 2
    assert "klagomål" not in text


def test_nobody_is_asked_to_confirm_a_complaint_that_is_praise(lotskoping: Lotskoping):
    case = written(lotskoping, CaseKind.PRAISE)
    confirm_on = lotskoping.services.municipality.confirm_for(CaseKind.PRAISE, case.received_on)
    with lotskoping.unit_of_work() as uow:
        case = uow.cases.save(replace(case, confirm_on=confirm_on, confirmed_at=None))
        uow.commit()
    maria = Browser(lotskoping, MARIA)
    maria.do(case, "ta-emot")
    page = maria.page(f"/arenden/{case.id}")
    assert "Bekräfta för den som skrev" in page
    assert "Bekräfta klagomålet" not in page
