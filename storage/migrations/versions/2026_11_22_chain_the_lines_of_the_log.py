"""Chain the lines of the log, those that are there already too, and let nobody change them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from handlers.records import AuditEvent
from storage.columns import Moment
from storage.history import line_hash

revision: str = '6dcbe9661c88'
down_revision: str | None = '924e53a7d182'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_REFUSE_SQLITE = """
CREATE TRIGGER audit_events_no_{verb} BEFORE {verb} ON audit_events
BEGIN SELECT RAISE(ABORT, 'audit_events is append-only'); END
"""
_REFUSE_POSTGRESQL = """
CREATE FUNCTION audit_events_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'audit_events is append-only'; END $$
"""
_LOG = sa.table(
    'audit_events',
    sa.column('id', sa.Integer),
    sa.column('at', Moment),
    sa.column('actor_id', sa.String),
    sa.column('kind', sa.String),
    sa.column('values', sa.JSON),
    sa.column('prev_hash', sa.String),
    sa.column('hash', sa.String),
)


def upgrade() -> None:
    with op.batch_alter_table('audit_events', schema=None) as batch_op:
        batch_op.add_column(sa.Column('prev_hash', sa.String(length=64), server_default='', nullable=False))
        batch_op.add_column(sa.Column('hash', sa.String(length=64), server_default='', nullable=False))
    _chain()
    _protect()


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(f"DROP TRIGGER audit_events_no_{verb}")
    else:
        op.execute("DROP TRIGGER audit_events_append_only ON audit_events")
        op.execute("DROP FUNCTION audit_events_append_only")
    with op.batch_alter_table('audit_events', schema=None) as batch_op:
        batch_op.drop_column('hash')
        batch_op.drop_column('prev_hash')


def _chain() -> None:
    connection, before = op.get_bind(), ""
    for row in list(connection.execute(sa.select(_LOG).order_by(_LOG.c.id))):
        values = row._mapping["values"]
        event = AuditEvent(at=row.at, actor_id=row.actor_id, kind=row.kind, values=values)
        linked = line_hash(before, event)
        here = sa.update(_LOG).where(_LOG.c.id == row.id)
        connection.execute(here.values(prev_hash=before, hash=linked))
        before = linked


def _protect() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(_REFUSE_SQLITE.format(verb=verb))
        return
    op.execute(_REFUSE_POSTGRESQL)
    op.execute(
        "CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events "
        "FOR EACH ROW EXECUTE FUNCTION audit_events_append_only()"
    )
