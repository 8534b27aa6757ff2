"""Keep with a matter of the work environment which managers above it goes past."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '7e0c52d19ab8'
down_revision: str | None = 'a0c46f7e91d3'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table('handovers', schema=None) as batch_op:
        batch_op.add_column(
            sa.Column('past_above_ids', sa.JSON(), server_default='[]', nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table('handovers', schema=None) as batch_op:
        batch_op.drop_column('past_above_ids')
