"""Find the newest task of every duty and place without reading all tasks there were."""

from collections.abc import Sequence

from alembic import op

revision: str = '1ea391cd2752'
down_revision: str | None = '3b9e64c07d15'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    columns = ['duty_id', 'scope', 'due_on', 'created_at']
    op.create_index('ix_duty_tasks_newest', 'duty_tasks', columns, unique=False)


def downgrade() -> None:
    op.drop_index('ix_duty_tasks_newest', table_name='duty_tasks')
