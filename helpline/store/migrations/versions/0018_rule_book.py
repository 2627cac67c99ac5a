"""the rule book: candidates tried beside the live rules, what they would have said, and what was put in force

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

APPEND_ONLY = ("rule_candidates", "rule_candidate_ends", "rule_proposals", "rule_publications")
TWO_PEOPLE = "restores IS NOT NULL OR (approved_by IS NOT NULL AND approved_by <> asked_by)"


def upgrade():
    op.create_table(
        "rule_candidates",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("files", JSONB(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("after_event", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rule_candidates"),
    )
    for table, did, words in (("rule_candidate_ends", "ended", "reason"), ("rule_proposals", "asked", "change")):
        op.create_table(
            table,
            sa.Column("candidate_id", sa.BigInteger(), nullable=False),
            sa.Column(words, sa.Text(), nullable=False),
            sa.Column(f"{did}_by", sa.Text(), nullable=False),
            sa.Column(f"{did}_at", sa.DateTime(timezone=True), nullable=False),
            sa.ForeignKeyConstraint(["candidate_id"], ["rule_candidates.id"], name=f"fk_{table}_candidate_id"),
            sa.PrimaryKeyConstraint("candidate_id", name=f"pk_{table}"),
        )
    op.create_table(
        "rule_publications",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("files", JSONB()),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.Text()),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("candidate_id", sa.BigInteger()),
        sa.Column("restores", sa.BigInteger()),
        sa.Column("shipped_version", sa.Text(), nullable=False),
        sa.CheckConstraint(TWO_PEOPLE, name=op.f("ck_rule_publications_two_people")),
        sa.ForeignKeyConstraint(["candidate_id"], ["rule_candidates.id"], name="fk_rule_publications_candidate_id"),
        sa.PrimaryKeyConstraint("id", name="pk_rule_publications"),
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
    op.create_table(
        "shadow_opinions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("candidate_id", sa.BigInteger(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("live_version", sa.Text(), nullable=False),
        sa.Column("live_level", sa.Text(), nullable=False),
        sa.Column("live_reasons", JSONB(), nullable=False),
        sa.Column("shadow_level", sa.Text()),
        sa.Column("shadow_reasons", JSONB(), nullable=False),
        sa.Column("told", JSONB(), nullable=False),
        sa.Column("fault", sa.Text()),
        sa.ForeignKeyConstraint(["candidate_id"], ["rule_candidates.id"], name="fk_shadow_opinions_candidate_id"),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_shadow_opinions_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_shadow_opinions"),
        sa.UniqueConstraint("candidate_id", "contact_id", "event_id", name="uq_shadow_opinions_candidate_id"),
    )
    op.create_index("ix_shadow_opinions_candidate_id", "shadow_opinions", ["candidate_id", "event_id"])


def downgrade():
    op.drop_table("shadow_opinions")
    for table in reversed(APPEND_ONLY):
        op.drop_table(table)
