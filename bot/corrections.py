"""What people on the site have corrected, as masked texts that a model can learn from."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from bot.app import Services
from bot.sending import own_words
from handlers.case_records import Verdict
from handlers.domain.case import Case, CaseKind
from handlers.ports import UnitOfWork
from handlers.records import Alert
from nlp.corpus_file import CATEGORY, KIND, SERIOUS, CorpusText
from nlp.personal_data import PersonalDataFinder, mask
from nlp.serious import RULE_IDS

BY_MANAGER = "manager"  # the case's category_source; who and when stands in its history
KIND_CHANGED = "kind_changed"  # the event that keeps who and when, and what stood there before


def corrected_texts(services: Services, finder: PersonalDataFinder) -> tuple[CorpusText, ...]:
    """Cases of which somebody has changed category or kind, or judged the alert, oldest first.

    Personal data is masked. Each says of what somebody has judged it; the rest teaches nothing.
    """
    with services.unit_of_work(read_only=True) as uow:
        verdicts = _verdicts(uow)
        found = [
            (case, judged, "\n".join(_words(services, uow, case)))
            for case in uow.cases.listed(None, open_only=False)
            if (judged := _judged(uow, case, verdicts))
        ]
    return tuple(
        CorpusText(
            text_id=f"case-{case.id}",
            voice="other",
            kind=case.kind if KIND in judged else CaseKind.DEVIATION,
            category=case.category or None,
            medical_harm=verdicts.get(case.id, False) and case.possible_medical_harm,
            misconduct=verdicts.get(case.id, False) and case.possible_misconduct,
            text=mask(text, finder.spans(text)),
            judged=judged,
        )
        for case, judged, text in found
        if text.strip()
    )


def _judged(uow: UnitOfWork, case: Case, verdicts: Mapping[str, bool]) -> frozenset[str]:
    judged = set()
    if case.category_source == BY_MANAGER:
        judged.add(CATEGORY)
    # No mail is an authority's by its words alone.
    if case.kind != CaseKind.AUTHORITY and any(
        event.kind == KIND_CHANGED for event in uow.cases.events(case.id)
    ):
        judged.add(KIND)
    right = verdicts.get(case.id)
    flagged = case.possible_medical_harm or case.possible_misconduct
    if right is False or (right and flagged):
        judged.add(SERIOUS)
    return frozenset(judged)


def _verdicts(uow: UnitOfWork) -> dict[str, bool]:
    """Return for each case whether the alerts that its text raised were right, where judged.

    One that somebody found right outweighs the others: nothing is unlearnt while people differ.
    """
    given = defaultdict(list)
    for verdict in uow.work.verdicts.where():
        given[verdict.alert_id].append(verdict.verdict)
    found: dict[str, bool] = {}
    for alert in uow.alerts.all():
        if alert.id in given and _is_of_the_text(alert):
            right = Verdict.RIGHT in given[alert.id]
            found[alert.case_id] = found.get(alert.case_id, False) or right
    return found


def _is_of_the_text(alert: Alert) -> bool:
    """Whether text or first answers raised it, not a score, a series or the way of a case."""
    return alert.key.startswith(f"case:{alert.case_id}/report/") and RULE_IDS.issuperset(
        alert.rule_ids
    )


def _words(services: Services, uow: UnitOfWork, case: Case) -> Iterator[str]:
    """The text that the category was suggested from: the first report, or the first letter."""
    report = uow.reports.of_case(case.id)
    if report is not None and report.form_id in services.forms:
        yield own_words(services.forms[report.form_id], report.answers)
        return
    for letter in uow.letters.of_case(case.id)[:1]:
        yield from (letter.subject, letter.text)
