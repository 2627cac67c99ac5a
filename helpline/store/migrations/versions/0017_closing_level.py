"""closing level: what the counsellor thought in the end, beside what the rules alone made of it

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

LEVELS = "('critical', 'high', 'elevated', 'routine', 'benign')"


def upgrade():
    op.add_column("contacts", sa.Column("level_by_rules", sa.Text()))
    op.add_column("contacts", sa.Column("closing_level", sa.Text()))
    op.create_check_constraint(op.f("ck_contacts_closing_level"), "contacts", f"closing_level IN {LEVELS}")
    labelled = sa.text("closing_level IS NOT NULL")
    op.create_index("ix_contacts_labelled", "contacts", ["opened_at"], postgresql_where=labelled)
    # Whom no person has judged the rules alone have judged; of the others nobody knows any more.
    op.execute(
        "UPDATE contacts SET level_by_rules = level WHERE level_by_person IS NULL AND rules_version IS NOT NULL"
    )


def downgrade():
    op.drop_index("ix_contacts_labelled", "contacts")
    op.drop_constraint(op.f("ck_contacts_closing_level"), "contacts")
    op.drop_column("contacts", "closing_level")
    op.drop_column("contacts", "level_by_rules")
