"""The first tables, and triggers that keep the history append-only."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

import storage.tables

revision: str = '924e53a7d182'
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


_REFUSE_SQLITE = """
CREATE TRIGGER case_events_no_{verb} BEFORE {verb} ON case_events
BEGIN SELECT RAISE(ABORT, 'case_events is append-only'); END
"""
_REFUSE_POSTGRESQL = """
CREATE FUNCTION case_events_append_only() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'case_events is append-only'; END $$
"""


def _protect_history() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("update", "delete"):
            op.execute(_REFUSE_SQLITE.format(verb=verb))
        return
    op.execute(_REFUSE_POSTGRESQL)
    op.execute(
        "CREATE TRIGGER case_events_append_only BEFORE UPDATE OR DELETE ON case_events "
        "FOR EACH ROW EXECUTE FUNCTION case_events_append_only()"
    )


def upgrade() -> None:
    op.create_table('areas',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_areas'))
    )
    op.create_table('audit_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', storage.tables.Moment(timezone=True), nullable=False),
    sa.Column('actor_id', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('values', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_events'))
    )
    with op.batch_alter_table('audit_events', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_events_at'), ['at'], unique=False)

    op.create_table('case_counters',
    sa.Column('prefix', sa.String(length=10), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('prefix', 'year', name=op.f('pk_case_counters'))
    )
    op.create_table('cases',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('number', sa.String(length=30), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('category', sa.String(length=40), nullable=False),
    sa.Column('category_source', sa.String(length=20), nullable=False),
    sa.Column('unit_id', sa.String(length=64), nullable=False),
    sa.Column('received_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('target_on', sa.Date(), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('harm', sa.String(length=10), nullable=False),
    sa.Column('legal_areas', sa.JSON(), nullable=False),
    sa.Column('possible_medical_harm', sa.Boolean(), nullable=False),
    sa.Column('possible_misconduct', sa.Boolean(), nullable=False),
    sa.Column('model_version', sa.String(length=60), nullable=False),
    sa.Column('no_action_reason', sa.Text(), nullable=False),
    sa.Column('feedback', sa.Text(), nullable=False),
    sa.Column('reporter_reachable', sa.Boolean(), nullable=False),
    sa.Column('responsible_id', sa.String(length=64), nullable=False),
    sa.Column('manager_involved', sa.Boolean(), nullable=False),
    sa.Column('manager_involved_ids', sa.JSON(), nullable=False),
    sa.Column('closed_at', storage.tables.Moment(timezone=True), nullable=True),
    sa.Column('closed_without_investigation_reason', sa.Text(), nullable=False),
    sa.Column('injury', sa.String(length=20), nullable=True),
    sa.Column('misconduct', sa.String(length=20), nullable=True),
    sa.Column('informing', sa.JSON(), nullable=True),
    sa.Column('dismissal', sa.JSON(), nullable=True),
    sa.Column('origin_unit_ids', sa.JSON(), nullable=False),
    sa.Column('merged_into_id', sa.String(length=64), nullable=False),
    sa.Column('merged_from', sa.String(length=20), nullable=True),
    sa.Column('confirm_on', sa.Date(), nullable=True),
    sa.Column('confirmed_at', storage.tables.Moment(timezone=True), nullable=True),
    sa.Column('answer_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cases')),
    sa.UniqueConstraint('number', name=op.f('uq_cases_number'))
    )
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cases_merged_into_id'), ['merged_into_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_cases_status_received_on'), ['status', 'received_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_cases_status_target_on'), ['status', 'target_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_cases_unit_id_received_at'), ['unit_id', 'received_at'], unique=False)

    op.create_table('chat_addresses',
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('address', sa.String(length=320), nullable=False),
    sa.Column('person_id', sa.String(length=64), nullable=False),
    sa.Column('reference', sa.JSON(), nullable=False),
    sa.Column('updated_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('channel', 'address', name=op.f('pk_chat_addresses'))
    )
    with op.batch_alter_table('chat_addresses', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_chat_addresses_person_id'), ['person_id'], unique=False)

    op.create_table('drafts',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('conversation_id', sa.String(length=200), nullable=False),
    sa.Column('person_id', sa.String(length=64), nullable=False),
    sa.Column('state', sa.JSON(), nullable=False),
    sa.Column('created_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.Column('updated_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.Column('erase_at', storage.tables.Moment(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_drafts'))
    )
    with op.batch_alter_table('drafts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_drafts_conversation_id_updated_at'), ['conversation_id', 'updated_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_drafts_erase_at'), ['erase_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_drafts_person_id_updated_at'), ['person_id', 'updated_at'], unique=False)

    op.create_table('duty_tasks',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('duty_id', sa.String(length=40), nullable=False),
    sa.Column('period', sa.String(length=20), nullable=False),
    sa.Column('scope', sa.String(length=64), nullable=False),
    sa.Column('owner_id', sa.String(length=64), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('created_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.Column('reminded_on', sa.Date(), nullable=True),
    sa.Column('done_at', storage.tables.Moment(timezone=True), nullable=True),
    sa.Column('done_by', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duty_tasks')),
    sa.UniqueConstraint('duty_id', 'period', 'scope', name=op.f('uq_duty_tasks_duty_id_period_scope'))
    )
    with op.batch_alter_table('duty_tasks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_duty_tasks_owner_id_done_at'), ['owner_id', 'done_at'], unique=False)

    op.create_table('handovers',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('number', sa.String(length=30), nullable=False),
    sa.Column('form_id', sa.String(length=40), nullable=False),
    sa.Column('draft_id', sa.String(length=80), nullable=False),
    sa.Column('unit_id', sa.String(length=64), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('lines', sa.JSON(), nullable=False),
    sa.Column('created_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.Column('erase_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handovers')),
    sa.UniqueConstraint('draft_id', name=op.f('uq_handovers_draft_id'))
    )
    with op.batch_alter_table('handovers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_handovers_erase_at'), ['erase_at'], unique=False)

    op.create_table('heartbeats',
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('last_ok_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.Column('fault', sa.String(length=120), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_heartbeats'))
    )
    op.create_table('inbox',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('key', sa.String(length=300), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('raw', sa.LargeBinary(), nullable=False),
    sa.Column('received_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_attempt_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.Column('lease_until', storage.tables.Moment(timezone=True), nullable=True),
    sa.Column('fault', sa.String(length=120), nullable=False),
    sa.Column('message_key', sa.String(length=400), nullable=True),
    sa.Column('outcome', sa.JSON(), nullable=False),
    sa.Column('erase_at', storage.tables.Moment(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inbox')),
    sa.UniqueConstraint('source', 'key', name=op.f('uq_inbox_source_key'))
    )
    with op.batch_alter_table('inbox', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_inbox_erase_at'), ['erase_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_inbox_message_key'), ['message_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_inbox_sha256'), ['sha256'], unique=False)
        batch_op.create_index(batch_op.f('ix_inbox_state_next_attempt_at'), ['state', 'next_attempt_at'], unique=False)

    op.create_table('login_flows',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('flow', sa.JSON(), nullable=False),
    sa.Column('onward', sa.String(length=200), nullable=False),
    sa.Column('started_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_login_flows'))
    )
    with op.batch_alter_table('login_flows', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_login_flows_started_at'), ['started_at'], unique=False)

    op.create_table('login_sessions',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.String(length=64), nullable=False),
    sa.Column('started_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.Column('seen_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_login_sessions'))
    )
    with op.batch_alter_table('login_sessions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_login_sessions_person_id'), ['person_id'], unique=False)

    op.create_table('mailbox_marks',
    sa.Column('mailbox', sa.String(length=200), nullable=False),
    sa.Column('mark', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('mailbox', name=op.f('pk_mailbox_marks'))
    )
    op.create_table('people',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_people'))
    )
    op.create_table('absences',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.String(length=64), nullable=False),
    sa.Column('first_on', sa.Date(), nullable=False),
    sa.Column('last_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_absences_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absences'))
    )
    op.create_table('agenda_items',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('case_id', sa.String(length=64), nullable=False),
    sa.Column('unit_id', sa.String(length=64), nullable=False),
    sa.Column('forum', sa.String(length=20), nullable=False),
    sa.Column('added_by', sa.String(length=64), nullable=False),
    sa.Column('added_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.Column('discussed_at', storage.tables.Moment(timezone=True), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_agenda_items_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agenda_items'))
    )
    with op.batch_alter_table('agenda_items', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agenda_items_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_agenda_items_unit_id'), ['unit_id'], unique=False)

    op.create_table('alerts',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('reasons', sa.JSON(), nullable=False),
    sa.Column('rule_ids', sa.JSON(), nullable=False),
    sa.Column('raised_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.Column('case_id', sa.String(length=64), nullable=True),
    sa.Column('draft_id', sa.String(length=80), nullable=False),
    sa.Column('unit_id', sa.String(length=64), nullable=False),
    sa.Column('urgent', sa.Boolean(), nullable=False),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.Column('recipient_id', sa.String(length=64), nullable=False),
    sa.Column('notified_at', storage.tables.Moment(timezone=True), nullable=True),
    sa.Column('acknowledged_at', storage.tables.Moment(timezone=True), nullable=True),
    sa.Column('acknowledged_by', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_alerts_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alerts')),
    sa.UniqueConstraint('key', name=op.f('uq_alerts_key'))
    )
    with op.batch_alter_table('alerts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_alerts_acknowledged_at'), ['acknowledged_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_alerts_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_alerts_draft_id'), ['draft_id'], unique=False)

    op.create_table('assignments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.String(length=64), nullable=False),
    sa.Column('role', sa.String(length=40), nullable=False),
    sa.Column('scope', sa.String(length=64), nullable=False),
    sa.Column('deputy', sa.Boolean(), nullable=False),
    sa.Column('first_on', sa.Date(), nullable=False),
    sa.Column('last_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_assignments_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assignments'))
    )
    op.create_table('case_comments',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('case_id', sa.String(length=64), nullable=False),
    sa.Column('author_id', sa.String(length=64), nullable=False),
    sa.Column('at', storage.tables.Moment(timezone=True), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_comments_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_comments'))
    )
    with op.batch_alter_table('case_comments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_comments_case_id'), ['case_id'], unique=False)

    op.create_table('case_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.String(length=64), nullable=False),
    sa.Column('at', storage.tables.Moment(timezone=True), nullable=False),
    sa.Column('actor_id', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('values', sa.JSON(), nullable=False),
    sa.Column('prev_hash', sa.String(length=64), nullable=False),
    sa.Column('hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_events_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_events'))
    )
    with op.batch_alter_table('case_events', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_events_case_id'), ['case_id'], unique=False)

    op.create_table('case_tasks',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('case_id', sa.String(length=64), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('owner_id', sa.String(length=64), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.Column('created_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.Column('done_at', storage.tables.Moment(timezone=True), nullable=True),
    sa.Column('done_by', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_case_tasks_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_tasks'))
    )
    with op.batch_alter_table('case_tasks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_case_tasks_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_case_tasks_owner_id'), ['owner_id'], unique=False)

    op.create_table('causes',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('case_id', sa.String(length=64), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('area', sa.String(length=20), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('whys', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_causes_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_causes'))
    )
    with op.batch_alter_table('causes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_causes_case_id'), ['case_id'], unique=False)

    op.create_table('complaint_answers',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('case_id', sa.String(length=64), nullable=False),
    sa.Column('explanation', sa.Text(), nullable=False),
    sa.Column('measures', sa.Text(), nullable=False),
    sa.Column('about_person', sa.Boolean(), nullable=False),
    sa.Column('way', sa.String(length=20), nullable=False),
    sa.Column('address', sa.String(length=320), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('written_by', sa.String(length=64), nullable=False),
    sa.Column('written_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.Column('expires_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.Column('sent_at', storage.tables.Moment(timezone=True), nullable=True),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('code_expires_at', storage.tables.Moment(timezone=True), nullable=True),
    sa.Column('code_attempts', sa.Integer(), nullable=False),
    sa.Column('codes_sent', sa.Integer(), nullable=False),
    sa.Column('opened_at', storage.tables.Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_complaint_answers_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint_answers'))
    )
    with op.batch_alter_table('complaint_answers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_complaint_answers_case_id'), ['case_id'], unique=False)

    op.create_table('emergency_access',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('case_id', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.String(length=64), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('opened_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.Column('until_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_emergency_access_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_emergency_access'))
    )
    with op.batch_alter_table('emergency_access', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_emergency_access_case_id'), ['case_id'], unique=False)

    op.create_table('exchanges',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('case_id', sa.String(length=64), nullable=False),
    sa.Column('direction', sa.String(length=5), nullable=False),
    sa.Column('party_kind', sa.String(length=20), nullable=False),
    sa.Column('party', sa.Text(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.Column('reference', sa.Text(), nullable=False),
    sa.Column('sent_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('created_by', sa.String(length=64), nullable=False),
    sa.Column('chased_on', sa.Date(), nullable=True),
    sa.Column('chased_times', sa.Integer(), nullable=False),
    sa.Column('answered_at', storage.tables.Moment(timezone=True), nullable=True),
    sa.Column('answered_by', sa.String(length=64), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('quality', sa.String(length=10), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_exchanges_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_exchanges'))
    )
    with op.batch_alter_table('exchanges', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_exchanges_answered_at'), ['answered_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_exchanges_case_id'), ['case_id'], unique=False)

    op.create_table('letters',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('case_id', sa.String(length=64), nullable=False),
    sa.Column('inbox_id', sa.Integer(), nullable=False),
    sa.Column('message_id', sa.Text(), nullable=False),
    sa.Column('sender_address', sa.Text(), nullable=False),
    sa.Column('sender_name', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('folded_text', sa.Text(), nullable=False),
    sa.Column('received_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.Column('authentication_failed', sa.Boolean(), nullable=False),
    sa.Column('authentication', sa.JSON(), nullable=False),
    sa.Column('sender_role', sa.String(length=20), nullable=False),
    sa.Column('faults', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_letters_case_id')),
    sa.ForeignKeyConstraint(['inbox_id'], ['inbox.id'], name=op.f('fk_letters_inbox_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letters'))
    )
    with op.batch_alter_table('letters', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_letters_case_id'), ['case_id'], unique=False)

    op.create_table('not_the_same',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('case_id', sa.String(length=64), nullable=False),
    sa.Column('other_id', sa.String(length=64), nullable=False),
    sa.Column('by', sa.String(length=64), nullable=False),
    sa.Column('at', storage.tables.Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_not_the_same_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_not_the_same')),
    sa.UniqueConstraint('case_id', 'other_id', name=op.f('uq_not_the_same_case_id_other_id'))
    )
    with op.batch_alter_table('not_the_same', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_not_the_same_case_id'), ['case_id'], unique=False)

    op.create_table('outbox',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('dedupe_key', sa.String(length=200), nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('recipient', sa.String(length=320), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('purpose', sa.String(length=20), nullable=False),
    sa.Column('case_id', sa.String(length=64), nullable=True),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('person_id', sa.String(length=64), nullable=False),
    sa.Column('automatic', sa.Boolean(), nullable=False),
    sa.Column('alert_id', sa.String(length=64), nullable=False),
    sa.Column('link', sa.Text(), nullable=False),
    sa.Column('in_reply_to', sa.Text(), nullable=False),
    sa.Column('text_version', sa.String(length=40), nullable=False),
    sa.Column('created_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('next_attempt_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.Column('lease_until', storage.tables.Moment(timezone=True), nullable=True),
    sa.Column('sent_at', storage.tables.Moment(timezone=True), nullable=True),
    sa.Column('fault', sa.String(length=120), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_outbox_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox')),
    sa.UniqueConstraint('dedupe_key', name=op.f('uq_outbox_dedupe_key'))
    )
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outbox_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_outbox_state_next_attempt_at'), ['state', 'next_attempt_at'], unique=False)

    op.create_table('register_entries',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('case_id', sa.String(length=64), nullable=False),
    sa.Column('diary_number', sa.String(length=60), nullable=False),
    sa.Column('received_on', sa.Date(), nullable=False),
    sa.Column('secrecy', sa.String(length=20), nullable=False),
    sa.Column('matter', sa.Text(), nullable=False),
    sa.Column('registered_by', sa.String(length=64), nullable=False),
    sa.Column('registered_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_register_entries_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_entries')),
    sa.UniqueConstraint('case_id', name=op.f('uq_register_entries_case_id')),
    sa.UniqueConstraint('diary_number', name=op.f('uq_register_entries_diary_number'))
    )
    with op.batch_alter_table('register_entries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_register_entries_received_on'), ['received_on'], unique=False)

    op.create_table('register_senders',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('case_id', sa.String(length=64), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('address', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_register_senders_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_register_senders')),
    sa.UniqueConstraint('case_id', name=op.f('uq_register_senders_case_id'))
    )
    op.create_table('reminder_ledger',
    sa.Column('case_id', sa.String(length=64), nullable=False),
    sa.Column('rule_id', sa.String(length=40), nullable=False),
    sa.Column('person_id', sa.String(length=64), nullable=False),
    sa.Column('sent_on', sa.Date(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_reminder_ledger_case_id')),
    sa.PrimaryKeyConstraint('case_id', 'rule_id', name=op.f('pk_reminder_ledger'))
    )
    with op.batch_alter_table('reminder_ledger', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reminder_ledger_person_id_sent_on'), ['person_id', 'sent_on'], unique=False)

    op.create_table('reminder_snoozes',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('case_id', sa.String(length=64), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('by', sa.String(length=64), nullable=False),
    sa.Column('created_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_reminder_snoozes_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reminder_snoozes'))
    )
    with op.batch_alter_table('reminder_snoozes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reminder_snoozes_case_id'), ['case_id'], unique=False)

    op.create_table('reports',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('draft_id', sa.String(length=80), nullable=False),
    sa.Column('case_id', sa.String(length=64), nullable=False),
    sa.Column('form_id', sa.String(length=40), nullable=False),
    sa.Column('form_version', sa.Integer(), nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('address', sa.String(length=320), nullable=False),
    sa.Column('person_id', sa.String(length=64), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('submitted_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.Column('confidential', sa.Boolean(), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_reports_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reports')),
    sa.UniqueConstraint('draft_id', name=op.f('uq_reports_draft_id'))
    )
    with op.batch_alter_table('reports', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reports_address'), ['address'], unique=False)
        batch_op.create_index(batch_op.f('ix_reports_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_reports_code_hash'), ['code_hash'], unique=False)
        batch_op.create_index(batch_op.f('ix_reports_person_id'), ['person_id'], unique=False)

    op.create_table('risk_assessments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('case_id', sa.String(length=64), nullable=False),
    sa.Column('severity', sa.Integer(), nullable=False),
    sa.Column('likelihood', sa.Integer(), nullable=False),
    sa.Column('assessed_by', sa.String(length=64), nullable=False),
    sa.Column('assessed_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.Column('rationale', sa.Text(), nullable=False),
    sa.Column('potential', sa.Integer(), nullable=True),
    sa.Column('legal_area', sa.String(length=5), nullable=False),
    sa.Column('may_lower', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_risk_assessments_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_risk_assessments'))
    )
    with op.batch_alter_table('risk_assessments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_risk_assessments_case_id'), ['case_id'], unique=False)

    op.create_table('team_members',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('case_id', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.String(length=64), nullable=False),
    sa.Column('profession', sa.String(length=30), nullable=False),
    sa.Column('invited_by', sa.String(length=64), nullable=False),
    sa.Column('invited_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_team_members_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_team_members')),
    sa.UniqueConstraint('case_id', 'person_id', name=op.f('uq_team_members_case_id_person_id'))
    )
    with op.batch_alter_table('team_members', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_team_members_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_team_members_person_id'), ['person_id'], unique=False)

    op.create_table('tracks',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('case_id', sa.String(length=64), nullable=False),
    sa.Column('machine', sa.String(length=20), nullable=False),
    sa.Column('step', sa.String(length=20), nullable=False),
    sa.Column('lead_id', sa.String(length=64), nullable=False),
    sa.Column('started_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('investigator_id', sa.String(length=64), nullable=False),
    sa.Column('ended_at', storage.tables.Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_tracks_case_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tracks')),
    sa.UniqueConstraint('case_id', 'machine', name=op.f('uq_tracks_case_id_machine'))
    )
    with op.batch_alter_table('tracks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tracks_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_tracks_ended_at'), ['ended_at'], unique=False)

    op.create_table('units',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('area_id', sa.String(length=64), nullable=False),
    sa.Column('legal_areas', sa.JSON(), nullable=False),
    sa.Column('first_on', sa.Date(), nullable=False),
    sa.Column('last_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['area_id'], ['areas.id'], name=op.f('fk_units_area_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_units'))
    )
    op.create_table('actions',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('case_id', sa.String(length=64), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('cause_id', sa.String(length=64), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('owner_id', sa.String(length=64), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('done_at', storage.tables.Moment(timezone=True), nullable=True),
    sa.Column('effect', sa.Text(), nullable=False),
    sa.Column('helped', sa.String(length=12), nullable=True),
    sa.Column('checked_at', storage.tables.Moment(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_actions_case_id')),
    sa.ForeignKeyConstraint(['cause_id'], ['causes.id'], name=op.f('fk_actions_cause_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_actions'))
    )
    with op.batch_alter_table('actions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_actions_case_id'), ['case_id'], unique=False)

    op.create_table('alert_verdicts',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('alert_id', sa.String(length=64), nullable=False),
    sa.Column('person_id', sa.String(length=64), nullable=False),
    sa.Column('verdict', sa.String(length=20), nullable=False),
    sa.Column('at', storage.tables.Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['alert_id'], ['alerts.id'], name=op.f('fk_alert_verdicts_alert_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alert_verdicts')),
    sa.UniqueConstraint('alert_id', 'person_id', name=op.f('uq_alert_verdicts_alert_id_person_id'))
    )
    with op.batch_alter_table('alert_verdicts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_alert_verdicts_alert_id'), ['alert_id'], unique=False)

    op.create_table('attachments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('letter_id', sa.String(length=64), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('media_type', sa.Text(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['letter_id'], ['letters.id'], name=op.f('fk_attachments_letter_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachments'))
    )
    with op.batch_alter_table('attachments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attachments_letter_id'), ['letter_id'], unique=False)

    op.create_table('chat_messages',
    sa.Column('outbox_id', sa.Integer(), nullable=False),
    sa.Column('conversation_id', sa.String(length=200), nullable=False),
    sa.Column('case_id', sa.String(length=64), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('sent_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_chat_messages_case_id')),
    sa.ForeignKeyConstraint(['outbox_id'], ['outbox.id'], name=op.f('fk_chat_messages_outbox_id')),
    sa.PrimaryKeyConstraint('outbox_id', name=op.f('pk_chat_messages'))
    )
    with op.batch_alter_table('chat_messages', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_chat_messages_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_chat_messages_conversation_id'), ['conversation_id'], unique=False)

    op.create_table('feedback_votes',
    sa.Column('report_id', sa.String(length=64), nullable=False),
    sa.Column('useful', sa.Boolean(), nullable=False),
    sa.Column('at', storage.tables.Moment(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['report_id'], ['reports.id'], name=op.f('fk_feedback_votes_report_id')),
    sa.PrimaryKeyConstraint('report_id', name=op.f('pk_feedback_votes'))
    )
    op.create_table('report_answers',
    sa.Column('report_id', sa.String(length=64), nullable=False),
    sa.Column('question_id', sa.String(length=40), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('value', sa.String(length=64), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['report_id'], ['reports.id'], name=op.f('fk_report_answers_report_id')),
    sa.PrimaryKeyConstraint('report_id', 'question_id', name=op.f('pk_report_answers'))
    )
    op.create_table('reporter_identities',
    sa.Column('report_id', sa.String(length=64), nullable=False),
    sa.Column('address', sa.String(length=320), nullable=False),
    sa.Column('person_id', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['report_id'], ['reports.id'], name=op.f('fk_reporter_identities_report_id')),
    sa.PrimaryKeyConstraint('report_id', name=op.f('pk_reporter_identities'))
    )
    with op.batch_alter_table('reporter_identities', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reporter_identities_address'), ['address'], unique=False)
        batch_op.create_index(batch_op.f('ix_reporter_identities_person_id'), ['person_id'], unique=False)

    op.create_table('track_steps',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('track_id', sa.String(length=64), nullable=False),
    sa.Column('case_id', sa.String(length=64), nullable=False),
    sa.Column('step', sa.String(length=20), nullable=False),
    sa.Column('taken_by', sa.String(length=64), nullable=False),
    sa.Column('taken_at', storage.tables.Moment(timezone=True), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['cases.id'], name=op.f('fk_track_steps_case_id')),
    sa.ForeignKeyConstraint(['track_id'], ['tracks.id'], name=op.f('fk_track_steps_track_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_track_steps'))
    )
    with op.batch_alter_table('track_steps', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_track_steps_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_track_steps_track_id'), ['track_id'], unique=False)

    _protect_history()


def downgrade() -> None:
    with op.batch_alter_table('track_steps', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_track_steps_track_id'))
        batch_op.drop_index(batch_op.f('ix_track_steps_case_id'))

    op.drop_table('track_steps')
    with op.batch_alter_table('reporter_identities', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reporter_identities_person_id'))
        batch_op.drop_index(batch_op.f('ix_reporter_identities_address'))

    op.drop_table('reporter_identities')
    op.drop_table('report_answers')
    op.drop_table('feedback_votes')
    with op.batch_alter_table('chat_messages', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_chat_messages_conversation_id'))
        batch_op.drop_index(batch_op.f('ix_chat_messages_case_id'))

    op.drop_table('chat_messages')
    with op.batch_alter_table('attachments', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attachments_letter_id'))

    op.drop_table('attachments')
    with op.batch_alter_table('alert_verdicts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_alert_verdicts_alert_id'))

    op.drop_table('alert_verdicts')
    with op.batch_alter_table('actions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_actions_case_id'))

    op.drop_table('actions')
    op.drop_table('units')
    with op.batch_alter_table('tracks', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_tracks_ended_at'))
        batch_op.drop_index(batch_op.f('ix_tracks_case_id'))

    op.drop_table('tracks')
    with op.batch_alter_table('team_members', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_team_members_person_id'))
        batch_op.drop_index(batch_op.f('ix_team_members_case_id'))

    op.drop_table('team_members')
    with op.batch_alter_table('risk_assessments', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_risk_assessments_case_id'))

    op.drop_table('risk_assessments')
    with op.batch_alter_table('reports', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reports_person_id'))
        batch_op.drop_index(batch_op.f('ix_reports_code_hash'))
        batch_op.drop_index(batch_op.f('ix_reports_case_id'))
        batch_op.drop_index(batch_op.f('ix_reports_address'))

    op.drop_table('reports')
    with op.batch_alter_table('reminder_snoozes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reminder_snoozes_case_id'))

    op.drop_table('reminder_snoozes')
    with op.batch_alter_table('reminder_ledger', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reminder_ledger_person_id_sent_on'))

    op.drop_table('reminder_ledger')
    op.drop_table('register_senders')
    with op.batch_alter_table('register_entries', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_register_entries_received_on'))

    op.drop_table('register_entries')
    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_outbox_state_next_attempt_at'))
        batch_op.drop_index(batch_op.f('ix_outbox_case_id'))

    op.drop_table('outbox')
    with op.batch_alter_table('not_the_same', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_not_the_same_case_id'))

    op.drop_table('not_the_same')
    with op.batch_alter_table('letters', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_letters_case_id'))

    op.drop_table('letters')
    with op.batch_alter_table('exchanges', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_exchanges_case_id'))
        batch_op.drop_index(batch_op.f('ix_exchanges_answered_at'))

    op.drop_table('exchanges')
    with op.batch_alter_table('emergency_access', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_emergency_access_case_id'))

    op.drop_table('emergency_access')
    with op.batch_alter_table('complaint_answers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_complaint_answers_case_id'))

    op.drop_table('complaint_answers')
    with op.batch_alter_table('causes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_causes_case_id'))

    op.drop_table('causes')
    with op.batch_alter_table('case_tasks', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_case_tasks_owner_id'))
        batch_op.drop_index(batch_op.f('ix_case_tasks_case_id'))

    op.drop_table('case_tasks')
    with op.batch_alter_table('case_events', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_case_events_case_id'))

    op.drop_table('case_events')
    with op.batch_alter_table('case_comments', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_case_comments_case_id'))

    op.drop_table('case_comments')
    op.drop_table('assignments')
    with op.batch_alter_table('alerts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_alerts_draft_id'))
        batch_op.drop_index(batch_op.f('ix_alerts_case_id'))
        batch_op.drop_index(batch_op.f('ix_alerts_acknowledged_at'))

    op.drop_table('alerts')
    with op.batch_alter_table('agenda_items', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_agenda_items_unit_id'))
        batch_op.drop_index(batch_op.f('ix_agenda_items_case_id'))

    op.drop_table('agenda_items')
    op.drop_table('absences')
    op.drop_table('people')
    op.drop_table('mailbox_marks')
    with op.batch_alter_table('login_sessions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_login_sessions_person_id'))

    op.drop_table('login_sessions')
    with op.batch_alter_table('login_flows', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_login_flows_started_at'))

    op.drop_table('login_flows')
    with op.batch_alter_table('inbox', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_inbox_state_next_attempt_at'))
        batch_op.drop_index(batch_op.f('ix_inbox_sha256'))
        batch_op.drop_index(batch_op.f('ix_inbox_message_key'))
        batch_op.drop_index(batch_op.f('ix_inbox_erase_at'))

    op.drop_table('inbox')
    op.drop_table('heartbeats')
    with op.batch_alter_table('handovers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_handovers_erase_at'))

    op.drop_table('handovers')
    with op.batch_alter_table('duty_tasks', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_duty_tasks_owner_id_done_at'))

    op.drop_table('duty_tasks')
    with op.batch_alter_table('drafts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_drafts_person_id_updated_at'))
        batch_op.drop_index(batch_op.f('ix_drafts_erase_at'))
        batch_op.drop_index(batch_op.f('ix_drafts_conversation_id_updated_at'))

    op.drop_table('drafts')
    with op.batch_alter_table('chat_addresses', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_chat_addresses_person_id'))

    op.drop_table('chat_addresses')
    with op.batch_alter_table('cases', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_cases_unit_id_received_at'))
        batch_op.drop_index(batch_op.f('ix_cases_status_target_on'))
        batch_op.drop_index(batch_op.f('ix_cases_status_received_on'))
        batch_op.drop_index(batch_op.f('ix_cases_merged_into_id'))

    op.drop_table('cases')
    op.drop_table('case_counters')
    with op.batch_alter_table('audit_events', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_events_at'))

    op.drop_table('audit_events')
    op.drop_table('areas')
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION case_events_append_only()")
