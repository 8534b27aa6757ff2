"""The messages that carry an answer, or say where it can be read, in words that fit its matter."""

from handlers.case_records import ComplaintAnswer
from handlers.domain.case import FROM_OUTSIDE, Case, CaseKind
from handlers.domain.report import Reporter
from handlers.municipality import Municipality
from handlers.notices import MAIL
from handlers.records import OutboxMessage, Purpose

# Only who complains is told where else to turn; an authority is not told to turn to one.
_TEXTS = {CaseKind.COMPLAINT: "answer", CaseKind.AUTHORITY: "answer_formal"}


def matter_of(case: Case) -> str:
    """Return what the sender sent, as the texts of the page with the answer name it."""
    return str(case.kind) if case.kind in FROM_OUTSIDE else "report"


def answer_itself(
    case: Case, written: ComplaintAnswer, reporter: Reporter, municipality: Municipality
) -> OutboxMessage:
    """The whole answer, where the matter came from; never when it is about a person by mail."""
    say, language = municipality.catalogue.get, reporter.language
    return OutboxMessage(
        dedupe_key=f"answer:{written.id}",
        channel=reporter.channel,
        recipient=reporter.address,
        subject=say(f"notice.{_subject(case, 'answer_subject')}", language, number=case.number),
        text=say(
            f"notice.{_TEXTS.get(case.kind, 'answer_plain')}",
            language,
            number=case.number,
            explanation=written.explanation,
            measures=written.measures,
            municipality=municipality.name,
        ),
        purpose=Purpose.FEEDBACK,
        case_id=case.id,
        language=language,
        automatic=False,
    )


def answer_page(case: Case, written: ComplaintAnswer, municipality: Municipality) -> OutboxMessage:
    """That there is an answer, and where; not a word of it."""
    say, link = municipality.catalogue.get, municipality.answer_link(written.id)
    subject = _subject(case, "answer_page_subject")
    text = "answer_page_formal" if case.kind == CaseKind.AUTHORITY else "answer_page"
    return OutboxMessage(
        dedupe_key=f"answer:{written.id}/page/{written.codes_sent}",
        channel=MAIL,
        recipient=written.address,
        subject=say(f"notice.{subject}", written.language, number=case.number),
        text=say(
            f"notice.{text}",
            written.language,
            number=case.number,
            link=link,
            day=written.expires_at.date().isoformat(),
            municipality=municipality.name,
        ),
        purpose=Purpose.FEEDBACK,
        case_id=case.id,
        language=written.language,
        automatic=False,
        link=link,
    )


def answer_code(written: ComplaintAnswer, code: str, municipality: Municipality) -> OutboxMessage:
    """A one-time code alone: no number, no link, nothing to tie it to a case."""
    say = municipality.catalogue.get
    minutes = municipality.clocks.answer_page.code_minutes
    return OutboxMessage(
        dedupe_key=f"answer:{written.id}/code/{written.codes_sent}",
        channel=MAIL,
        recipient=written.address,
        subject=say("notice.answer_code_subject", written.language),
        text=say("notice.answer_code", written.language, code=code, minutes=minutes),
        purpose=Purpose.NOTICE,
        case_id=written.case_id,
        language=written.language,
    )


def _subject(case: Case, key: str) -> str:
    return "our_answer_subject" if case.kind == CaseKind.AUTHORITY else key
