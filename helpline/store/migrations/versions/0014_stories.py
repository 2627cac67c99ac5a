"""stories: what was done in a contact's flows, as signs of a walk

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("flow_sessions", sa.Column("stories", JSONB, nullable=False, server_default="[]"))


def downgrade():
    op.drop_column("flow_sessions", "stories")
