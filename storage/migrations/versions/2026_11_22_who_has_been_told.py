"""Keep who has been told, remind more than once, ask for advice, keep what a duty came to."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.columns import Moment

revision: str = '4d2d1cd7b17c'
down_revision: str | None = '2f0c4d91ab73'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_ALERTS = sa.table(
    'alerts',
    sa.column('id', sa.String),
    sa.column('recipient_id', sa.String),
    sa.column('told_ids', sa.JSON),
)
_LEDGER = sa.table(
    'reminder_ledger',
    sa.column('case_id', sa.String),
    sa.column('rule_id', sa.String),
    sa.column('sent_on', sa.Date),
)


def upgrade() -> None:
    op.create_table('work_reminders',
    sa.Column('item', sa.String(length=100), nullable=False),
    sa.Column('sent_on', sa.Date(), nullable=False),
    sa.Column('person_id', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('item', 'sent_on', name=op.f('pk_work_reminders'))
    )
    op.create_table('advice_requests',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('case_id', sa.String(length=64), nullable=False),
    sa.Column('asked_by', sa.String(length=64), nullable=False),
    sa.Column('asked_at', Moment(), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('told_ids', sa.JSON(), nullable=False),
    sa.Column('told_at', Moment(), nullable=False),
    sa.Column('answered_at', Moment(), nullable=True),
    sa.Column('answered_by', sa.String(length=64), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_advice_requests_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_advice_requests'))
    )
    with op.batch_alter_table('advice_requests', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_advice_requests_answered_at'), ['answered_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_advice_requests_case_id'), ['case_id'], unique=False)

    with op.batch_alter_table('alerts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('told_ids', sa.JSON(), server_default='[]', nullable=False))

    with op.batch_alter_table('duty_tasks', schema=None) as batch_op:
        batch_op.add_column(sa.Column('result', sa.Text(), server_default='', nullable=False))

    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.add_column(sa.Column('buttons', sa.JSON(), server_default='[]', nullable=False))
    _remind_by_day()
    _note_who_was_told()



def downgrade() -> None:
    _keep_the_last_of_each()
    with op.batch_alter_table('reminder_ledger', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('pk_reminder_ledger'), type_='primary')
        batch_op.create_primary_key(batch_op.f('pk_reminder_ledger'), ['case_id', 'rule_id'])
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.drop_column('buttons')

    with op.batch_alter_table('duty_tasks', schema=None) as batch_op:
        batch_op.drop_column('result')

    with op.batch_alter_table('alerts', schema=None) as batch_op:
        batch_op.drop_column('told_ids')

    with op.batch_alter_table('advice_requests', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_advice_requests_case_id'))
        batch_op.drop_index(batch_op.f('ix_advice_requests_answered_at'))

    op.drop_table('advice_requests')
    op.drop_table('work_reminders')


def _remind_by_day() -> None:
    with op.batch_alter_table('reminder_ledger', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('pk_reminder_ledger'), type_='primary')
        batch_op.create_primary_key(
            batch_op.f('pk_reminder_ledger'), ['case_id', 'rule_id', 'sent_on']
        )


def _note_who_was_told() -> None:
    """Who was told before the last is not known; the last is."""
    connection = op.get_bind()
    for row in list(connection.execute(sa.select(_ALERTS.c.id, _ALERTS.c.recipient_id))):
        here = sa.update(_ALERTS).where(_ALERTS.c.id == row.id)
        connection.execute(here.values(told_ids=[row.recipient_id]))


def _keep_the_last_of_each() -> None:
    later = _LEDGER.alias()
    newer = sa.exists().where(
        later.c.case_id == _LEDGER.c.case_id,
        later.c.rule_id == _LEDGER.c.rule_id,
        later.c.sent_on > _LEDGER.c.sent_on,
    )
    op.get_bind().execute(sa.delete(_LEDGER).where(newer))
