"""A child talks with a counsellor, and a police desk is asked: the people of the scene and what they do."""

import os
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from helpline import answering
from helpline.contacts.calls import caller_leg, live_legs, room_of
from helpline.contacts.models import Call, Contact
from helpline.handoff.acts import perform
from helpline.handoff.asking import request_handoff
from helpline.handoff.models import Handoff, HandoffEvent, Offer
from helpline.jobs.clock import Clock
from helpline.jobs.duties import perform_owed
from helpline.line import Line
from helpline.live_queue.dispatch import offer_all
from helpline.live_queue.reservations import find_active
from helpline.outbox.bell import commit
from helpline.outbox.models import OwedWork, Timer
from helpline.staff.models import Staff
from helpline.store.types import utc_now
from tests.helpline.handoff.rest_double import Asked, RestDouble
from tests.helpline.phone_company import ChildsCall, Heard, PhoneCompany

NORTH, SOUTH, OPERATIONS = "+97455000111", "+97455000112", "+97455000119"
PINS = {NORTH: "4711", SOUTH: "4712", OPERATIONS: "4713"}
KEYS = {NORTH: "community_police_north", SOUTH: "community_police_south", OPERATIONS: "police_operations_room"}
ROOM_SID = "CF" + "d" * 32


@dataclass
class OtherPhone:
    """A telephone that we rang: a desk's, or one of our own people's."""

    company: PhoneCompany
    rung: Asked
    heard: Heard | None = None
    asked: list[tuple[str, dict]] = field(default_factory=list)

    @property
    def leg_id(self) -> str:
        return parse_qs(urlsplit(self.rung.form["Url"]).query)["leg"][0]

    def ask(self, address: str, **fields: str) -> Heard:
        """One webhook of this call; kept, so that it can come twice."""
        self.asked.append((address, fields))
        about = {"CallSid": self.rung.sid, "From": self.rung.form["From"], "To": self.rung.form["To"]}
        response = self.company.post(address, **about | {"CallStatus": "in-progress"} | fields)
        self.heard = Heard(response.status_code, response.text)
        return self.heard

    def answer(self) -> Heard:
        """Picked up, by a person or by a voicemail."""
        return self.ask(self.rung.form["Url"])

    def press(self, digits: str) -> Heard:
        return self.ask(self.heard.find("Gather").get("action"), Digits=digits)

    def stay_silent(self) -> Heard:
        return self.ask(self.heard.find("Gather").get("action"))

    def go_on(self) -> Heard:
        """Follow where the last answer leads."""
        return self.ask(self.heard.find("Redirect").text)

    def same_again(self) -> Heard:
        """The last webhook comes a second time."""
        address, fields = self.asked.pop()
        return self.ask(address, **fields)

    def end(self, status: str = "completed") -> None:
        """The call is over: hung up, busy, not answered, failed."""
        self.company.post(self.rung.form["StatusCallback"], CallSid=self.rung.sid, CallStatus=status)


