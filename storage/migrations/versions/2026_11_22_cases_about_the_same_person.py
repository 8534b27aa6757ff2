"""Keep which cases are about one person, by a random group and without a word of who it is."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from storage.columns import Moment

revision: str = 'efab5b52a756'
down_revision: str | None = '8e707b1c585f'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        'same_person',
        sa.Column('id', sa.String(length=64), nullable=False),
        sa.Column('case_id', sa.String(length=64), nullable=False),
        sa.Column('group_id', sa.String(length=64), nullable=False),
        sa.Column('by', sa.String(length=64), nullable=False),
        sa.Column('at', Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_same_person_case_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_same_person')),
        sa.UniqueConstraint('case_id', name=op.f('uq_same_person_case_id')),
    )
    with op.batch_alter_table('same_person', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_same_person_group_id'), ['group_id'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('same_person', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_same_person_group_id'))
    op.drop_table('same_person')
