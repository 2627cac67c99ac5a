"""switches of the whole line

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

RUNG_BY_US = sa.text("role <> 'caller'")


def upgrade():
    op.create_table(
        "line_switches",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("on_by", sa.Text(), nullable=False),
        sa.Column("on_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("off_by", sa.Text(), nullable=True),
        sa.Column("off_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("name IN ('surge', 'outage')", name="name"),
        sa.PrimaryKeyConstraint("id", name="pk_line_switches"),
    )
    op.create_index(
        "uq_line_switches_on", "line_switches", ["name"], unique=True, postgresql_where=sa.text("off_at IS NULL")
    )
    op.create_index("ix_calls_rung_by_us", "calls", ["created_at"], postgresql_where=RUNG_BY_US)


def downgrade():
    op.drop_index("ix_calls_rung_by_us", table_name="calls")
    op.drop_table("line_switches")
