"""The reminder sweep: what is due and has no ledger row, gathered to one digest a person and day.

Due work is computed on every sweep from what is stored (ADR 0005). A digest that may not go out
now, or whose receiver has had one today, leaves no row and so moves to the next sending day. So
does what a digest has no room for and only counts.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from handlers import duties, notices
from handlers.alarm_gate import cases_waited_for
from handlers.chairs import organisation_of_due
from handlers.digest_lines import Lines, Step
from handlers.digest_room import MOST, Waiting, fitting
from handlers.domain.deadline import add_working_days, local_date, may_send, told_until
from handlers.domain.people import Person
from handlers.duties import DueTask
from handlers.gravity import Gravity, gravity_of
from handlers.held_mail import HeldMail, held_mail
from handlers.municipality import Municipality
from handlers.nobody_there import NobodyThere, administrators, nobody_there
from handlers.notices import DigestLine
from handlers.ports import UnitOfWork
from handlers.records import CaseEvent, DueCase
from handlers.reminder_rules import OTHERS_DUTIES, ReminderRule
from handlers.snoozing import resting
from handlers.work_items import WorkItem, all_items


@dataclass(frozen=True, slots=True, kw_only=True)
class DueReminder:
    rule: ReminderRule
    case: DueCase
    person: Person


Thing = DueReminder | WorkItem | DueTask


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    reminders_by_rule: dict[str, int] = field(default_factory=dict)
    digests: int = 0


@dataclass(slots=True)
class _Digest:
    """What one person is to be told today."""

    person: Person
    things: list[Thing] = field(default_factory=list)
    letters: HeldMail | None = None
    nobody: NobodyThere | None = None

    @property
    def count(self) -> int:
        return len(self.things) + (self.letters is not None) + (self.nobody is not None)


@dataclass(frozen=True, slots=True)
class _Shown:
    alone: list[Thing]
    together: list[Thing]  # by number, under the step that they share

    @property
    def all(self) -> list[Thing]:
        return self.alone + self.together


def due_reminders(uow: UnitOfWork, today: date, municipality: Municipality) -> list[DueReminder]:
    """Return for every open case its newest due rung that has not been sent.

    The rungs are asked from the last to the first; a case that has had a rung, or a later one,
    is not given an earlier one any more (architecture decision 9).
    """
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
            organisation = organisation_of_due(uow, case.case_id, today)
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
    told_on = uow.waiting.told_on(told_until(today))
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
        shown = _shown(uow, digest, municipality, told_on)
        if not _queue_digest(uow, digest, shown, make, now):
            continue
        digests += 1
        for thing in shown.all:
            if isinstance(thing, DueReminder):
                counted[thing.rule.id] += 1
    return Sweep(reminders_by_rule=dict(counted), digests=digests)


def _digests(uow: UnitOfWork, now: datetime, municipality: Municipality) -> list[_Digest]:
    """Return the digests in the order of the people's ids.

    Always the same order, so that two sweeps at once wait for each other and never in a ring.
    """
    found: dict[str, _Digest] = {}
    today = local_date(now)
    for due in due_reminders(uow, today, municipality):
        found.setdefault(due.person.id, _Digest(due.person)).things.append(due)
    for task in duties.due_tasks(uow, today, municipality):
        found.setdefault(task.person.id, _Digest(task.person)).things.append(task)
    for item in due_work(uow, now, municipality):
        found.setdefault(item.person.id, _Digest(item.person)).things.append(item)
    held = held_mail(uow, municipality)
    for person in held.receivers(uow.organisation, today) if held else ():
        found.setdefault(person.id, _Digest(person)).letters = held
    for person in administrators(uow.organisation, now):
        nobody = nobody_there(uow, now, reader_id=person.id)
        if nobody is not None:
            found.setdefault(person.id, _Digest(person)).nobody = nobody
    return [found[person_id] for person_id in sorted(found)]


def _shown(
    uow: UnitOfWork, digest: _Digest, municipality: Municipality, told_on: Mapping[str, date]
) -> _Shown:
    """Return what there is room for, in its order."""
    lines_of_their_own = (digest.letters is not None) + (digest.nobody is not None)
    waiting = [_waiting(uow, thing, municipality, told_on) for thing in digest.things]
    alone, together = fitting(waiting, MOST - lines_of_their_own)
    return _Shown([one.thing for one in alone], [one.thing for one in together])


def _waiting(
    uow: UnitOfWork, thing: Thing, municipality: Municipality, told_on: Mapping[str, date]
) -> Waiting[Thing]:
    gravity, works = Gravity.ORDINARY, municipality.is_working_day
    if isinstance(thing, DueTask):
        due_on, key = thing.task.due_on, f"{thing.rule.id}/{thing.task.scope}"
        since = thing.task.reminded_on or due_on
    elif isinstance(thing, WorkItem):
        gravity, due_on = gravity_of(uow, thing.case), thing.due_on
        key = f"{thing.case.number}/{thing.key}"
        rule = municipality.work_rules[thing.kind]
        gravity = Gravity.GRAVEST if rule.again_days == 1 else gravity  # what cannot wait a day
        since = told_on.get(thing.key, rule.first_on(due_on, works))
    else:
        case = uow.cases.find(thing.case.case_id)
        gravity = gravity_of(uow, case) if case else gravity
        due_on, key = thing.case.target_on, thing.case.number
        since = thing.rule.due_on(thing.case, works)
    return Waiting(thing=thing, gravity=gravity, due_on=due_on, key=key, since=since)


def _lines_of(digest: _Digest, shown: _Shown, make: Lines) -> list[DigestLine]:
    steps = [make.of_nobody(digest.nobody)] if digest.nobody is not None else []
    steps += [_step(thing, make) for thing in shown.alone]
    if digest.letters is not None:
        steps.append(make.of_letters(digest.letters))
    own = [_step(thing, make) for thing in shown.together if not _is_of_others(thing)]
    of_others = [_step(thing, make) for thing in shown.together if _is_of_others(thing)]
    others_left = sum(map(_is_of_others, digest.things)) - sum(map(_is_of_others, shown.all))
    own_left = len(digest.things) - len(shown.all) - others_left
    return [
        *map(make.alone, steps),
        *make.together(own),
        *make.together(of_others, make.municipality.late_link()),
        *make.of_the_rest(own=own_left, others=others_left),
    ]


def _step(thing: Thing, make: Lines) -> Step:
    if isinstance(thing, DueTask):
        return make.of_task(thing)
    if isinstance(thing, WorkItem):
        return make.of_work(thing)
    return make.of_case(thing.case, thing.rule.duty)


def _is_of_others(thing: Thing) -> bool:
    return isinstance(thing, DueReminder) and thing.rule.duty in OTHERS_DUTIES


def _queue_digest(
    uow: UnitOfWork, digest: _Digest, shown: _Shown, make: Lines, now: datetime
) -> bool:
    """Queue a digest with its ledger rows; False when another process was faster with it.

    What is only counted in it gets no row, and so is due again tomorrow.
    """
    person, today = digest.person, local_date(now)
    lines = _lines_of(digest, shown, make)
    messages = notices.digest(person, lines, digest.count, today, make.municipality)
    if not notices.queue(uow, messages, now):
        return False
    for thing in shown.all:
        if isinstance(thing, DueTask):
            duties.note_reminded(uow, thing.task, today)
        elif isinstance(thing, WorkItem):
            uow.waiting.note_told(thing.key, person.id, today)
        else:
            _note_rung(uow, thing, now)
    return True


def _note_rung(uow: UnitOfWork, due: DueReminder, now: datetime) -> None:
    case_id, person_id = due.case.case_id, due.person.id
    uow.ledger.add(
        case_id=case_id, rule_id=due.rule.id, person_id=person_id, sent_on=local_date(now)
    )
    uow.cases.add_event(
        CaseEvent(
            case_id=case_id,
            at=now,
            actor_id="system",
            kind="reminded",
            values={"rule": due.rule.id, "to": person_id},
        )
    )
