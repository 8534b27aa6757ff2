"""The reminder sweep: what is due and has no ledger row, gathered to one digest a person and day.

Due work is computed on every sweep from what is stored (ADR 0005). A digest that may not go out
now, or whose receiver has had one today, leaves no row and so moves to the next sending day.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from handlers import notices
from handlers.domain.deadline import local_date, may_send
from handlers.domain.people import Person
from handlers.municipality import Municipality
from handlers.ports import UnitOfWork
from handlers.records import CaseEvent, DueCase
from handlers.reminder_rules import ReminderRule


@dataclass(frozen=True, slots=True, kw_only=True)
class DueReminder:
    rule: ReminderRule
    case: DueCase
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    reminders_by_rule: dict[str, int]
    digests: int


def due_reminders(uow: UnitOfWork, today: date, municipality: Municipality) -> list[DueReminder]:
    """Return for every open case its newest due rung that has not been sent.

    The rungs are asked from the last to the first; a case that has had a rung, or a later one,
    is not given an earlier one any more (architecture decision 9).
    """
    organisation = uow.organisation
    rules = municipality.reminder_rules
    found: list[DueReminder] = []
    seen: set[str] = set()
    for position in range(len(rules) - 1, -1, -1):
        rule = rules[position]
        cases = uow.cases.due(
            statuses=rule.states,
            received_until=rule.received_until(today),
            target_until=rule.target_until(today),
            rule_ids=tuple(later.id for later in rules[position:]),
        )
        fresh = [case for case in cases if case.case_id not in seen]
        seen.update(case.case_id for case in fresh)
        for case in fresh:
            person = rule.receiver(organisation, case, today)
            found.append(DueReminder(rule=rule, case=case, person=person))
    return found


def queue_due_reminders(uow: UnitOfWork, now: datetime, municipality: Municipality) -> Sweep:
    """Queue one digest for everybody who has something due, inside the sending hours only."""
    counted: dict[str, int] = defaultdict(int)
    if not may_send(now, municipality.is_working_day):
        return Sweep(reminders_by_rule={}, digests=0)
    today = local_date(now)
    by_person: dict[str, list[DueReminder]] = defaultdict(list)
    for due in due_reminders(uow, today, municipality):
        by_person[due.person.id].append(due)
    digests = 0
    for person_id, due_of_person in by_person.items():
        if uow.ledger.has_digest(person_id, today):
            continue
        sent = _queue_digest(uow, due_of_person, now, municipality)
        digests += bool(sent)
        for due in sent:
            counted[due.rule.id] += 1
    return Sweep(reminders_by_rule=dict(counted), digests=digests)


def _queue_digest(
    uow: UnitOfWork, due: list[DueReminder], now: datetime, municipality: Municipality
) -> list[DueReminder]:
    """Return what was sent; nothing when another process was faster with this digest."""
    person, today = due[0].person, local_date(now)
    oldest_first = sorted(due, key=lambda one: (one.case.target_on, one.case.number))
    lines = [_line(one, municipality) for one in oldest_first]
    if not notices.queue(uow, notices.digest(person, lines, today, municipality), now):
        return []
    for one in oldest_first:
        uow.ledger.add(
            case_id=one.case.case_id, rule_id=one.rule.id, person_id=person.id, sent_on=today
        )
        uow.cases.add_event(
            CaseEvent(
                case_id=one.case.case_id,
                at=now,
                actor_id="system",
                kind="reminded",
                values={"rule": one.rule.id, "to": person.id},
            )
        )
    return oldest_first


def _line(due: DueReminder, municipality: Municipality) -> str:
    say, language = municipality.catalogue.get, due.person.language
    return say(
        "notice.digest_line",
        language,
        number=due.case.number,
        duty=say(f"duty.{due.rule.duty}", language),
        due_on=due.case.target_on.isoformat(),
        link=municipality.case_link(due.case.case_id),
    )
