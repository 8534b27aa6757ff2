"""Keep that a sender has had an answer otherwise than on its page."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.columns import Moment

revision: str = '95079ce715c9'
down_revision: str | None = 'e41b7a90c2d6'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table('complaint_answers', schema=None) as batch_op:
        batch_op.add_column(sa.Column('delivered_at', Moment(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('complaint_answers', schema=None) as batch_op:
        batch_op.drop_column('delivered_at')
