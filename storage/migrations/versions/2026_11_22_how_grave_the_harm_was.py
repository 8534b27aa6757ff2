"""Keep how grave the harm was that a reporter answered, and whether the person knows."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = 'd97f494cba38'
down_revision: str | None = 'a81f68e01706'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

# A case had only "yes"; its report has the answer.
AS_ANSWERED = """
    UPDATE cases SET harm = coalesce((
        SELECT report_answers.value FROM reports
        JOIN report_answers ON report_answers.report_id = reports.id
        WHERE reports.case_id = cases.id AND report_answers.question_id = 'harm'
            AND report_answers.value IN ('mild', 'care', 'hospital', 'death')
        ORDER BY reports.submitted_at LIMIT 1
    ), harm) WHERE harm = 'yes'
"""


def upgrade() -> None:
    with op.batch_alter_table('cases', recreate='never') as batch_op:
        batch_op.add_column(sa.Column('person_told', sa.String(length=10), nullable=True))
    op.execute(AS_ANSWERED)


def downgrade() -> None:
    op.execute("UPDATE cases SET harm = 'yes' WHERE harm IN ('mild', 'care', 'hospital', 'death')")
    with op.batch_alter_table('cases', recreate='never') as batch_op:
        batch_op.drop_column('person_told')
