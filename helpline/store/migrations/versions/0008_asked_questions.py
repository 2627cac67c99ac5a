"""asked questions: what a child who can not speak was asked, and which key they pressed

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "asked_questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("put_at", sa.DateTime(timezone=True)),
        sa.Column("answer", sa.Text()),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("answer IN ('yes', 'no', 'danger', 'none', 'gone', 'not_put')", name=op.f("ck_asked_questions_answer")),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_asked_questions_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_asked_questions"),
    )
    op.create_index("ix_asked_questions_contact", "asked_questions", ["contact_id", "asked_at"])
    op.create_index(
        "uq_asked_questions_open",
        "asked_questions",
        ["contact_id"],
        unique=True,
        postgresql_where=sa.text("answered_at IS NULL"),
    )


def downgrade():
    op.drop_table("asked_questions")
