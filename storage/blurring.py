"""Of somebody who reports without a name only the hour is kept, in what was sent because of it too.

A message keeps its moments until it is sent or given up, an alert until somebody has taken it: what
is due is reckoned from them.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, and_, or_, select, update

from storage import tables

_ANONYMOUS = "anonymous:"  # how the ids of such conversations begin


def blur_anonymous(connection: Connection) -> None:
    """Leave the hour of everything that is done and points to an anonymous report."""
    outbox, alerts = tables.outbox, tables.alerts
    cases = select(tables.reports.c.case_id).where(tables.reports.c.code_hash > "")
    drafts = select(tables.drafts.c.id).where(
        tables.drafts.c.conversation_id.startswith(_ANONYMOUS)
    )
    of_alert = or_(alerts.c.case_id.in_(cases), alerts.c.draft_id.in_(drafts))
    concerned = select(alerts.c.id).where(of_alert)
    of_message = or_(outbox.c.case_id.in_(cases), outbox.c.alert_id.in_(concerned))
    sent = and_(outbox.c.state != "pending", of_message)
    _blur(connection, outbox, ("created_at", "next_attempt_at", "sent_at"), sent)
    taken = and_(alerts.c.acknowledged_at.is_not(None), of_alert)
    _blur(connection, alerts, ("notified_at",), taken)


def _blur(
    connection: Connection, table: Table, columns: tuple[str, ...], here: ColumnElement[bool]
) -> None:
    statement = select(table.c.id, *(table.c[name] for name in columns)).where(here)
    for row in connection.execute(statement).all():
        moments = {name: row._mapping[name] for name in columns}
        hours = {name: _hour(moment) for name, moment in moments.items()}
        if hours != moments:
            connection.execute(update(table).where(table.c.id == row.id).values(**hours))


def _hour(moment: datetime | None) -> datetime | None:
    return moment and moment.replace(minute=0, second=0, microsecond=0)
