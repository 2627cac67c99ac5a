"""shelters and journeys, appeals to the public, tips and supplements, serials

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

HOLD_STATES = ("held", "confirmed", "released", "expired", "site_closed")
PARTIES = ("police", "prosecutor", "body", "guardian")


def _at(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _of_handoff(*, key: bool = False) -> sa.Column:
    return sa.Column("handoff_id", sa.Uuid(), sa.ForeignKey("handoffs.id"), nullable=False, primary_key=key)


def upgrade():
    op.add_column("handoffs", sa.Column("serial", sa.Text()))
    op.create_index("uq_handoffs_serial", "handoffs", ["workflow", "serial"], unique=True)
    op.create_table(
        "shelter_counts",
        sa.Column("partner", sa.Text(), primary_key=True),
        sa.Column("site", sa.Text(), primary_key=True),
        sa.Column("bed", sa.Text(), primary_key=True),
        sa.Column("occupied", sa.Integer(), nullable=False),
        sa.Column("accepting", sa.Boolean(), nullable=False),
        _at("as_of"),
    )
    op.create_table(
        "handoff_holds",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _of_handoff(),
        sa.Column("offer_id", sa.Uuid(), sa.ForeignKey("handoff_offers.id")),
        sa.Column("member_id", sa.Uuid(), sa.ForeignKey("handoff_members.id"), nullable=False),
        sa.Column("partner", sa.Text(), nullable=False),
        sa.Column("site", sa.Text(), nullable=False),
        sa.Column("bed", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        _at("expires_at"),
        _at("ended_at", nullable=True),
        sa.CheckConstraint(f"state IN {HOLD_STATES}", name=op.f("ck_handoff_holds_state")),
    )
    op.create_index(op.f("ix_handoff_holds_handoff_id"), "handoff_holds", ["handoff_id"])
    op.create_index(op.f("ix_handoff_holds_offer_id"), "handoff_holds", ["offer_id"])
    held = sa.text("state = 'held'")
    op.create_index("uq_handoff_holds_member", "handoff_holds", ["member_id"], unique=True, postgresql_where=held)
    op.create_table(
        "handoff_transports",
        _of_handoff(key=True),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("escort", sa.Text(), nullable=False),
        sa.Column("same_sex", sa.Boolean(), nullable=False),
        sa.Column("pickup_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("code_word_sealed", sa.LargeBinary(), nullable=False),
        _at("eta_at"),
        _at("arrived_at", nullable=True),
    )
    op.create_table(
        "handoff_appeals",
        _of_handoff(key=True),
        sa.Column("text_sealed", sa.LargeBinary()),
        _at("written_at"),
        _at("published_at", nullable=True),
        _at("purged_at", nullable=True),
    )
    op.create_table(
        "handoff_appeal_decisions",
        _of_handoff(key=True),
        sa.Column("party", sa.Text(), primary_key=True),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("by_sealed", sa.LargeBinary()),
        _at("at"),
        sa.CheckConstraint(f"party IN {PARTIES}", name=op.f("ck_handoff_appeal_decisions_party")),
    )
    op.create_table(
        "handoff_additions",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _of_handoff(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        _at("at"),
        sa.Column("by", sa.Text(), nullable=False),
    )
    op.create_index(op.f("ix_handoff_additions_handoff_id"), "handoff_additions", ["handoff_id"])
    op.create_index("uq_handoff_additions_number", "handoff_additions", ["handoff_id", "kind", "number"], unique=True)
    op.create_table(
        "handoff_serials",
        sa.Column("workflow", sa.Text(), primary_key=True),
        sa.Column("year", sa.Integer(), primary_key=True),
        sa.Column("last", sa.Integer(), nullable=False),
    )


def downgrade():
    for table in (
        "handoff_serials",
        "handoff_additions",
        "handoff_appeal_decisions",
        "handoff_appeals",
        "handoff_transports",
        "handoff_holds",
        "shelter_counts",
    ):
        op.drop_table(table)
    op.drop_index("uq_handoffs_serial", table_name="handoffs")
    op.drop_column("handoffs", "serial")
