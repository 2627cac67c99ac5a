"""What is done with a conversation by text beyond writing in it. Each act is one POST."""

from uuid import UUID

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import gettext as _

from helpline import conversing
from helpline.answering import WATCHERS
from helpline.console.acts import REFUSALS, act, required
from helpline.console.counsellor import ANSWERING, HERE
from helpline.console.guard import open_to, the_line, the_person, the_session
from helpline.contacts.alerts import KINDS
from helpline.contacts.stages import Invalid
from helpline.outbox.bell import commit, roll_back

text_acts = Blueprint("text_acts", __name__, url_prefix="/console/contacts/<uuid:contact_id>")


@text_acts.post("/texts/<uuid:message_id>/again")
@open_to(*ANSWERING)
@act(HERE)
def send_again(contact_id: UUID, message_id: UUID) -> str:
    """Send a text once more that has failed."""
    conversing.send_again(the_session(), the_line(), the_person(), contact_id, message_id)
    return _("It is being sent again.")


@text_acts.post("/seen-to")
@open_to(*ANSWERING, *WATCHERS)
@act(HERE)
def see_to(contact_id: UUID) -> None:
    """An alert was seen to."""
    if (kind := required("alert")) not in KINDS:
        raise Invalid("alert")
    conversing.see_to(the_session(), the_person(), contact_id, kind)


@text_acts.post("/texts-wanted")
@open_to(*ANSWERING, *WATCHERS)
@act(HERE)
def decide_texts(contact_id: UUID) -> str:
    """What a word such as 'stop' meant: texts go on, or no more are sent."""
    if required("texts") == "stop":
        conversing.stop_all_texts(the_session(), the_line(), the_person(), contact_id)
        return _("No more texts go to this number until the child writes again.")
    conversing.resume_texts(the_session(), the_line(), the_person(), contact_id)
    return _("Texts go on.")


@text_acts.post("/call-asked")
@open_to(*ANSWERING, *WATCHERS)
@act(HERE)
def ask_to_call(contact_id: UUID) -> str:
    """Put the child on the list of those to be called."""
    conversing.ask_to_call(the_session(), the_line(), the_person(), contact_id)
    return _("They are on the list of those to be called. A person looks first whether that is safe.")


@text_acts.post("/hand-over")
@open_to(*ANSWERING, *WATCHERS)
@act(HERE)
def hand_over(contact_id: UUID) -> str:
    """Give the conversation to a colleague, or back to the queue."""
    to = request.form.get("to", "")
    conversing.hand_over(the_session(), the_line(), the_person(), contact_id, int(to) if to.isdecimal() else None)
    if to:
        return _("The conversation is offered to your colleague. If nobody takes it, it keeps its place in the queue.")
    return _("The conversation is back in the queue, at its place.")


@text_acts.post("/allowed")
@open_to("shift_lead")
@act(HERE)
def allow_link_or_number(contact_id: UUID) -> str:
    """Let a link or number through that is not on the list, in this conversation."""
    allowed = conversing.allow_link_or_number(
        the_session(), the_line(), the_person(), contact_id, required("pointer"), required("reason")
    )
    return _("Allowed in this conversation: %(what)s", what=" ".join(allowed))


@text_acts.post("/attachments/<uuid:media_id>")
@open_to("shift_lead")
def release_attachment(contact_id: UUID, media_id: UUID) -> str | Response:
    """Tell where an attachment is kept, for a report. Neither fetched nor shown here."""
    session, line = the_session(), the_line()
    try:
        media, address = conversing.release_attachment(
            session, line, the_person(), contact_id, media_id, required("reason")
        )
    except tuple(REFUSALS):
        roll_back(session)
        abort(404)
    commit(session, line.bell)
    return render_template("console/attachment.html", media=media, address=address)
