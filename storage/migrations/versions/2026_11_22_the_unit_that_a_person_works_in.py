"""the unit that a person works in."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import storage.columns

revision: str = 'a81f68e01706'
down_revision: str | None = '4d2d1cd7b17c'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    # No batch: it would put a new table in the place of one that others point at.
    op.add_column('people', sa.Column('unit_id', sa.String(length=64), server_default='', nullable=False))


def downgrade() -> None:
    op.execute('ALTER TABLE people DROP COLUMN unit_id')
