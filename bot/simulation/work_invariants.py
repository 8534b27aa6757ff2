"""What must hold of the work beside a case's next step, each with how often it was broken.

They ask what is stored and what was sent, not the rules that should have seen to it.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from handlers.case_handling import LONGEST_SNOOZE, MOST_SNOOZES
from handlers.case_records import Direction
from handlers.complaints import PAGES
from handlers.domain.case import Case, CaseStatus
from handlers.domain.deadline import before_working_days, local_date
from handlers.domain.people import FALLBACK
from handlers.municipality import Municipality
from handlers.records import CaseEvent
from storage import tables
from storage.unit_of_work import SqlUnitOfWork

_NOBODY = frozenset({"", "system", "reporter", FALLBACK})  # who acts and holds no office
_HIDDEN_BY = frozenset({"shielded", "shielded_after_look", "involved_named", "unit_changed"})
_NO_ANSWER_WAITED_FOR = frozenset({"automatic", "bounce"})
_PATIENCE = 5  # working days: a digest moves past weekends, and past whoever has had one today
_A_PROPOSAL_WAITS = 10  # working days at most without a word to anybody


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """What is read once for all of them."""

    uow: SqlUnitOfWork
    cases: Sequence[Case]
    now: datetime
    municipality: Municipality

    @property
    def today(self) -> date:
        return local_date(self.now)

    def working_days_ago(self, count: int) -> date:
        return before_working_days(self.today, count, self.municipality.is_working_day)

    def case(self, case_id: str) -> Case:
        return next(one for one in self.cases if one.id == case_id)

    def told(self) -> dict[str, tuple[date, str]]:
        """Return the last day on which somebody was told of each piece of work, and who."""
        table = tables.work_reminders
        rows = self.uow.connection.execute(select(table).order_by(table.c.sent_on))
        return {row.item: (row.sent_on, row.person_id) for row in rows}


def broken_in_the_work(
    uow: SqlUnitOfWork, cases: Sequence[Case], now: datetime, municipality: Municipality
) -> dict[str, int]:
    """Return every invariant by name and the number of violations; all should be 0."""
    store = Store(uow=uow, cases=cases, now=now, municipality=municipality)
    return {name: count(store) for name, count in INVARIANTS.items()}


def hidden_since(uow: SqlUnitOfWork, case: Case) -> datetime:
    """Return when everybody who is involved in a hidden case had been shut out of it."""
    hidden = (one.at for one in uow.cases.events(case.id) if one.kind in _HIDDEN_BY)
    return max(hidden, default=case.received_at)


def unseen_tracks(store: Store) -> int:
    """Count tracks under way without a leader, or past their clock with nobody told of it lately.

    Told means somebody who may know of the case. What the law wants at once is said every day, from
    when the track stands there: a step may be taken when its day has passed.
    """
    told, settled = store.told(), store.working_days_ago(_PATIENCE)
    found = 0
    for track in store.uow.work.tracks.where(ended_at=None):
        if not track.lead_id:
            found += 1
            continue
        here = store.uow.work.track_steps.where(track_id=track.id, step=track.step)
        came_on = local_date(max((one.taken_at for one in here), default=track.started_at))
        due_on = max(track.due_on or came_on, came_on)
        last_on, person_id = told.get(f"track/{track.id}/{track.step}", (date.min, ""))
        involved = store.case(track.case_id).manager_involved_ids
        found += due_on < settled and (last_on < settled or person_id in involved)
    return found


def stuck_exchanges(store: Store) -> int:
    """Count what we owe or wait for that nobody is chased for, and answers that were not sent."""
    outbox = tables.outbox.c
    keys = store.uow.connection.execute(
        select(outbox.dedupe_key).where(outbox.dedupe_key.startswith("exchange:"))
    ).scalars()
    said: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        exchange, _, what = key.removeprefix("exchange:").partition("/")
        said[exchange].append(what)
    found = 0
    for one in store.uow.work.exchanges.where():
        words = said[one.id]
        if one.answered_at is not None:
            ours = one.direction == Direction.IN and bool(one.address)
            found += ours and "answer" not in words
            continue
        every = store.municipality.clocks.exchanges[one.party_kind].chase_every_days
        settled = store.working_days_ago(_PATIENCE)
        late = one.due_on < settled
        chased = one.chased_on is not None and one.chased_on >= settled - timedelta(days=every)
        found += late and not (chased and any(word.startswith("late/") for word in words))
    return found


def acts_without_an_office(store: Store) -> int:
    """Count what people have read or done in cases on days when they held no office here."""
    organisation = store.uow.organisation
    seen: dict[tuple[str, date], bool] = {}

    def has_office(event: CaseEvent) -> bool:
        key = event.actor_id, local_date(event.at)
        if key not in seen:
            seen[key] = bool(organisation.assignments_of(*key))
        return seen[key]

    return sum(
        event.actor_id not in _NOBODY and not has_office(event)
        for case in store.cases
        for event in store.uow.cases.events(case.id)
    )


def acts_of_the_involved(store: Store) -> int:
    """Count what somebody has read or done in a case since it was hidden from them."""
    found = 0
    for case in store.cases:
        if not case.manager_involved_ids:
            continue
        hidden_at, events = hidden_since(store.uow, case), store.uow.cases.events(case.id)
        found += sum(
            one.actor_id in case.manager_involved_ids and one.at > hidden_at for one in events
        )
    return found


def untold_proposals(store: Store) -> int:
    """Count proposals to end a case that wait, and of which nobody else has had a word for long."""
    outbox, settled = tables.outbox.c, store.working_days_ago(_A_PROPOSAL_WAITS)
    told = store.told()
    found = 0
    for case in store.cases:
        asked = case.dismissal
        if not case.is_open or asked is None or local_date(asked.proposed_at) >= settled:
            continue
        first = select(outbox.created_at).where(
            outbox.dedupe_key.startswith(f"case:{case.id}/dismissal/"),
            outbox.person_id.not_in([asked.proposed_by, ""]),
        )
        days = [local_date(at) for at in store.uow.connection.execute(first).scalars()]
        again, person_id = told.get(f"dismissal/{case.id}", (date.min, ""))
        days += [again] if person_id != asked.proposed_by else []
        found += not any(day >= settled for day in days)
    return found


def unlisted_letters(store: Store) -> int:
    """Count letters to an event after its end that opened nothing and gave nobody anything to do.

    What is written to a merged report stands there, and its event ends with the case it went into.
    """
    letters, inbox = tables.letters.c, tables.inbox.c
    by_id = {one.id: one for one in store.cases}
    lives_in = {one.id: by_id.get(one.merged_into_id, one) for one in store.cases}
    ended = {case_id: one for case_id, one in lives_in.items() if one.closed_at is not None}
    rows = store.uow.connection.execute(
        select(letters.case_id, letters.received_at, inbox.outcome)
        .where(letters.case_id.in_(sorted(ended)))
        .where(inbox.id == letters.inbox_id)
    )
    found = 0
    for row in rows:
        closed_at = ended[row.case_id].closed_at
        by_itself = row.outcome.get("outcome") in _NO_ANSWER_WAITED_FOR
        if closed_at is None or row.received_at <= closed_at or by_itself:
            continue
        tasks = store.uow.work.tasks.where(case_id=row.case_id)
        found += not any(one.created_at >= row.received_at and one.owner_id for one in tasks)
    return found


def unseen_answers(store: Store) -> int:
    """Count answers on a page that has closed or will soon, not read, of which nobody was told."""
    told, last = store.told(), {}
    for one in store.uow.work.answers.where():
        last[one.case_id] = one
    soon = store.working_days_ago(_PATIENCE)
    keys = {key.rpartition("/")[0] for key in told}
    return sum(
        one.way in PAGES
        and one.opened_at is None
        and one.delivered_at is None
        and local_date(one.expires_at) < soon
        and not {f"unopened_answer/{one.id}", f"dead_code/{one.id}"} & keys
        for one in last.values()
    )


def untold_tasks(store: Store) -> int:
    """Count tasks and unanswered invitations long past their day without a word to anybody."""
    told, settled = store.told(), store.working_days_ago(_PATIENCE)
    tasks = [one for one in store.uow.work.tasks.where(done_at=None) if one.due_on < settled]
    gone = (CaseStatus.DISMISSED, CaseStatus.HANDED_ON)  # nothing is done there any more
    return sum(
        f"task/{one.id}" not in told and store.case(one.case_id).status not in gone for one in tasks
    )


def parts_left_behind(store: Store) -> int:
    """Count merged reports whose case is none, is merged itself, or ended with no word to them."""
    by_id = {one.id: one for one in store.cases}
    outbox = tables.outbox.c
    sent = select(outbox.case_id).where(outbox.purpose == "feedback")
    answered = set(store.uow.connection.execute(sent).scalars())
    answered |= {one.case_id for one in store.uow.work.answers.where()}
    found = 0
    for part in store.cases:
        if part.status != CaseStatus.MERGED:
            continue
        main = by_id.get(part.merged_into_id)
        if main is None or main.status == CaseStatus.MERGED:
            found += 1
        elif main.status == CaseStatus.CLOSED and part.reporter_reachable:
            reporter = store.uow.reports.reporter_of(part.id)
            has_address = reporter is not None and bool(reporter.address)
            found += has_address and part.id not in answered
    return found


def ended_by_one(store: Store) -> int:
    """Count cases that were dismissed or handed on without two persons who agreed."""
    ended = (CaseStatus.DISMISSED, CaseStatus.HANDED_ON)
    return sum(
        one.status in ended
        and (one.dismissal is None or one.dismissal.confirmed_by in ("", one.dismissal.proposed_by))
        for one in store.cases
    )


def put_off_too_far(store: Store) -> int:
    """Count reminders that were put off without a reason, too far, or once too often."""
    times: dict[str, int] = defaultdict(int)
    found = 0
    for one in store.uow.work.snoozes.where():
        times[one.case_id] += 1
        far = one.until_on > local_date(one.created_at) + LONGEST_SNOOZE
        found += far or not one.reason or times[one.case_id] > MOST_SNOOZES
    return found


def corrections_without_a_line(store: Store) -> int:
    """Count categories that somebody has chosen, where the history has not what stood there."""
    return sum(
        one.category_source == "manager"
        and not any(
            event.kind == "category_changed" and event.values.get("category") == one.category
            for event in store.uow.cases.events(one.id)
        )
        for one in store.cases
    )


INVARIANTS: Mapping[str, Callable[[Store], int]] = {
    "track_without_an_owner_or_late_unseen": unseen_tracks,
    "exchange_with_neither_answer_nor_chaser": stuck_exchanges,
    "deed_by_somebody_who_has_left": acts_without_an_office,
    "hidden_case_read_by_whom_it_is_about": acts_of_the_involved,
    "proposal_nobody_was_told_of": untold_proposals,
    "letter_to_an_ended_case_in_nobodys_list": unlisted_letters,
    "answer_unread_and_nobody_told": unseen_answers,
    "task_nobody_was_told_of": untold_tasks,
    "merged_report_left_behind": parts_left_behind,
    "ended_by_one_person": ended_by_one,
    "put_off_beyond_the_rules": put_off_too_far,
    "category_corrected_without_a_line": corrections_without_a_line,
}
