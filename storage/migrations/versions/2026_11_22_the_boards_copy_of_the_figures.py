"""Keep the board's copy of the figures of each half-year."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '3b9f6e24d1c8'
down_revision: str | None = '1ea391cd2752'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table('board_figures',
    sa.Column('id', sa.String(length=20), nullable=False),
    sa.Column('made_on', sa.Date(), nullable=False),
    sa.Column('tables', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_board_figures'))
    )


def downgrade() -> None:
    op.drop_table('board_figures')
