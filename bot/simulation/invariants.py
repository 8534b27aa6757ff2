"""What must hold after any simulated time: each invariant with how often it was broken."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from email import message_from_bytes
from typing import TYPE_CHECKING

from sqlalchemy import select

from bot.simulation.silence import forgotten
from bot.simulation.silence import gone_silent as gone_silent
from bot.simulation.work_invariants import broken_in_the_work, hidden_since
from handlers import gates
from handlers.case_records import AnswerWay
from handlers.domain.case import Case, CaseStatus
from handlers.domain.deadline import before_working_days, local_date
from handlers.domain.people import Organisation, Role
from handlers.records import Alert
from storage import tables
from storage.history import broken_chains
from storage.unit_of_work import SqlUnitOfWork

if TYPE_CHECKING:
    from bot.simulation.world import World


def broken_invariants(world: "World") -> dict[str, int]:
    """Return every invariant by name and the number of violations; all should be 0."""
    with world.services.unit_of_work(read_only=True) as uow:
        cases = uow.cases.listed(None, open_only=False)
        return {
            "case_lost_or_doubled": _lost_or_doubled(uow, cases, world),
            "case_forgotten_by_the_ladder": forgotten(
                uow, local_date(world.clock()), world.services.municipality
            ),
            "open_case_gone_silent": gone_silent(
                uow, cases, local_date(world.clock()), world.services.municipality
            ),
            "reminder_on_a_closed_case": _reminded_after_end(uow, cases),
            "alert_without_a_receiver": _unsent_alerts(uow),
            "alert_lost_with_any_one_person_removed": lost_alerts(uow.organisation, world.first),
            "reminder_to_somebody_away": _reminded_while_away(uow),
            "two_digests_a_day": _digests_doubled(uow),
            "involved_manager_told": _involved_told(uow, cases),
            "task_doubled_or_without_an_owner": _tasks_amiss(uow),
            "history_changed": len(list(broken_chains(uow.connection))),
            "closed_with_a_gate_open": sum(_lacks(case) for case in cases),
            "closed_with_an_alarm_unanswered": _unheard(uow, cases),
            "closed_by_a_manager_over_a_track": _closed_over_track(uow, cases),
            "late_action_nobody_was_told_of": _untold_actions(uow, cases, world),
            "closed_without_a_cause": sum(_without_cause(case) for case in cases),
            "closed_without_feedback": sum(_without_feedback(case) for case in cases),
            "closed_with_no_answer_to_the_reporter": _unanswered(uow, cases),
            "message_sent_twice": doubled_messages(world),
            "message_given_up": len(uow.outbox.dead()),
            "gap_in_the_numbers": _gaps(cases),
            **broken_in_the_work(uow, cases, world.clock(), world.services.municipality),
        }


def _lost_or_doubled(uow: SqlUnitOfWork, cases: Sequence[Case], world: "World") -> int:
    """Compare what reporters and senders were promised with what stands in the store.

    Every number on a receipt is a case of its own; every other case is one of the mails, and every
    mail that is no case waits in the mail room, or stands as a letter in a case.
    """
    numbers = {case.number for case in cases}
    promised = Counter(world.tally.receipts)
    lost = sum(number not in numbers for number in promised)
    doubled = sum(count - 1 for count in promised.values())
    from_mail = len(numbers - set(promised))
    return lost + doubled + abs(from_mail + _held(uow) - world.tally.mails)


def _held(uow: SqlUnitOfWork) -> int:
    """Count the mails that look like no case, and those that were written in one."""
    kept = (*uow.inbox.in_state("held"), *uow.inbox.in_state("done"))
    return sum(item.outcome.get("outcome") in ("irrelevant", "automatic", "reply") for item in kept)


def doubled_messages(world: "World") -> int:
    """Count the mails in the sent folder beyond one of each Message-ID."""
    sent = world.services.settings.sent_maildir
    ids: Counter[str] = Counter()
    for path in (sent / "new").iterdir():
        ids[str(message_from_bytes(path.read_bytes())["Message-ID"])] += 1
    return sum(count - 1 for count in ids.values())


def _reminded_after_end(uow: SqlUnitOfWork, cases: Sequence[Case]) -> int:
    ended = {c.id: local_date(c.closed_at) for c in cases if c.closed_at is not None}
    rows = uow.connection.execute(
        select(tables.reminder_ledger.c.case_id, tables.reminder_ledger.c.sent_on)
    )
    return sum(row.case_id in ended and row.sent_on > ended[row.case_id] for row in rows)


def _unsent_alerts(uow: SqlUnitOfWork) -> int:
    """Count the alerts that reached nobody; one that MAS or SAS raise is taken as it is raised."""
    outbox = tables.outbox
    sent = select(outbox.c.alert_id).where(outbox.c.state == "sent", outbox.c.alert_id != "")
    told = {row.alert_id for row in uow.connection.execute(sent)}
    taken = {one.id for one in uow.alerts.all() if one.acknowledged_at == one.raised_at}
    return sum(found.id not in told | taken for found in uow.alerts.all())


def _lacks(case: Case) -> bool:
    return case.status == CaseStatus.CLOSED and bool(case.missing_for_closing(by_mas=True))


def _unheard(uow: SqlUnitOfWork, cases: Sequence[Case]) -> int:
    """Count closed cases whose alert to MAS or SAS nobody had acknowledged by then.

    What is raised after the closing binds it no more: the history says which came first, as both
    may be of one moment here.
    """
    closed = {case.id: case.closed_at for case in cases if case.status == CaseStatus.CLOSED}
    raised = (one for one in uow.alerts.all() if one.role in (Role.MAS, Role.SAS))
    unheard = {
        one.case_id
        for one in raised
        if (closed_at := closed.get(one.case_id)) is not None
        and one.raised_at <= closed_at
        and (one.looked_at is None or one.looked_at > closed_at)
        and not _raised_after_the_end(uow, one)
    }
    return len(unheard)


def _raised_after_the_end(uow: SqlUnitOfWork, found: Alert) -> bool:
    told = [
        (event.kind, event.values.get("alert", "")) for event in uow.cases.events(found.case_id)
    ]
    if ("alert_raised", found.id) not in told:
        return False
    return "closed" not in [kind for kind, _ in told[told.index(("alert_raised", found.id)) :]]


def _closed_over_track(uow: SqlUnitOfWork, cases: Sequence[Case]) -> int:
    """Count cases with a track that had begun when somebody other than MAS or SAS closed them."""
    began: dict[str, datetime] = {}
    for track in uow.work.tracks.where():
        began[track.case_id] = min(track.started_at, began.get(track.case_id, track.started_at))
    closed = {c.id: c.closed_at for c in cases if c.closed_at and c.id in began}
    return sum(
        event.kind == "closed"
        and event.at == closed_at > began[case_id]
        and not any(
            uow.organisation.has_role(event.actor_id, role, local_date(event.at))
            for role in (Role.MAS, Role.SAS)
        )
        and any(gates.is_bound(uow, case) for case in cases if case.id == case_id)
        for case_id, closed_at in closed.items()
        for event in uow.cases.events(case_id)
    )


def _untold_actions(uow: SqlUnitOfWork, cases: Sequence[Case], world: "World") -> int:
    """Count undone actions, in closed cases too, a week late without a word to anybody."""
    until = before_working_days(
        local_date(world.clock()), 5, world.services.municipality.is_working_day
    )
    told = set(uow.connection.execute(select(tables.work_reminders.c.item)).scalars())
    return sum(
        action.done_at is None and action.due_on < until and f"action/{action.id}" not in told
        for case in cases
        for action in case.actions
    )


def _unanswered(uow: SqlUnitOfWork, cases: Sequence[Case]) -> int:
    outbox = tables.outbox
    sent = select(outbox.c.case_id).where(outbox.c.purpose == "feedback", outbox.c.state == "sent")
    answered = {row.case_id for row in uow.connection.execute(sent)}
    by_hand = AnswerWay.CODE_BY_HAND  # the sender hears by telephone where the answer lies
    answered |= {one.case_id for one in uow.work.answers.where() if one.way == by_hand}
    closed = [c for c in cases if c.status == CaseStatus.CLOSED and c.reporter_reachable]
    return sum(case.id not in answered for case in closed)


def _gaps(cases: Sequence[Case]) -> int:
    numbers: dict[str, list[int]] = {}
    for case in cases:
        prefix, _, number = case.number.rpartition("-")
        numbers.setdefault(prefix, []).append(int(number))
    return sum(max(found) - len(set(found)) for found in numbers.values())


def lost_alerts(organisation: Organisation, day: date) -> int:
    """Count the units and alerts that nobody would hear of were any one person gone."""
    lost = 0
    for gone in (person.id for person in organisation.people):
        left = replace(
            organisation,
            assignments=tuple(a for a in organisation.assignments if a.person_id != gone),
        )
        for unit in organisation.current_units(day):
            for role in (Role.MAS, Role.SAS):
                told = left.alert_chain(role, unit.id, day)
                lost += not told or gone in {person.id for person in told}
    return lost


def _reminded_while_away(uow: SqlUnitOfWork) -> int:
    organisation = uow.organisation
    rows = uow.connection.execute(select(tables.reminder_ledger))
    return sum(organisation.is_absent(row.person_id, row.sent_on) for row in rows)


def _digests_doubled(uow: SqlUnitOfWork) -> int:
    outbox = tables.outbox
    digests = select(outbox.c.dedupe_key).where(outbox.c.purpose == "digest")
    days = Counter(row.dedupe_key.rpartition("/")[0] for row in uow.connection.execute(digests))
    return sum(count - 1 for count in days.values())


def _involved_told(uow: SqlUnitOfWork, cases: Sequence[Case]) -> int:
    """Count messages to somebody about a case that had been hidden from them when they went out."""
    hidden = {case.id: case for case in cases if case.manager_involved}
    outbox = tables.outbox.c
    sent = select(outbox.case_id, outbox.person_id, outbox.sent_at).where(
        outbox.case_id.in_(list(hidden)), outbox.sent_at.is_not(None)
    )
    return sum(
        row.person_id in hidden[row.case_id].manager_involved_ids
        and row.sent_at > hidden_since(uow, hidden[row.case_id])
        for row in uow.connection.execute(sent)
    )


def _tasks_amiss(uow: SqlUnitOfWork) -> int:
    tasks = uow.duties.where()
    doubled = len(tasks) - len({(task.duty_id, task.period, task.scope) for task in tasks})
    return doubled + sum(not task.owner_id for task in tasks)


def _without_cause(case: Case) -> bool:
    closed = case.status == CaseStatus.CLOSED
    return closed and not case.causes and not case.closed_without_investigation_reason


def _without_feedback(case: Case) -> bool:
    return case.status == CaseStatus.CLOSED and case.reporter_reachable and not case.feedback
