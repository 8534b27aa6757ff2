"""The figures of a simulated time, read from the store like everybody's."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from bot.simulation.behaviour import closed_in_time_by_multiplier
from bot.simulation.invariants import broken_invariants, doubled_messages
from handlers.domain.case import CaseStatus
from handlers.domain.deadline import local_date
from handlers.domain.rounds import in_time, is_ripe
from storage import tables
from storage.unit_of_work import SqlUnitOfWork

if TYPE_CHECKING:
    from bot.simulation.world import World


def figures_of(world: "World") -> dict[str, Any]:
    """Return counts and shares; a share of nothing is null."""
    with world.services.unit_of_work(read_only=True) as uow:
        cases = uow.cases.listed(None, open_only=False)
        alerts = uow.alerts.all()
        tasks = uow.duties.where()
        stood_in = _stood_in(uow)
    closed = [case for case in cases if case.status == CaseStatus.CLOSED]
    today = local_date(world.clock())
    due = [c for c in cases if is_ripe(c, today) or c.status == CaseStatus.CLOSED]
    answered = [case for case in closed if case.feedback]
    extra = max(0, len(cases) - len(world.tally.receipts) - world.tally.mails)
    rules = world.services.municipality.reminder_rules
    return {
        "cases": len(cases),
        "closed": len(closed),
        "routed_on": world.tally.routed_on,
        "repeated_deliveries": world.tally.repeated,
        "reminders": {rule.id: world.tally.reminders[rule.id] for rule in rules},
        "duplicates": extra + doubled_messages(world),
        "alerts": len(alerts),
        "alerts_escalated": sum(found.step > 0 for found in alerts),
        "closed_within_month": _share(sum(map(in_time, closed)), len(due)),
        "feedback_coverage": _share(len(answered), len(closed)),
        "range": closed_in_time_by_multiplier(
            cases, world.habits, world.services.municipality, today
        ),
        "chat_refused": world.chat.refused,
        "tasks": len(tasks),
        "kept_out": world.tally.kept_out,
        "refused": dict(sorted(world.tally.refused.items())),
        "told_instead_of_somebody_away": stood_in,
        "invariants": broken_invariants(world),
    }


def _stood_in(uow: SqlUnitOfWork) -> int:
    """Count the reminders that went to somebody else because a unit's manager was away."""
    organisation = uow.organisation
    statement = select(tables.reminder_ledger, tables.cases.c.unit_id).join(tables.cases)
    count = 0
    for row in uow.connection.execute(statement):
        ordinary = [
            a
            for a in organisation.assignments
            if a.scope == row.unit_id and not a.deputy and a.valid.holds(row.sent_on)
        ]
        away = any(organisation.is_absent(a.person_id, row.sent_on) for a in ordinary)
        count += away and row.person_id not in {a.person_id for a in ordinary}
    return count


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None
