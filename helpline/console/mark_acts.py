"""The mark on a number: set, confirmed by another, or undone, from the contact's page. Each act is one POST."""

from uuid import UUID

from flask import Blueprint
from flask_babel import gettext as _

from helpline import marking
from helpline.console.acts import act, required
from helpline.console.guard import open_to, the_line, the_person, the_session

mark_acts = Blueprint("mark_acts", __name__, url_prefix="/contacts/<uuid:contact_id>/number-mark")

HERE = "floor.page"


@mark_acts.post("")
@open_to(*marking.WATCHERS)
@act(HERE)
def set_mark(contact_id: UUID) -> str:
    """Propose a mark with a reason."""
    marking.mark_number(the_session(), the_line(), the_person(), contact_id, required("kind"), required("reason"))
    return _("Set. It has no effect until somebody else confirms it.")


@mark_acts.post("/confirm")
@open_to(*marking.WATCHERS)
@act(HERE)
def confirm(contact_id: UUID) -> str:
    """Agree with what somebody else has set."""
    marking.confirm_number_mark(the_session(), the_line(), the_person(), contact_id)
    return _("Confirmed: the number has the slower lane until the mark expires.")


@mark_acts.post("/lift")
@open_to(*marking.WATCHERS)
@act(HERE)
def lift(contact_id: UUID) -> str:
    """Undo it."""
    marking.lift_number_mark(the_session(), the_line(), the_person(), contact_id)
    return _("The mark is undone.")