@dataclass
class Scene:
    """Everyone in it, and the clock."""

    app: Flask
    session: Session
    line: Line
    company: PhoneCompany
    rest: RestDouble
    mariam: Staff
    lead: Staff
    child: ChildsCall

    def talk(self) -> "Scene":
        """Mariam has accepted the child's call, and both are in the room."""
        self.child.press("9")
        offer_all(self.session, self.line.policy, self.line.helpline.queue.offer_s)
        reservation = find_active(self.session, counsellor_id=self.mariam.id)
        answering.accept(self.session, self.line, self.mariam, reservation.id)
        commit(self.session, self.line.bell)
        self.do_owed()
        self.joins(self.leg("counsellor"))
        self.do_owed()
        self.joins(self.leg("caller"))
        assert self.contact.state == "connected"
        return self

    @property
    def contact(self) -> Contact:
        self.session.rollback()
        self.session.expire_all()
        leg = self.session.scalars(select(Call).where(Call.call_sid == self.child.call_sid)).one()
        return self.session.get_one(Contact, leg.contact_id)

    @property
    def handoff(self) -> Handoff:
        self.session.rollback()
        self.session.expire_all()
        return self.session.scalars(select(Handoff)).one()

    @property
    def offers(self) -> list[tuple[str, str, str | None]]:
        self.session.rollback()
        rows = self.session.scalars(select(Offer).order_by(Offer.seq), execution_options={"populate_existing": True})
        return [(offer.partner, offer.state, offer.why) for offer in rows]

    @property
    def story(self) -> list[str]:
        self.session.rollback()
        return list(self.session.scalars(select(HandoffEvent.kind).order_by(HandoffEvent.seq)))

    def leg(self, role: str) -> Call:
        if role == "caller":
            return caller_leg(self.session, self.contact.id)
        return live_legs(self.session, self.contact.id, role)[-1]

    def joins(self, leg: Call, call_sid: str | None = None) -> None:
        self._room_event(leg, "participant-join", call_sid)

    def leaves(self, leg: Call) -> None:
        self._room_event(leg, "participant-leave", None, ReasonParticipantLeft="participant_hung_up")

    def _room_event(self, leg: Call, event: str, call_sid: str | None, **fields: str) -> None:
        self.company.post(
            "/voice/room-events",
            StatusCallbackEvent=event,
            ConferenceSid=ROOM_SID,
            FriendlyName=room_of(leg.contact_id),
            ParticipantLabel=leg.id.hex,
            CallSid=call_sid or leg.call_sid or "CA" + os.urandom(16).hex(),
            **fields,
        )

    def ask_for_police(self) -> Handoff:
        handoff = request_handoff(self.session, self.line, self.mariam, self.contact.id, "police_emergency")
        commit(self.session, self.line.bell)
        self.do_owed()
        return handoff

    def act(self, name: str, who: Staff | None = None, /, **fields: object) -> Handoff:
        """What Mariam, or somebody else of ours, does through the console."""
        self.session.rollback()
        handoff = perform(self.session, self.line, who or self.mariam, self.handoff.ref, name, fields)
        commit(self.session, self.line.bell)
        return handoff

    def categorise(self) -> None:
        """Mariam writes the one field that a finished record needs."""
        answering.save_record(self.session, self.line, self.mariam, self.contact.id, {"category": "violence"})
        commit(self.session, self.line.bell)

    def make_all_work_due(self) -> None:
        """The pause after a failed try is over."""
        self.session.rollback()
        self.session.execute(update(OwedWork).where(OwedWork.done_at.is_(None)).values(due_at=utc_now()))
        self.session.commit()

    def phone(self, number: str) -> OtherPhone:
        """The phone with this number, on its latest ring."""
        return OtherPhone(self.company, self.rest.rings(number)[-1])

    def do_owed(self) -> None:
        """What the workers do: everything that is owed now."""
        for _round in range(20):
            self.session.rollback()
            due = select(OwedWork.id).where(OwedWork.done_at.is_(None), OwedWork.due_at <= utc_now())
            work = list(self.session.scalars(due.order_by(OwedWork.id)))
            if not work:
                return
            for work_id in work:
                perform_owed(work_id)
        raise AssertionError("the owed work does not come to an end")

    def tick(self, after_s: float = 0) -> None:
        """So many seconds go by, and the clock does what is due by then."""
        self.session.rollback()
        armed = (Timer.fired_at.is_(None), Timer.cancelled_at.is_(None), Timer.kind.like("handoff%"))
        earlier = Timer.due_at - func.make_interval(0, 0, 0, 0, 0, 0, after_s)
        self.session.execute(update(Timer).where(*armed).values(due_at=earlier))
        self.session.commit()
        Clock(self.app).tick()
        self.do_owed()

    def bring_in(self, number: str) -> OtherPhone:
        """This desk answers, is the one it says it is, takes the call, and is in the room."""
        desk = self.phone(number)
        desk.answer()
        desk.press("1")
        desk.press(PINS[number])
        desk.press("1")
        self.do_owed()
        assert desk.go_on().find("Conference") is not None
        self.joins(self.leg("partner"), desk.rung.sid)
        return desk
