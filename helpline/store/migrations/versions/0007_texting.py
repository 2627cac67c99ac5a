"""texting: alerts about a contact, stops, attachments

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("messages", sa.Column("sent_again", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("messages", sa.Column("handed_over_at", sa.DateTime(timezone=True)))
    op.create_table(
        "contact_alerts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("settled_by", sa.Text()),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_contact_alerts_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_contact_alerts"),
    )
    op.create_index("ix_contact_alerts_contact_id", "contact_alerts", ["contact_id"])
    op.create_index(
        "uq_contact_alerts_open",
        "contact_alerts",
        ["contact_id", "kind"],
        unique=True,
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_table(
        "text_stops",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("caller_pseudonym", sa.LargeBinary(), nullable=False),
        sa.Column("said_by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name="fk_text_stops_contact_id"),
        sa.PrimaryKeyConstraint("id", name="pk_text_stops"),
    )
    op.create_index("ix_text_stops_contact_id", "text_stops", ["contact_id"])
    op.create_index(
        "uq_text_stops_in_force",
        "text_stops",
        ["line", "caller_pseudonym", "said_by"],
        unique=True,
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.create_table(
        "message_media",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("url_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True)),
        sa.Column("released_by", sa.Text()),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_message_media_message_id"),
        sa.PrimaryKeyConstraint("id", name="pk_message_media"),
    )
    op.create_index("ix_message_media_message_id", "message_media", ["message_id"])


def downgrade():
    op.drop_table("message_media")
    op.drop_table("text_stops")
    op.drop_table("contact_alerts")
    op.drop_column("messages", "handed_over_at")
    op.drop_column("messages", "sent_again")
