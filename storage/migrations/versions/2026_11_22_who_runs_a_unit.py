"""Keep who runs a unit on the municipality's behalf."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '3b9e64c07d15'
down_revision: str | None = 'efab5b52a756'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table('units', schema=None) as batch_op:
        column = sa.Column('provider', sa.String(length=200), server_default='', nullable=False)
        batch_op.add_column(column)


def downgrade() -> None:
    with op.batch_alter_table('units', schema=None) as batch_op:
        batch_op.drop_column('provider')
