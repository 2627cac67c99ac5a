"""missed contacts: broken-off stories that people work through

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

REASONS = (
    "hung_up_after_9",
    "hung_up_after_disclosure",
    "asked_for_callback",
    "text_failed",
    "hung_up_waiting",
    "hung_up_in_menu",
)
ENDINGS = ("talked", "came_back", "not_safe", "not_reached", "no_number", "nothing_to_do", "joined")
OPEN = sa.text("closed_at IS NULL")


def upgrade():
    op.create_table(
        "missed_contacts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("caller_pseudonym", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("latest_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wanted_channel", sa.Text(), nullable=True),
        sa.Column("said_safe", sa.Boolean(), nullable=True),
        sa.Column("wanted_by", sa.Text(), nullable=True),
        sa.Column("taken_by", sa.Integer(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notes_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("ending", sa.Text(), nullable=True),
        sa.CheckConstraint(f"reason IN {REASONS}", name="ck_missed_contacts_reason"),
        sa.CheckConstraint(f"ending IN {ENDINGS}", name="ck_missed_contacts_ending"),
        sa.CheckConstraint("(closed_at IS NULL) = (ending IS NULL)", name="ck_missed_contacts_closed_has_ending"),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_missed_contacts_contact_id"),
        sa.ForeignKeyConstraint(["taken_by"], ["staff.id"], name="fk_missed_contacts_taken_by"),
        sa.PrimaryKeyConstraint("id", name="pk_missed_contacts"),
    )
    op.create_index("uq_missed_contacts_open", "missed_contacts", ["contact_id"], unique=True, postgresql_where=OPEN)
    op.create_index("ix_missed_contacts_open_number", "missed_contacts", ["caller_pseudonym"], postgresql_where=OPEN)
    op.create_index("ix_missed_contacts_contact_id", "missed_contacts", ["contact_id"])


def downgrade():
    op.drop_table("missed_contacts")
