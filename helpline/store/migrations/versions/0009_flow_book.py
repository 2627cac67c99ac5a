"""the flow book: drafts, proposals and published versions of flows

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = ("flow_drafts", "flow_proposals", "flow_versions")


def upgrade():
    op.create_table(
        "flow_drafts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("source", sa.Text()),
        sa.Column("note", sa.Text()),
        sa.Column("saved_by", sa.Text(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_flow_drafts"),
    )
    op.create_index("ix_flow_drafts_flow", "flow_drafts", ["flow"])
    op.create_table(
        "flow_proposals",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("draft_id", sa.BigInteger(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["flow_drafts.id"], name="fk_flow_proposals_draft_id"),
        sa.PrimaryKeyConstraint("id", name="pk_flow_proposals"),
    )
    op.create_index("ix_flow_proposals_draft_id", "flow_proposals", ["draft_id"])
    op.create_table(
        "flow_versions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("published_by", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Text()),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("draft_id", sa.BigInteger()),
        sa.Column("restores", sa.Integer()),
        sa.CheckConstraint("approved_by <> published_by", name=op.f("ck_flow_versions_two_people")),
        sa.ForeignKeyConstraint(["draft_id"], ["flow_drafts.id"], name="fk_flow_versions_draft_id"),
        sa.PrimaryKeyConstraint("id", name="pk_flow_versions"),
        sa.UniqueConstraint("flow", "version", name="uq_flow_versions_flow"),
    )
    for table in TABLES:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


def downgrade():
    for table in reversed(TABLES):
        op.drop_table(table)
