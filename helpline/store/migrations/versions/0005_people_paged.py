"""people paged: since when our own people are called to a hand-off

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("handoffs", sa.Column("paged_since", sa.DateTime(timezone=True)))
    paging = "kind = 'handoff_page' AND fired_at IS NULL AND cancelled_at IS NULL"
    op.execute(
        "UPDATE handoffs SET paged_since = now() WHERE taken_at IS NULL"
        f" AND id::text IN (SELECT subject FROM timers WHERE {paging})"
    )


def downgrade():
    op.drop_column("handoffs", "paged_since")
