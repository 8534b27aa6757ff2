"""Keep whether a provider has agreed that MAS sees its health care; so it has been until now."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = 'c27d90be1f36'
down_revision: str | None = '5f81c0d27be4'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table('units', schema=None) as batch_op:
        column: sa.Column[bool] = sa.Column(
            'health_apart', sa.Boolean(), server_default=sa.false(), nullable=False
        )
        batch_op.add_column(column)


def downgrade() -> None:
    with op.batch_alter_table('units', schema=None) as batch_op:
        batch_op.drop_column('health_apart')
