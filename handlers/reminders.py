"""The reminder sweep: what is due and has no ledger row, gathered to one digest a person and day.

Due work is computed on every sweep from what is stored (ADR 0005). A digest that may not go out
now, or whose receiver has had one today, leaves no row and so moves to the next sending day.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from handlers import duties, notices
from handlers.alarm_gate import cases_waited_for
from handlers.digest_lines import Lines
from handlers.domain.deadline import add_working_days, local_date, may_send, told_until
from handlers.domain.people import Person
from handlers.duties import DueTask
from handlers.held_mail import HeldMail, held_mail
from handlers.municipality import Municipality
from handlers.nobody_there import NobodyThere, administrators, nobody_there
from handlers.notices import DigestLine
from handlers.ports import UnitOfWork
from handlers.records import CaseEvent, DueCase
from handlers.reminder_rules import ReminderRule
from handlers.snoozing import resting
from handlers.work_items import WorkItem, all_items


@dataclass(frozen=True, slots=True, kw_only=True)
class DueReminder:
    rule: ReminderRule
    case: DueCase
    person: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    reminders_by_rule: dict[str, int] = field(default_factory=dict)
    digests: int = 0


@dataclass(slots=True)
class _Digest:
    """What one person is to be told today."""

    person: Person
    cases: list[DueReminder] = field(default_factory=list)
    tasks: list[DueTask] = field(default_factory=list)
    work: list[WorkItem] = field(default_factory=list)
    letters: HeldMail | None = None
    nobody: NobodyThere | None = None


def due_reminders(uow: UnitOfWork, today: date, municipality: Municipality) -> list[DueReminder]:
    """Return for every open case its newest due rung that has not been sent.

    The rungs are asked from the last to the first; a case that has had a rung, or a later one,
    is not given an earlier one any more (architecture decision 9).
    """
    organisation = uow.organisation
    rules = municipality.reminder_rules
    found: list[DueReminder] = []
    seen: set[str] = set()
    at_rest = resting(uow, today)
    for position in range(len(rules) - 1, -1, -1):
        rule = rules[position]
        cases = uow.cases.due(
            statuses=rule.states,
            received_until=rule.received_until(today, municipality.is_working_day),
            target_until=rule.target_until(today),
            rule_ids=tuple(later.id for later in rules[position:]),
            kinds=rule.kinds,
            today=today,
            again_after=rule.again_after(today),
            promised=rule.promised,
        )
        left_out = seen | at_rest if rule.snooze else seen
        fresh = [case for case in cases if case.case_id not in left_out]
        seen.update(case.case_id for case in fresh)
        for case in fresh:
            person = rule.receiver(organisation, case, today)
            found.append(DueReminder(rule=rule, case=case, person=person))
    return found


def due_work(uow: UnitOfWork, now: datetime, municipality: Municipality) -> list[WorkItem]:
    """Return the pieces of work that whoever does them now is to be told of today."""
    today, works = local_date(now), municipality.is_working_day
    told_on = uow.waiting.told_on(told_until(today))
    until = max(
        add_working_days(today, rule.days_before, works)
        for rule in municipality.work_rules.values()
    )

    def is_due(kind: str, key: str, due_on: date) -> bool:
        return municipality.work_rules[kind].is_due(due_on, told_on.get(key), today, works)

    return [
        item
        for item in all_items(uow, municipality, now, until, is_due)
        if (item.tell_at_once and item.key not in told_on)
        or is_due(item.kind, item.key, item.due_on)
    ]


def queue_due_reminders(uow: UnitOfWork, now: datetime, municipality: Municipality) -> Sweep:
    """Queue one digest for everybody who has something due, inside the sending hours only."""
    if not may_send(now, municipality.is_working_day):
        return Sweep()
    today = local_date(now)
    counted: dict[str, int] = defaultdict(int)
    digests = 0
    waited_for = cases_waited_for(uow)
    for digest in _digests(uow, now, municipality):
        if uow.ledger.has_digest(digest.person.id, today):
            continue
        make = Lines(
            uow=uow,
            municipality=municipality,
            today=today,
            waited_for=waited_for,
            language=digest.person.language,
        )
        if not _queue_digest(uow, digest, make, now, municipality):
            continue
        digests += 1
        for due in digest.cases:
            counted[due.rule.id] += 1
    return Sweep(reminders_by_rule=dict(counted), digests=digests)


def _digests(uow: UnitOfWork, now: datetime, municipality: Municipality) -> list[_Digest]:
    """Return the digests in the order of the people's ids.

    Always the same order, so that two sweeps at once wait for each other and never in a ring.
    """
    found: dict[str, _Digest] = {}
    today = local_date(now)
    for due in due_reminders(uow, today, municipality):
        found.setdefault(due.person.id, _Digest(due.person)).cases.append(due)
    for task in duties.due_tasks(uow, today, municipality):
        found.setdefault(task.person.id, _Digest(task.person)).tasks.append(task)
    for item in due_work(uow, now, municipality):
        found.setdefault(item.person.id, _Digest(item.person)).work.append(item)
    held = held_mail(uow, municipality)
    for person in held.receivers(uow.organisation, today) if held else ():
        found.setdefault(person.id, _Digest(person)).letters = held
    for person in administrators(uow.organisation, now):
        nobody = nobody_there(uow, now, reader_id=person.id)
        if nobody is not None:
            found.setdefault(person.id, _Digest(person)).nobody = nobody
    for digest in found.values():
        digest.work.sort(key=lambda one: (one.due_on, one.case.number, one.key))
        digest.cases.sort(key=lambda one: (one.case.due_on, one.case.number))
        digest.tasks.sort(key=lambda one: (one.task.due_on, one.rule.id, one.task.scope))
    return [found[person_id] for person_id in sorted(found)]


def _lines_of(digest: _Digest, make: Lines) -> list[DigestLine]:
    lines = [make.of_case(one.case, one.rule.duty) for one in digest.cases]
    lines += [make.of_work(one) for one in digest.work]
    lines += [make.of_task(one) for one in digest.tasks]
    if digest.letters is not None:
        lines.append(make.of_letters(digest.letters))
    if digest.nobody is not None:
        lines.insert(0, make.of_nobody(digest.nobody))
    return lines


def _queue_digest(
    uow: UnitOfWork, digest: _Digest, make: Lines, now: datetime, municipality: Municipality
) -> bool:
    """Queue a digest with its ledger rows; False when another process was faster with it."""
    person, today = digest.person, local_date(now)
    lines = _lines_of(digest, make)
    if not notices.queue(uow, notices.digest(person, lines, today, municipality), now):
        return False
    for due in digest.cases:
        uow.ledger.add(
            case_id=due.case.case_id, rule_id=due.rule.id, person_id=person.id, sent_on=today
        )
        uow.cases.add_event(
            CaseEvent(
                case_id=due.case.case_id,
                at=now,
                actor_id="system",
                kind="reminded",
                values={"rule": due.rule.id, "to": person.id},
            )
        )
    for item in digest.work:
        uow.waiting.note_told(item.key, person.id, today)
    for task in digest.tasks:
        duties.note_reminded(uow, task.task, today)
    return True
