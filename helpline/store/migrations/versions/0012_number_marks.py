"""number marks: set by one person, confirmed by a second, and the slower lane they give

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

KINDS = ("abusive", "spam")
ENDINGS = ("refused", "lifted", "expired")


def upgrade():
    op.add_column("queue_entries", sa.Column("slower_by_s", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "number_marks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("caller_pseudonym", sa.LargeBinary(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ending", sa.Text(), nullable=True),
        sa.CheckConstraint(f"kind IN {KINDS}", name="ck_number_marks_kind"),
        sa.CheckConstraint(f"ending IN {ENDINGS}", name="ck_number_marks_ending"),
        sa.CheckConstraint("set_by <> confirmed_by", name="ck_number_marks_two_people"),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_number_marks_contact_id"),
        *(
            sa.ForeignKeyConstraint([column], ["staff.id"], name=f"fk_number_marks_{column}")
            for column in ("set_by", "confirmed_by", "ended_by")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_number_marks"),
    )
    op.create_index("ix_number_marks_contact_id", "number_marks", ["contact_id"])
    op.create_index(
        "uq_number_marks_open",
        "number_marks",
        ["caller_pseudonym"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade():
    op.drop_table("number_marks")
    op.drop_column("queue_entries", "slower_by_s")
