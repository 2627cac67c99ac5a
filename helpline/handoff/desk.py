"""What a partner's desk hears and presses: greeting, PIN, brief, choice, room. A voicemail presses nothing.

Every answer is given once: the same webhook again finds its receipt and changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from config.partners import Partner
from helpline.contacts.calls import caller_leg, hear_of_leg, room_of
from helpline.contacts.models import Call, Contact
from helpline.handoff.brief import brief_prompts
from helpline.handoff.chain import (
    become_report,
    child_is_on_line,
    decline_offer,
    lose_offer,
)
from helpline.handoff.models import LIVE_OFFER, Handoff, Offer
from helpline.handoff.moving import Actor, desk, move
from helpline.handoff.offers import end_offer, give_time, lock_offer, withdraw_offers
from helpline.handoff.transitions import NOT_ACCEPTED
from helpline.line import Line
from helpline.outbox.owed import owe
from helpline.partners.models import PartnerPin
from helpline.partners.pins import PinCheck, check_pin
from helpline.store.receipts import find_answer, keep_answer
from helpline.telephony.twiml import Answer
from ivr_flows.composing import compose

GREETINGS = 2
PIN_TRIES = 3
# Times that a desk is asked for its PIN or its choice and presses nothing or something else.
EMPTY_TRIES = 3
KEY_TIMEOUT_S = 6
LONGEST_PIN = 8
# Seconds that an accepted desk waits for the child to be told before it enters the room all the same.
ANNOUNCED_WITHIN = 6


@dataclass(frozen=True)
class DeskCall:
    """One desk on the telephone, with all it is about, under the contact's lock."""

    contact: Contact
    handoff: Handoff
    offer: Offer
    leg: Call
    language: str

    @property
    def actor(self) -> Actor:
        return desk(self.offer.partner)

    @property
    def is_over(self) -> bool:
        """Whether this desk is not needed any more: too late, taken by another, or the child is gone."""
        waited_for = self.handoff.state in NOT_ACCEPTED or self.offer.state == "accepted"
        return self.offer.state not in LIVE_OFFER or not waited_for


Act = Callable[[Session, Line, DeskCall], Answer]


def answer_desk(session: Session, line: Line, leg_id: UUID, call_sid: str, target: str, act: Act) -> str:
    """Answer one webhook of a desk's leg: from its receipt if there is one, else by `act`."""
    receipt = f"{call_sid} {target}"
    at = _lock_desk(session, line, leg_id, call_sid)
    if at is None:
        return str(line.speaker.answer().hang_up())
    if (before := find_answer(session, receipt)) is not None:
        return before
    answer = str(_say_over(session, line, at) if at.is_over else act(session, line, at))
    keep_answer(session, receipt, answer)
    return answer


def _lock_desk(session: Session, line: Line, leg_id: UUID, call_sid: str) -> DeskCall | None:
    leg = session.get(Call, leg_id)
    if leg is None or leg.role != "partner":
        return None
    contact, handoff, offer = lock_offer(session, leg.offer_id)
    session.refresh(leg)
    hear_of_leg(leg, "in-progress", call_sid)
    return DeskCall(contact, handoff, offer, leg, _language_of(line.partners.get(offer.partner), line))


def _language_of(partner: Partner | None, line: Line) -> str:
    return partner.languages[0] if partner else line.first_language


def greet(session: Session, line: Line, at: DeskCall) -> Answer:
    """The desk has picked up: who we are, and that a person must press a key."""
    if at.offer.state == "sent":
        at.offer.state = "seen"
        give_time(session, at.offer, at.handoff.workflow_as_started.desk.enter_pin_s)
        move(session, line, at.handoff, "answer", at.actor, offer=at.offer.seq)
    return _ask(line, at, "/voice/desk-key", "desk.greeting")


def hear_key(session: Session, line: Line, at: DeskCall, digits: str) -> Answer:
    """1: a person is there. Anything else, or nothing: once more, and then the next desk is asked."""
    if digits == "1":
        return _ask_pin(session, line, at, "desk.pin")
    if at.offer.asked >= GREETINGS:
        return _give_up(session, line, at, "no_key")
    return _ask(line, at, "/voice/desk-key", "desk.greeting")


def hear_pin(session: Session, line: Line, at: DeskCall, digits: str) -> Answer:
    """The PIN. Right: the desk has acknowledged, and hears what we know. Three times wrong: the next desk is asked."""
    if not digits:
        if at.offer.asked >= GREETINGS + PIN_TRIES + EMPTY_TRIES:
            return _give_up(session, line, at, "no_pin")
        return _ask_pin(session, line, at, "desk.pin")
    tried = check_pin(session, at.offer.partner, digits)
    if tried == PinCheck.right:
        return _acknowledge(session, line, at)
    at.offer.wrong_pins += 1
    if tried == PinCheck.locked or at.offer.wrong_pins >= PIN_TRIES:
        return _give_up(session, line, at, "wrong_pin")
    return _ask_pin(session, line, at, "desk.wrong_pin")


