"""Find by day, owner and alert what every sweep, list and turn asks for."""

from collections.abc import Sequence

from alembic import op

revision: str = '8e707b1c585f'
down_revision: str | None = '7d1be52f0a63'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

_INDEXES = (
    ('actions', 'helped'),
    ('actions', 'owner_id'),
    ('alerts', 'raised_at'),
    ('cases', 'received_on'),
    ('not_the_same', 'other_id'),
    ('outbox', 'alert_id'),
)


def upgrade() -> None:
    for table, column in _INDEXES:
        op.create_index(op.f(f'ix_{table}_{column}'), table, [column], unique=False)


def downgrade() -> None:
    for table, column in reversed(_INDEXES):
        op.drop_index(op.f(f'ix_{table}_{column}'), table_name=table)
