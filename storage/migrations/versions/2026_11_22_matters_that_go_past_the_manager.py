"""Keep with a matter of the work environment whether it goes past the manager."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = 'e41b7a90c2d6'
down_revision: str | None = 'c3a5e0b91f74'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table('handovers', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('past_manager', sa.Boolean(), server_default=sa.false(), nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table('handovers', schema=None) as batch_op:
        batch_op.drop_column('past_manager')