def hear_choice(session: Session, line: Line, at: DeskCall, digits: str) -> Answer:
    """1: they take it. 2: they can not. 3: once more. Nothing, several times: the next desk is asked."""
    if digits == "1":
        return _take(session, line, at)
    if digits == "2":
        decline_offer(session, line, at.contact, at.handoff, at.offer, at.actor)
        return line.speaker.answer().say("desk.declined", languages=[at.language]).hang_up()
    if at.offer.asked >= EMPTY_TRIES and digits != "3":
        return _give_up(session, line, at, "no_choice")
    opening = [] if digits == "3" else ["desk.ask_again"]
    return _tell_brief(line, at, opening)


def enter(session: Session, line: Line, at: DeskCall, turn: int) -> Answer:
    """Into the room, as soon as the child has been told that somebody joins."""
    answer = line.speaker.answer()
    if not child_is_on_line(session, at.contact):
        return _child_is_gone(session, line, at)
    if at.offer.announced_at is None and turn < ANNOUNCED_WITHIN:
        return answer.pause(1).go_on_at("/voice/desk-enter", leg=at.leg.id.hex, n=turn + 1)
    return answer.enter_room(room_of(at.contact.id), at.leg.id, "/voice/leg-left")


def tell_over(session: Session, line: Line, leg_id: UUID, call_sid: str) -> str:
    """A desk that was fetched out of where it was: the sentence that says why, and goodbye."""
    at = _lock_desk(session, line, leg_id, call_sid)
    answer = line.speaker.answer() if at is None else _say_over(session, line, at)
    return str(answer.hang_up() if at is None else answer)


def _take(session: Session, line: Line, at: DeskCall) -> Answer:
    if not child_is_on_line(session, at.contact):
        return _child_is_gone(session, line, at)
    at.offer.state = "accepted"
    withdraw_offers(session, at.handoff, "taken", but=at.offer)
    move(session, line, at.handoff, "take_on_line", at.actor, offer=at.offer.seq)
    give_time(session, at.offer, at.handoff.workflow_as_started.desk.choose_s)
    owe(session, "announce_joining", at.offer.id)
    answer = line.speaker.answer().say("desk.connecting", languages=[at.language])
    return answer.go_on_at("/voice/desk-enter", leg=at.leg.id.hex, n=1)


def _acknowledge(session: Session, line: Line, at: DeskCall) -> Answer:
    at.offer.state, at.offer.asked = "acked", 0
    workflow = at.handoff.workflow_as_started
    told = {"told": workflow.levels.acknowledged, "facts": [key for key, fact in at.handoff.brief.items() if fact]}
    row = "acknowledge" if at.handoff.state == "offering" else "acknowledge_beside"
    move(session, line, at.handoff, row, at.actor, offer=at.offer.seq, **told)
    give_time(session, at.offer, workflow.desk.choose_s)
    return _tell_brief(line, at, [])


def _tell_brief(line: Line, at: DeskCall, opening: list[str]) -> Answer:
    keys = [*opening, *brief_prompts(at.handoff.brief), "desk.choices"]
    return _ask(line, at, "/voice/desk-choice", *keys)


def _ask(line: Line, at: DeskCall, path: str, *keys: str) -> Answer:
    at.offer.asked += 1
    spoken = (*(["desk.exercise"] if at.handoff.exercise else []), *keys)
    return line.speaker.answer().listen(
        f"{path}?leg={at.leg.id.hex}&n={at.offer.asked}",
        digits=1,
        timeout_s=KEY_TIMEOUT_S,
        prompts=compose(spoken, (at.language,)),
    )


def _ask_pin(session: Session, line: Line, at: DeskCall, key: str) -> Answer:
    at.offer.asked += 1
    kept = session.get(PartnerPin, at.offer.partner)
    return line.speaker.answer().listen(
        f"/voice/desk-pin?leg={at.leg.id.hex}&n={at.offer.asked}",
        digits=kept.digits if kept else LONGEST_PIN,
        timeout_s=KEY_TIMEOUT_S,
        prompts=compose((key,), (at.language,)),
        finish_key="#",
    )


def _give_up(session: Session, line: Line, at: DeskCall, why: str) -> Answer:
    lose_offer(session, line, at.contact, at.handoff, at.offer, why)
    return line.speaker.answer().say("desk.moved_on", languages=[at.language]).hang_up()


def _child_is_gone(session: Session, line: Line, at: DeskCall) -> Answer:
    end_offer(session, at.offer, "withdrawn", "child_gone")
    if at.handoff.state in ("offering", "acknowledged"):
        become_report(session, line, at.handoff)
    return _say_over(session, line, at)


def _say_over(session: Session, line: Line, at: DeskCall) -> Answer:
    """Why this desk is not needed any more, and goodbye."""
    return line.speaker.answer().say(_reason(session, at), languages=[at.language]).hang_up()


def _reason(session: Session, at: DeskCall) -> str:
    if caller_leg(session, at.contact.id).ended_at:
        return "desk.child_gone"
    taken = at.handoff.accepted_at or at.offer.why == "taken"
    return "desk.taken_by_other" if taken else "desk.moved_on"
