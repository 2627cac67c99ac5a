"""An appeal to the public about a missing child: only by the decision of all four, and gone once the child is found."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.contacts.stages import Invalid, NotPossibleNow
from helpline.handoff.fields import Fields, read_code, read_who
from helpline.handoff.models import Handoff
from helpline.handoff.moving import CLOCK, note, person
from helpline.handoff.paging import start_paging
from helpline.handoff.special_models import PARTIES, Appeal, AppealDecision
from helpline.line import Line
from helpline.staff.models import Staff
from helpline.store.types import utc_now

TEXT, BY = "handoff_appeals.text", "handoff_appeal_decisions.by"
LONGEST_APPEAL = 2000
ANSWERS = ("agrees", "refuses")


def write_appeal(session: Session, line: Line, handoff: Handoff, staff: Staff, fields: Fields) -> None:
    """The words that would go out. Written anew, all four are asked anew. Field: `text`."""
    text = fields.get("text")
    if not isinstance(text, str) or not text.strip() or len(text) > LONGEST_APPEAL:
        raise Invalid(f"text: the words of the appeal, at most {LONGEST_APPEAL} characters")
    appeal = session.get(Appeal, handoff.id)
    if appeal and (appeal.published_at or appeal.purged_at):
        raise NotPossibleNow("an appeal that has gone out is not written anew")
    appeal = appeal or Appeal(handoff_id=handoff.id)
    appeal.text_sealed, appeal.written_at = line.keys.seal(text.strip(), TEXT, handoff.id), utc_now()
    session.add(appeal)
    for decision in list_decisions(session, handoff):
        session.delete(decision)
    session.flush()
    note(session, handoff, "appeal_written", person(staff))


def decide_appeal(session: Session, line: Line, handoff: Handoff, staff: Staff, fields: Fields) -> None:
    """What one of the four says. Fields: `party`, one of PARTIES; `answer`: agrees or refuses; `by`, who said so."""
    party, answer = read_code(fields, "party", PARTIES), read_code(fields, "answer", ANSWERS)
    if session.get(Appeal, handoff.id) is None:
        raise NotPossibleNow("there are no words to decide about yet")
    decision = session.get(AppealDecision, (handoff.id, party)) or AppealDecision(handoff_id=handoff.id, party=party)
    decision.agrees, decision.at = answer == "agrees", utc_now()
    decision.by_sealed = line.keys.seal(read_who(fields), BY, f"{handoff.id} {party}")
    session.add(decision)
    session.flush()
    note(session, handoff, "appeal_decided", person(staff), party=party, answer=answer)
    appeal = session.get(Appeal, handoff.id)
    if answer == "refuses" and appeal.published_at:
        start_paging(session, handoff, "appeal_refused")  # it is out there: somebody takes it down now


def list_decisions(session: Session, handoff: Handoff) -> list[AppealDecision]:
    """What was said so far, by party."""
    query = select(AppealDecision).where(AppealDecision.handoff_id == handoff.id).order_by(AppealDecision.party)
    return list(session.scalars(query))


def publish(session: Session, line: Line, handoff: Handoff) -> None:
    """The appeal goes out. Raises NotPossibleNow unless all four have agreed to these words."""
    agreed = {decision.party for decision in list_decisions(session, handoff) if decision.agrees}
    if missing := [party for party in PARTIES if party not in agreed]:
        raise NotPossibleNow(f"an appeal needs the agreement of {', '.join(missing)}")
    session.get_one(Appeal, handoff.id).published_at = utc_now()


def child_found(session: Session, line: Line, handoff: Handoff) -> None:
    """Found: whatever has gone out is taken down now, and people are called to see to it."""
    of_child = select(Handoff).join(Appeal, Appeal.handoff_id == Handoff.id)
    out_there = of_child.where(Appeal.published_at.is_not(None), Appeal.purged_at.is_(None))
    for search in session.scalars(out_there.where(Handoff.contact_id == handoff.contact_id)):
        start_paging(session, search, "take_down")


def purge(session: Session, line: Line, handoff: Handoff) -> None:
    """It is taken down: its words and who agreed to them are deleted here too."""
    appeal = session.get(Appeal, handoff.id)
    if appeal is None or appeal.purged_at:
        return
    appeal.text_sealed, appeal.purged_at = None, utc_now()
    for decision in list_decisions(session, handoff):
        decision.by_sealed = None
    note(session, handoff, "appeal_purged", CLOCK)
