"""writing first: a try that was a text

Revision ID: 0015
Revises: 0014
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

BY_CALL = ("talked", "no_answer", "busy", "other_voice", "no_key", "machine", "failed", "called_off")
# The table was made with its rule's name twice over; from here on it is named as all others are.
FIRST_NAME, NAME = "ck_callback_attempts_ck_callback_attempts_how_ended", "ck_callback_attempts_how_ended"


def upgrade():
    op.drop_constraint(op.f(FIRST_NAME), "callback_attempts", type_="check")
    op.create_check_constraint(op.f(NAME), "callback_attempts", f"how_ended IN {(*BY_CALL, 'written')}")


def downgrade():
    op.execute("UPDATE callback_attempts SET how_ended = 'failed' WHERE how_ended = 'written'")
    op.drop_constraint(op.f(NAME), "callback_attempts", type_="check")
    op.create_check_constraint(op.f(FIRST_NAME), "callback_attempts", f"how_ended IN {BY_CALL}")
