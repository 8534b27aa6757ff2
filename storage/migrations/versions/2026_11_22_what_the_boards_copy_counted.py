"""Keep what the board's copy of the figures counted, and who has read it without a case."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '5f81c0d27be4'
down_revision: str | None = '3b9f6e24d1c8'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table('board_figures', schema=None) as batch_op:
        for name in ('counted', 'left_out'):
            column = sa.Column(name, sa.JSON(), server_default='{}', nullable=False)
            batch_op.add_column(column)


def downgrade() -> None:
    with op.batch_alter_table('board_figures', schema=None) as batch_op:
        batch_op.drop_column('left_out')
        batch_op.drop_column('counted')
