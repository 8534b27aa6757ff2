"""Keep that a case was late before it was opened again with a new target."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '7d1be52f0a63'
down_revision: str | None = '95079ce715c9'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table('cases', recreate='never') as batch_op:
        batch_op.add_column(
            sa.Column('late_before', sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table('cases', recreate='never') as batch_op:
        batch_op.drop_column('late_before')
