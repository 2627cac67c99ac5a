"""hand-offs of every kind: written offers, people handed on, milestones, two persons, lineage

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

FIRST_STATES = (
    "offering",
    "acknowledged",
    "accepted",
    "returned",
    "unreachable",
    "cancel_requested",
    "completed",
    "cancelled",
    "closed",
)
OVER = ("closed", "cancelled", "recalled", "failed", "entered_in_error")
STATES = (*FIRST_STATES, "draft", "awaiting_approval", "in_progress", "recall_pending", *OVER[2:])
FIRST_OFFER_STATES = ("sent", "seen", "acked", "accepted", "declined", "expired", "withdrawn", "lost")
OFFER_STATES = (*FIRST_OFFER_STATES, "delivered")
TELLINGS = ("offer", "notice", "withdrawn", "cancel", "recall", "declined", "returned", "receipt")

HANDOFF_COLUMNS = (
    sa.Column("shared_ref", sa.Text()),
    sa.Column("parent_id", sa.Uuid(), sa.ForeignKey("handoffs.id", name="fk_handoffs_parent_id")),
    sa.Column("direction", sa.Text(), nullable=False, server_default="out"),
    sa.Column("origin", sa.Text()),
    sa.Column("origin_ref", sa.Text()),
    sa.Column("live_call", sa.Boolean(), nullable=False, server_default=sa.true()),
    sa.Column("priority", sa.Text(), nullable=False, server_default="emergency"),
    sa.Column("basis", sa.Text(), nullable=False, server_default="vital_interest"),
    sa.Column("services", JSONB(), nullable=False, server_default=sa.text("'{}'")),
    sa.Column("excluded", JSONB(), nullable=False, server_default=sa.text("'[]'")),
    sa.Column("asked_by", sa.Integer(), sa.ForeignKey("staff.id", name="fk_handoffs_asked_by")),
    sa.Column("approved_by", sa.Integer(), sa.ForeignKey("staff.id", name="fk_handoffs_approved_by")),
)
OFFER_COLUMNS = (
    sa.Column("channel", sa.Text(), nullable=False, server_default="call"),
    sa.Column("step", sa.Integer(), nullable=False, server_default="0"),
    sa.Column("expires_at", sa.DateTime(timezone=True)),
    sa.Column("seen_at", sa.DateTime(timezone=True)),
    sa.Column("decline_code", sa.Text()),
    sa.Column("note_sealed", sa.LargeBinary()),
)


def upgrade():
    for column in HANDOFF_COLUMNS:
        op.add_column("handoffs", column)
    op.execute("UPDATE handoffs SET shared_ref = ref")
    op.alter_column("handoffs", "shared_ref", nullable=False)
    op.create_index(op.f("ix_handoffs_shared_ref"), "handoffs", ["shared_ref"])
    op.create_index(op.f("ix_handoffs_parent_id"), "handoffs", ["parent_id"])
    for column in OFFER_COLUMNS:
        op.add_column("handoff_offers", column)
    _say_again("handoffs", "state", f"state IN {STATES}")
    _say_again("handoffs", "responsible", "responsible IN ('us', 'partner', 'shared')")
    op.create_check_constraint(op.f("ck_handoffs_direction"), "handoffs", "direction IN ('out', 'in', 'between')")
    _say_again("handoff_offers", "state", f"state IN {OFFER_STATES}")
    _live_index(f"parent_id IS NULL AND state NOT IN {OVER}")
    _new_tables()


def _say_again(table: str, name: str, rule: str) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)


def _live_index(where: str) -> None:
    op.drop_index("uq_handoffs_live", table_name="handoffs")
    op.create_index(
        "uq_handoffs_live", "handoffs", ["contact_id", "workflow"], unique=True, postgresql_where=sa.text(where)
    )


def _of_handoff(primary_key: bool = False) -> sa.Column:
    return sa.Column("handoff_id", sa.Uuid(), sa.ForeignKey("handoffs.id"), nullable=False, primary_key=primary_key)


def _new_tables() -> None:
    op.create_table(
        "handoff_members",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _of_handoff(),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sex", sa.Text()),
        sa.Column("age", sa.Integer()),
        sa.Column("born_sealed", sa.LargeBinary()),
        sa.Column("needs", JSONB(), nullable=False, server_default=sa.text("'[]'")),
        sa.Column("accepted_offer_id", sa.Uuid()),
    )
    op.create_index(op.f("ix_handoff_members_handoff_id"), "handoff_members", ["handoff_id"])
    op.create_table(
        "handoff_second_persons",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _of_handoff(),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("excluded", JSONB(), nullable=False, server_default=sa.text("'[]'")),
    sa.Column("asked_by", sa.Integer(), sa.ForeignKey("staff.id"), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), sa.ForeignKey("staff.id")),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
    )
    op.create_index(op.f("ix_handoff_second_persons_handoff_id"), "handoff_second_persons", ["handoff_id"])
    op.create_index(
        "uq_handoff_second_persons_open",
        "handoff_second_persons",
        ["handoff_id", "act"],
        unique=True,
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_table(
        "handoff_milestones",
        _of_handoff(primary_key=True),
        sa.Column("code", sa.Text(), primary_key=True),
        sa.Column("track", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("overdue_at", sa.DateTime(timezone=True)),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("answer", sa.Text()),
    )
    op.create_table(
        "handoff_attempts",
        sa.Column("id", sa.Uuid(), primary_key=True),
        _of_handoff(),
        sa.Column("offer_id", sa.Uuid(), sa.ForeignKey("handoff_offers.id")),
        sa.Column("partner", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("idem_key", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("provider_id", sa.Text()),
        sa.Column("fault", sa.Text()),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("idem_key", name=op.f("uq_handoff_attempts_idem_key")),
        sa.CheckConstraint(f"about IN {TELLINGS}", name=op.f("ck_handoff_attempts_about")),
        sa.CheckConstraint(
            "status IN ('owed', 'sent', 'delivered', 'failed')", name=op.f("ck_handoff_attempts_status")
        ),
    )
    op.create_index(op.f("ix_handoff_attempts_handoff_id"), "handoff_attempts", ["handoff_id"])
    op.create_index(op.f("ix_handoff_attempts_offer_id"), "handoff_attempts", ["offer_id"])


def downgrade():
    for table in ("handoff_attempts", "handoff_milestones", "handoff_second_persons", "handoff_members"):
        op.drop_table(table)
    _live_index("state NOT IN ('cancelled', 'closed')")
    _say_again("handoff_offers", "state", f"state IN {FIRST_OFFER_STATES}")
    op.drop_constraint(op.f("ck_handoffs_direction"), "handoffs", type_="check")
    _say_again("handoffs", "responsible", "responsible IN ('us', 'partner')")
    _say_again("handoffs", "state", f"state IN {FIRST_STATES}")
    for column in OFFER_COLUMNS:
        op.drop_column("handoff_offers", column.name)
    for column in HANDOFF_COLUMNS:
        op.drop_column("handoffs", column.name)
