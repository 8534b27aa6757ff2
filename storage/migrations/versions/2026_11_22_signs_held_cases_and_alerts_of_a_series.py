"""Keep what a text tells of, hold a case until somebody has looked, alert of several cases."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.columns import Moment

revision: str = '6b8ad71647b2'
down_revision: str | None = '9cc895cad9f2'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table('alerts', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('series_case_ids', sa.JSON(), server_default='[]', nullable=False)
        )
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.add_column(sa.Column('signs', sa.JSON(), server_default='[]', nullable=False))
        batch_op.add_column(sa.Column('look_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('reopened_at', Moment(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.drop_column('reopened_at')
        batch_op.drop_column('look_on')
        batch_op.drop_column('signs')
    with op.batch_alter_table('alerts', schema=None) as batch_op:
        batch_op.drop_column('series_case_ids')
