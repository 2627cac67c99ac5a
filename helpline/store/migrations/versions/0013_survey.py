"""counted answers to the question after a talk

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "survey_counts",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("given", sa.Integer(), nullable=False),
        sa.CheckConstraint("answer IN ('helped', 'helped_a_little', 'did_not_help')", name="answer"),
        sa.PrimaryKeyConstraint("week", "channel", "language", "answer", name="pk_survey_counts"),
    )


def downgrade():
    op.drop_table("survey_counts")
