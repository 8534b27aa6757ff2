"""Keep when a case was moved to another unit, and when MAS or SAS looked at an alert."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.columns import Moment

revision: str = 'c3a5e0b91f74'
down_revision: str | None = 'd97f494cba38'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# Who took an alert before this is not asked to look once more.
TAKEN_IS_LOOKED_AT = (
    'UPDATE alerts SET looked_at = acknowledged_at, looked_by = acknowledged_by'
    ' WHERE acknowledged_at IS NOT NULL'
)


def upgrade() -> None:
    with op.batch_alter_table('alerts', recreate='never') as batch_op:
        batch_op.add_column(sa.Column('looked_at', Moment(), nullable=True))
        batch_op.add_column(
            sa.Column('looked_by', sa.String(length=64), server_default='', nullable=False)
        )
        batch_op.create_index(batch_op.f('ix_alerts_looked_at'), ['looked_at'], unique=False)
    op.execute(TAKEN_IS_LOOKED_AT)
    with op.batch_alter_table('cases', recreate='never') as batch_op:
        batch_op.add_column(sa.Column('moved_at', Moment(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('cases', recreate='never') as batch_op:
        batch_op.drop_column('moved_at')
    with op.batch_alter_table('alerts', recreate='never') as batch_op:
        batch_op.drop_index(batch_op.f('ix_alerts_looked_at'))
        batch_op.drop_column('looked_by')
        batch_op.drop_column('looked_at')
