"""What managers have corrected, as masked texts that a model can learn from on the site."""

from collections.abc import Iterator

from bot.app import Services
from bot.sending import own_words
from handlers.domain.case import Case
from handlers.ports import UnitOfWork
from nlp.corpus_file import CorpusText
from nlp.personal_data import PersonalDataFinder, mask

BY_MANAGER = "manager"  # the case's category_source; who and when stands in its history


def corrected_texts(services: Services, finder: PersonalDataFinder) -> tuple[CorpusText, ...]:
    """Cases whose category a manager has chosen, oldest first, with personal data masked."""
    with services.unit_of_work(read_only=True) as uow:
        chosen = [
            case
            for case in uow.cases.listed(None, open_only=False)
            if case.category_source == BY_MANAGER
        ]
        texts = [(case, "\n".join(_words(services, uow, case))) for case in chosen]
    return tuple(
        CorpusText(
            text_id=f"case-{case.id}",
            voice="other",
            kind="deviation",
            category=case.category,
            text=mask(text, finder.spans(text)),
            only_category=True,
        )
        for case, text in texts
        if text.strip()
    )


def _words(services: Services, uow: UnitOfWork, case: Case) -> Iterator[str]:
    """The text that the category was suggested from: the first report, or the first letter."""
    report = uow.reports.of_case(case.id)
    if report is not None and report.form_id in services.forms:
        yield own_words(services.forms[report.form_id], report.answers)
        return
    for letter in uow.letters.of_case(case.id)[:1]:
        yield from (letter.subject, letter.text)
