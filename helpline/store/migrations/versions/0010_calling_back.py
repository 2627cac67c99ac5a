"""calling back: safe contact plans, attempts, and contacts that answer an earlier one

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

CHANNELS = ("voice", "sms")
ENDS = ("talked", "no_answer", "busy", "other_voice", "no_key", "machine", "failed", "called_off")


def upgrade():
    op.add_column("contacts", sa.Column("calls_back", sa.Uuid(), nullable=True))
    op.create_foreign_key("fk_contacts_calls_back", "contacts", "contacts", ["calls_back"], ["id"])
    op.create_table(
        "safe_plans",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("caller_pseudonym", sa.LargeBinary(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("hours_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("may_pick_up_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("may_name_us", sa.Boolean(), nullable=False),
        sa.Column("may_leave_message", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.CheckConstraint(f"channel IN {CHANNELS}", name="ck_safe_plans_channel"),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_safe_plans_contact_id"),
        sa.ForeignKeyConstraint(["recorded_by"], ["staff.id"], name="fk_safe_plans_recorded_by"),
        sa.PrimaryKeyConstraint("id", name="pk_safe_plans"),
    )
    op.create_index("ix_safe_plans_contact_id", "safe_plans", ["contact_id"])
    op.create_index(
        "uq_safe_plans_live",
        "safe_plans",
        ["caller_pseudonym", "channel"],
        unique=True,
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "callback_attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("missed_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("begun_by", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("past_hours", sa.Boolean(), nullable=False),
        sa.Column("how_ended", sa.Text(), nullable=True),
        sa.Column("left_message", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(f"how_ended IN {ENDS}", name="ck_callback_attempts_how_ended"),
        sa.ForeignKeyConstraint(["missed_id"], ["missed_contacts.id"], name="fk_callback_attempts_missed_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_callback_attempts_contact_id"),
        sa.ForeignKeyConstraint(["plan_id"], ["safe_plans.id"], name="fk_callback_attempts_plan_id"),
        sa.ForeignKeyConstraint(["begun_by"], ["staff.id"], name="fk_callback_attempts_begun_by"),
        sa.PrimaryKeyConstraint("id", name="pk_callback_attempts"),
        sa.UniqueConstraint("contact_id", name="uq_callback_attempts_contact_id"),
    )
    op.create_index("ix_callback_attempts_missed_id", "callback_attempts", ["missed_id"])


def downgrade():
    op.drop_table("callback_attempts")
    op.drop_table("safe_plans")
    op.drop_column("contacts", "calls_back")
