"""Keep whom a handed-over matter came from and when it stands in the employer's own system."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.columns import Moment

revision: str = '2f0c4d91ab73'
down_revision: str | None = '6b8ad71647b2'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_TEXTS = {'channel': 20, 'address': 320, 'handed_on_by': 64, 'reference': 40}


def upgrade() -> None:
    with op.batch_alter_table('handovers', schema=None) as batch_op:
        for name, length in _TEXTS.items():
            column = sa.Column(name, sa.String(length=length), server_default='', nullable=False)
            batch_op.add_column(column)
        batch_op.add_column(sa.Column('handed_on_at', Moment(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('handovers', schema=None) as batch_op:
        batch_op.drop_column('handed_on_at')
        for name in _TEXTS:
            batch_op.drop_column(name)
