"""What receivers thought of their alerts, and what that says of each rule.

More than three false alarms in ten and people stop reading, so the share is measured and shown.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from handlers.access import involved_in
from handlers.alert_chain import may_see
from handlers.case_records import AlertVerdict, Verdict
from handlers.errors import NotAllowed
from handlers.municipality import Municipality
from handlers.ports import UnitOfWork
from handlers.records import Alert, CaseEvent

BY_MODEL = "model"  # alerts that no rule named: the model alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """Of the alerts that somebody has judged."""

    rule_id: str  # empty: all of them
    raised: int
    judged: int
    right: int

    @property
    def share(self) -> float | None:
        return self.right / self.judged if self.judged else None


def judge(
    uow: UnitOfWork,
    alert_id: str,
    person_id: str,
    verdict: Verdict,
    now: datetime,
    municipality: Municipality,
) -> None:
    """Keep one person's verdict; the newest counts."""
    found = uow.alerts.find(alert_id)
    if found is None or not may_see(uow, found, person_id, now):
        raise NotAllowed(alert_id)
    given = AlertVerdict(
        id=municipality.new_id(), alert_id=alert_id, person_id=person_id, verdict=verdict, at=now
    )
    if not uow.work.verdicts.add(given):
        before = uow.work.verdicts.where(alert_id=alert_id, person_id=person_id)[0]
        uow.work.verdicts.save(replace(given, id=before.id))
    case = uow.cases.find(found.case_id) if found.case_id else None
    if case is not None:
        uow.cases.add_event(
            CaseEvent(
                case_id=case.id,
                at=now,
                actor_id=person_id,
                kind="alert_judged",
                values={"alert": alert_id, "verdict": verdict, "model": case.model_version},
            )
        )


def precision(
    uow: UnitOfWork, reader_id: str, *, since: datetime | None = None
) -> tuple[Precision, ...]:
    """Return the measured precision: first of all alerts, then of every rule that has raised.

    Alerts of cases that the reader is involved in are counted in none of them.
    """
    asked = (one for one in uow.alerts.all() if since is None or one.raised_at >= since)
    raised = [one for one in asked if reader_id not in involved_in(uow, one)]
    verdicts = _newest(uow.work.verdicts.where())
    by_rule: dict[str, list[Alert]] = defaultdict(list)
    for found in raised:
        for rule_id in found.rule_ids or (BY_MODEL,):
            by_rule[rule_id].append(found)
    ordered = sorted(by_rule, key=lambda rule_id: (len(rule_id), rule_id))
    return (
        _precision("", raised, verdicts),
        *(_precision(rule_id, by_rule[rule_id], verdicts) for rule_id in ordered),
    )


def of_alerts(uow: UnitOfWork, raised: Iterable[Alert]) -> Precision:
    """Return the measured precision of some alerts, say those that one person may see."""
    return _precision("", list(raised), _newest(uow.work.verdicts.where()))


def _newest(verdicts: Iterable[AlertVerdict]) -> dict[str, Verdict]:
    return {one.alert_id: one.verdict for one in verdicts}  # oldest first: the last one stays


def _precision(rule_id: str, raised: list[Alert], verdicts: dict[str, Verdict]) -> Precision:
    judged = [verdicts[found.id] for found in raised if found.id in verdicts]
    right = sum(verdict == Verdict.RIGHT for verdict in judged)
    return Precision(rule_id=rule_id, raised=len(raised), judged=len(judged), right=right)
