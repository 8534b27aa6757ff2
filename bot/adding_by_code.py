"""More words from somebody without a name, who comes back with the code of the receipt.

What is kept of the person is what was kept before: the code's hash, and the hour.
"""

from collections.abc import Sequence
from hashlib import sha256

from bot.app import Services
from bot.receipt_codes import hash_of
from handlers.dialogue.state import DialogueState, DraftStatus
from handlers.domain.report import Answer
from handlers.domain.text import clean
from handlers.own_reports import ADDED, add_to_case
from handlers.records import Draft, SentReport
from storage.unit_of_work import SqlUnitOfWork

FORM = "addition"
CHANNEL = "webchat"


def add_by_code(services: Services, code: str, said: str, once: str) -> bool:
    """Put words into what was sent with a code; False for no words or a wrong code.

    `once` is of the page that they were written on: sent again, they stand there once.
    """
    code_hash, words = hash_of(code, services.secret), clean(said)
    analysis = services.analyst.analyse(words)
    with services.unit_of_work() as uow:
        sent = uow.reports.sent_with_code(code_hash)
        if not sent or not words:
            return False
        draft = _draft(services, uow, sent, words, f"{code_hash}/{once}")
        if uow.reports.case_number_of_draft(draft.id) is None:
            told_at, municipality = services.clock(), services.municipality
            add_to_case(uow, draft, draft.created_at, municipality, analysis, told_at=told_at)
            uow.commit()
    return True


def _draft(
    services: Services, uow: SqlUnitOfWork, sent: Sequence[SentReport], words: str, name: str
) -> Draft:
    report = uow.reports.of_case(sent[0].case.id)
    hour = services.clock().replace(minute=0, second=0, microsecond=0)
    draft_id = f"code:{sha256(name.encode()).hexdigest()[:40]}"
    state = DialogueState(
        draft_id=draft_id,
        form_id=FORM,
        form_version=services.forms[FORM].version,
        language=report.reporter.language if report else "sv",
        answers={ADDED: Answer(text=words)},
        status=DraftStatus.SUBMITTED,
        about=_newest_shown(sent),
        anonymous=True,
    )
    return Draft(
        id=draft_id,
        channel=CHANNEL,
        conversation_id="",
        person_id="",
        state=state,
        created_at=hour,
        updated_at=hour,
    )


def _newest_shown(sent: Sequence[SentReport]) -> str:
    """Return the number of the case that goes on: not one that waits to be looked at beside it."""
    shown = [one.case.number for one in sent if not one.case.is_held]
    return shown[-1] if shown else sent[0].case.number
