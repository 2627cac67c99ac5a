"""links by which partners come to their page

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "partner_links",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False, unique=True),
        sa.Column("offer_id", sa.Uuid(), sa.ForeignKey("handoff_offers.id"), nullable=False),
        sa.Column("endpoint", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wrong_pins", sa.Integer(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True)),
    )
    op.create_index(op.f("ix_partner_links_offer_id"), "partner_links", ["offer_id"])


def downgrade():
    op.drop_table("partner_links")
