"""Name the organisation that stands in the tables, so that an unchanged one is not read again."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = 'a0c46f7e91d3'
down_revision: str | None = 'c27d90be1f36'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    table = op.create_table(
        'organisation_revision',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('name', sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint('id'),
    )
    op.bulk_insert(table, [{'id': 1, 'name': 'first'}])


def downgrade() -> None:
    op.drop_table('organisation_revision')
