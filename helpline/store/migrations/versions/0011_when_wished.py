"""when wished: since when a waiting child wishes to talk with a woman or with a man

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("queue_entries", sa.Column("wished_at", sa.DateTime(timezone=True)))
    op.execute("UPDATE queue_entries SET wished_at = arrived_at WHERE wish IS NOT NULL")


def downgrade():
    op.drop_column("queue_entries", "wished_at")
