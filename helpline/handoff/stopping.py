"""The ways in which a hand-off ends that nobody wished for: stopped, recalled, failed, or never right to begin with."""

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from helpline.contacts.stages import NotPossibleNow
from helpline.handoff.fields import Fields, read_code, read_version, read_who
from helpline.handoff.models import Handoff, Offer
from helpline.handoff.moving import Actor, TransitionRefused, move, note, person
from helpline.handoff.offers import withdraw_offers
from helpline.handoff.paging import stop_paging
from helpline.handoff.sealed import CONFIRMATION, seal_said
from helpline.handoff.second_person import is_seconded
from helpline.handoff.telling import tell_partner
from helpline.handoff.transitions import OVER, PARTNER
from helpline.line import Line
from helpline.staff.models import Staff

CANCEL_REASONS = ("child_is_safe", "child_refuses", "other_help", "by_mistake")
RECALL_ANSWERS = ("deleted", "can_not_be_recalled")
FAIL_REASONS = ("partner_failed", "child_unreachable", "child_refuses", "not_possible", "other")
PLANS = ("new_handoff", "our_own_follow_up", "other_authority", "family_takes_over", "none_possible")
ERROR_REASONS = ("wrong_child", "wrong_number", "wrong_partner", "duplicate")


def cancel(session: Session, line: Line, handoff: Handoff, staff: Staff, fields: Fields) -> None:
    """Stop it. Before acceptance at once; after it the partner is asked first. Field: `reason`, a code.

    One that reached nobody is stopped by two: its owner, and a shift lead who is somebody else.
    """
    code = read_code(fields, "reason", CANCEL_REASONS)
    if not handoff.workflow_as_started.may_cancel and handoff.accepted_at:
        raise NotPossibleNow("this kind is never taken back once it was received: send a supplement instead")
    after = {"accepted": "ask_cancel", "in_progress": "ask_cancel"}
    row = (after | {"unreachable": "cancel_unreachable"}).get(handoff.state, "cancel")
    alone = row == "cancel_unreachable" and staff.id == handoff.owner_id and staff.role == "shift_lead"
    if alone and not is_seconded(session, handoff, "cancel", staff):
        return
    move(session, line, handoff, row, person(staff), **read_version(fields), reason=code)
    if row == "ask_cancel":
        _tell_holder(session, handoff, "cancel")
        return
    withdraw_offers(session, handoff, "cancelled")
    stop_paging(session, handoff)


def agree_cancel(session: Session, line: Line, handoff: Handoff, by: Actor, fields: Fields) -> None:
    """The partner agrees that it stops. Field: `by`, who said so."""
    values = {"confirmation_sealed": seal_said(line.keys, handoff, CONFIRMATION, {"by": read_who(fields)})}
    move(session, line, handoff, "agree_cancel", by, values=values, **read_version(fields))
    withdraw_offers(session, handoff, "cancelled")


def recall(session: Session, line: Line, handoff: Handoff, staff: Staff, fields: Fields) -> None:
    """Consent is withdrawn. Where it was the ground, everybody is asked to stop; on another ground it is an objection.

    What nobody has looked at yet is recalled at once.
    """
    if handoff.basis != "consent":
        if handoff.state in OVER:
            raise TransitionRefused("recall", handoff.state)
        note(session, handoff, "objection", person(staff), basis=handoff.basis)
        return
    seen = list_seen(session, handoff)
    move(session, line, handoff, "recall", person(staff), **read_version(fields), seen_by=seen)
    stop_paging(session, handoff)
    _call_back(session, handoff, "recalled")
    if not seen:
        move(session, line, handoff, "attest_recall", person(staff), answer="seen_by_nobody")


def attest_recall(session: Session, line: Line, handoff: Handoff, by: Actor, fields: Fields) -> None:
    """What was recalled is deleted, as `by` at the partner's says; or it can not be, as they have seen it.

    Fields: `answer`, one of RECALL_ANSWERS; `by` for the first. What was seen, by which partner and when, is on record.
    """
    answer = read_code(fields, "answer", RECALL_ANSWERS)
    values = {}
    if answer == "deleted":
        values = {"confirmation_sealed": seal_said(line.keys, handoff, CONFIRMATION, {"by": read_who(fields)})}
    elif by.kind == PARTNER:
        raise NotPossibleNow("only we can state that something can not be recalled")
    told = {"answer": answer, "seen_by": list_seen(session, handoff)}
    move(session, line, handoff, "attest_recall", by, values=values, **read_version(fields), **told)


def list_seen(session: Session, handoff: Handoff) -> list[dict]:
    """Which partners have looked at it, and when first."""
    seen = select(Offer).where(Offer.handoff_id == handoff.id, Offer.seen_at.is_not(None)).order_by(Offer.seq)
    return [{"partner": offer.partner, "at": offer.seen_at.isoformat()} for offer in session.scalars(seen)]


def fail(session: Session, line: Line, handoff: Handoff, staff: Staff, fields: Fields) -> None:
    """It can not be brought to an end. Fields: `reason`, and `plan`: what is done for the child instead."""
    told = {"reason": read_code(fields, "reason", FAIL_REASONS), "plan": read_code(fields, "plan", PLANS)}
    move(session, line, handoff, "fail", person(staff), **read_version(fields), **told)
    withdraw_offers(session, handoff, "failed")
    stop_paging(session, handoff)


def enter_in_error(session: Session, line: Line, handoff: Handoff, staff: Staff, fields: Fields) -> None:
    """It should never have been: wrong child, number or partner. Two people say so. Field: `reason`, a code."""
    code = read_code(fields, "reason", ERROR_REASONS)
    if handoff.state == "entered_in_error":
        raise TransitionRefused("enter_in_error", handoff.state)
    if not is_seconded(session, handoff, "enter_in_error", staff):
        return
    told = {"reason": code, "seen_by": list_seen(session, handoff)}
    move(session, line, handoff, "enter_in_error", person(staff), **read_version(fields), **told)
    stop_paging(session, handoff)
    _call_back(session, handoff, "entered_in_error")


def _call_back(session: Session, handoff: Handoff, why: str) -> None:
    """Nobody sees it any more, and all who have seen it are asked to delete it, even those who declined."""
    for offer in _offers(session, handoff, Offer.seen_at.is_not(None)):
        tell_partner(session, handoff, offer, "recall")
    withdraw_offers(session, handoff, why)


def _tell_holder(session: Session, handoff: Handoff, about: str) -> None:
    """Word to the partner that has taken it on in writing."""
    for offer in _offers(session, handoff, Offer.state == "accepted"):
        tell_partner(session, handoff, offer, about)


def _offers(session: Session, handoff: Handoff, which: ColumnElement[bool]) -> list[Offer]:
    """Those made in writing; a desk on the telephone is told by a person."""
    written = select(Offer).where(Offer.handoff_id == handoff.id, Offer.channel != "call", which)
    return list(session.scalars(written.order_by(Offer.seq)))
