"""Receipts by mail: what happens next, and at most two plain questions.

They never repeat text or subject, nor that anybody gets care. Who it is about is never asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers.domain.case import Case, CaseKind
from handlers.domain.mail import SenderRole
from handlers.domain.report import Reporter
from handlers.domain.sign import Sign
from handlers.municipality import Municipality
from handlers.notices import MAIL
from handlers.records import OutboxMessage, Purpose

_FORMAL = frozenset({SenderRole.AUTHORITY, SenderRole.PROVIDER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What stands in a receipt because of what the mail says, or does not say.

    `link` leads to the dialogue.
    """

    questions: Sequence[str] = ()  # of "unit" and "when"
    link: str = ""
    advice: Sequence[str] = ()  # text keys of what to do at once, such as to keep a device


def receipt_by_mail(
    case: Case,
    reporter: Reporter,
    role: SenderRole,
    asked: Asked,
    municipality: Municipality,
    *,
    answer_on: date,
    in_reply_to: str = "",
) -> OutboxMessage:
    say = municipality.catalogue.get
    language = reporter.language
    text = say(
        f"receipt.{_text_for(role, case)}",
        language,
        number=case.number,
        answer_on=answer_on.isoformat(),
        contact=municipality.contact,
        municipality=municipality.name,
        questions=_advice(asked, language, municipality)
        + _questions(asked, language, municipality),
        form=municipality.report_link("deviation"),
    )
    return OutboxMessage(
        dedupe_key=f"case:{case.id}/receipt",
        channel=MAIL,
        recipient=reporter.address,
        subject=say("receipt.mail_subject", language, number=case.number),
        text=text,
        purpose=Purpose.RECEIPT,
        case_id=case.id,
        language=language,
        in_reply_to=in_reply_to,
        text_version=municipality.catalogue.version,
    )


def _text_for(role: SenderRole, case: Case) -> str:
    """Return which text fits: only a complaint is promised an answer to a complaint."""
    if role == SenderRole.STAFF:
        return "mail_staff"
    if role in _FORMAL:
        return "mail_formal"
    if Sign.DOCUMENTS in case.signs:
        return "mail_documents"
    return "mail_praise" if case.kind == CaseKind.PRAISE else "mail"


def _advice(asked: Asked, language: str, municipality: Municipality) -> str:
    return "".join(f"{municipality.catalogue.get(key, language)}\n\n" for key in asked.advice)


def _questions(asked: Asked, language: str, municipality: Municipality) -> str:
    """Return the paragraph with what we ask for, with its empty line after; '' for nothing."""
    if not asked.questions:
        return ""
    say = municipality.catalogue.get
    lines = "\n".join(f"- {say(f'receipt.ask_{one}', language)}" for one in asked.questions)
    return say("receipt.questions", language, lines=lines, link=asked.link) + "\n\n"
