"""What an alert rule asks or advises beside its alert: whether the police know, what to keep.

Which rule does is data (`asks` and `advises` in alert_rules.toml); the words are in the texts.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.alert_rules import ANSWERS, AlertRules
from handlers.desk import Desk, open_case, saved
from handlers.domain.case import Case
from handlers.errors import UserFault
from handlers.permissions import Action as Right
from handlers.records import Alert, CaseEvent

_SUFFIX = "_answered"  # of the kind of the line in the case's history that is the answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question and its last answer, which stands in the history with who and when."""

    question: str
    answer: str = ""
    by: str = ""
    at: datetime | None = None

    @property
    def answers(self) -> tuple[str, ...]:
        return ANSWERS[self.question]


def questions_of(
    alerts: Iterable[Alert], events: Sequence[CaseEvent], rules: AlertRules
) -> tuple[Asked, ...]:
    """Return what the rules of these alerts ask, with what the history says of it."""
    ids = [rule_id for alert in alerts for rule_id in alert.rule_ids]
    questions = dict.fromkeys(rule.asks for rule in rules.active(ids) if rule.asks)
    return tuple(_with_answer(question, events) for question in questions)


def advice_of(category: str, rule_ids: Collection[str], rules: AlertRules) -> tuple[str, ...]:
    """Return the advice that an event's category or the rules that it set off call for."""
    called = (
        rule
        for rule in rules.active(rules.rules)
        if rule.id in rule_ids or (rule.category and rule.category == category)
    )
    return tuple(dict.fromkeys(rule.advises for rule in called if rule.advises))


def words_for(advice: Collection[str], *, staff: bool) -> tuple[str, ...]:
    """Return the text keys of an advice; a relative has no manager to give the device to."""
    return tuple(f"aside.{one}" if staff else f"aside.{one}_outside" for one in advice)


def asked_in(desk: Desk, case: Case) -> tuple[Asked, ...]:
    alerts, events = desk.uow.alerts.of_case(case.id), desk.uow.cases.events(case.id)
    return questions_of(alerts, events, desk.municipality.alert_rules)


def advice_in(desk: Desk, case: Case) -> tuple[str, ...]:
    rule_ids = {one for alert in desk.uow.alerts.of_case(case.id) for one in alert.rule_ids}
    return advice_of(case.category, rule_ids, desk.municipality.alert_rules)


def answer(desk: Desk, *, question: str, said: str) -> Case:
    """Keep an answer; a later one is added, so that the history shows both."""
    case = open_case(desk, Right.COMMENT)
    asked = asked_in(desk, case)
    if not any(one.question == question and said in one.answers for one in asked):
        raise UserFault("fault.bad_input")
    return saved(desk, case, f"{question}{_SUFFIX}", answer=said)


def _with_answer(question: str, events: Sequence[CaseEvent]) -> Asked:
    given = [event for event in events if event.kind == f"{question}{_SUFFIX}"]
    if not given:
        return Asked(question=question)
    last = given[-1]
    return Asked(question=question, answer=last.values["answer"], by=last.actor_id, at=last.at)
