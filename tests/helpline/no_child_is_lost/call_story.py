"""One child's call, step by step: the child, counsellors, the telephone company's webhooks and its REST interface."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from helpline import answering
from helpline.contacts.calls import caller_leg, live_legs, room_of
from helpline.contacts.models import Call, Contact
from helpline.jobs.clock import Clock
from helpline.jobs.duties import perform_owed
from helpline.line import Line
from helpline.live_queue.models import Reservation
from helpline.outbox.bell import commit
from helpline.outbox.models import OwedWork, Timer
from helpline.staff.accounts import create_staff
from helpline.staff.activity import set_activity
from helpline.staff.models import Staff
from helpline.store.types import utc_now
from tests.helpline.phone_company import ChildsCall, PhoneCompany
from tests.helpline.telephone_rest import Asked, Reply, TelephoneRest

FIRST_ROOM, SECOND_ROOM = "CF" + "1" * 32, "CF" + "2" * 32


@dataclass
class CallStory:
    """Everyone in it. `statuses` is what the telephone company says of a call when it is asked, 'in-progress' if
    nothing is set; `people_in` who is in which room; `calls_to` the live calls to a number; `refused` the answer
    to paths that contain a text;
    `loses_answers_to` how many requests are carried out and their answers lost; `meanwhile` happens in the middle
    of a request."""

    app: Flask
    session: Session
    line: Line
    company: PhoneCompany
    rest: TelephoneRest
    statuses: dict[str, str] = field(default_factory=dict)
    people_in: dict[str, list[Call]] = field(default_factory=dict)
    calls_to: dict[str, list[str]] = field(default_factory=dict)
    refused: dict[str, Reply] = field(default_factory=dict)
    loses_answers_to: int = 0
    meanwhile: Callable[[Asked], None] | None = None

    def __post_init__(self):
        self.rest.reply = self._reply

    def hire(self, name: str, number: str = "+97455000101", role: str = "counsellor", **facts: object) -> Staff:
        """Someone who is available from now on, with a telephone."""
        about = {"languages": ["ar", "en"], "role": role, "name": name, "device_number": number} | facts
        email = f"{name}@helpline.example"
        person = create_staff(self.session, self.line.keys, email=email, actor="operator", **about)
        set_activity(self.session, person, "available", "operator")
        self.session.commit()
        return person

    def child_waits(self, key: str = "9", number: str = "+97455123456") -> ChildsCall:
        """A child calls, presses a key for a person, and is on hold."""
        child = self.company.call(number)
        child.press(key)
        child.wait_on_hold()
        return child

    def contact(self, child: ChildsCall) -> Contact:
        self.look_anew()
        leg = self.session.scalars(select(Call).where(Call.call_sid == child.call_sid)).one()
        return self.session.get_one(Contact, leg.contact_id)

    def leg_of(self, child: ChildsCall) -> Call:
        return caller_leg(self.session, self.contact(child).id)

    def latest_leg(self, child: ChildsCall, role: str = "counsellor") -> Call:
        return live_legs(self.session, self.contact(child).id, role)[-1]

    def look_anew(self) -> None:
        self.session.rollback()
        self.session.expire_all()

    def accept(self, person: Staff) -> Reservation:
        """The clock offers, this person accepts, and her phone is rung."""
        self.tick()
        pending = select(Reservation).where(Reservation.counsellor_id == person.id, Reservation.state == "pending")
        reservation = answering.accept(self.session, self.line, person, self.session.scalars(pending).one().id)
        commit(self.session, self.line.bell)
        self.do_owed()
        return reservation

    def connect(self, child: ChildsCall, person: Staff, room: str = FIRST_ROOM) -> Call:
        """This person takes the child, and both are in the room. Returns her leg."""
        self.accept(person)
        leg = self.latest_leg(child)
        self.joins(leg, room)
        self.do_owed()
        self.enters(child)
        self.joins(self.leg_of(child), room)
        assert self.contact(child).state == "connected"
        return leg

    def enters(self, child: ChildsCall) -> None:
        """The telephone company asks what a child hears who was sent to the room just now."""
        child.ask(self.sent_to(child)[-1])

    def sent_to(self, child: ChildsCall) -> list[str]:
        """The addresses this child's call was sent to by REST, in order."""
        return [asked.form["Url"] for asked in self.rest.asked if child.call_sid in asked.what and "Url" in asked.form]

    def rings(self) -> list[Asked]:
        """Every phone that was rung."""
        return [a for a in self.rest.asked if a.method == "POST" and a.what.split("/")[-1] in ("Participants", "Calls")]

    def ended(self, call_sid: str) -> bool:
        """Whether we have hung this call up."""
        return any(a.what == f"Calls/{call_sid}" and a.form.get("Status") == "completed" for a in self.rest.asked)

    def joins(self, leg: Call, room: str = FIRST_ROOM) -> None:
        self._room_event(leg, "participant-join", room)

    def leaves(self, leg: Call, room: str = FIRST_ROOM, *, moved: bool = False) -> None:
        """Hung up, or `moved` on by us."""
        why = "participant_updated_via_api" if moved else "participant_hung_up"
        status = "in-progress" if moved else "completed"
        self._room_event(leg, "participant-leave", room, ReasonParticipantLeft=why, ParticipantCallStatus=status)

    def _room_event(self, leg: Call, event: str, room: str, **more: str) -> None:
        about = {"StatusCallbackEvent": event, "ConferenceSid": room, "FriendlyName": room_of(leg.contact_id)}
        sid = leg.call_sid or "CA" + os.urandom(16).hex()
        self.company.post("/voice/room-events", **about | {"ParticipantLabel": leg.id.hex, "CallSid": sid} | more)

    def tells(self, leg: Call, status: str) -> None:
        """A status callback of a leg that we have rung."""
        self.company.post(f"/voice/status?leg={leg.id.hex}", CallSid=leg.call_sid or "CA9", CallStatus=status)

    def owed(self) -> list[str]:
        self.session.rollback()
        return list(self.session.scalars(select(OwedWork.kind).where(OwedWork.done_at.is_(None)).order_by(OwedWork.id)))

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
        raise AssertionError(f"the owed work does not come to an end: {self.owed()}")

    def make_all_work_due(self) -> None:
        """The pause after a failed try is over."""
        self.session.rollback()
        self.session.execute(update(OwedWork).where(OwedWork.done_at.is_(None)).values(due_at=utc_now()))
        self.session.commit()

    def tick(self, after_s: float = 0, kind: str = "%") -> None:
        """So many seconds go by for timers of this kind, and the clock does what is due by then."""
        self.session.rollback()
        if after_s:
            armed = (Timer.fired_at.is_(None), Timer.cancelled_at.is_(None), Timer.kind.like(kind))
            earlier = Timer.due_at - func.make_interval(0, 0, 0, 0, 0, 0, after_s)
            self.session.execute(update(Timer).where(*armed).values(due_at=earlier))
            self.session.commit()
        Clock(self.app).tick()
        self.look_anew()

    def _reply(self, asked: Asked) -> Reply:
        if self.meanwhile:
            act, self.meanwhile = self.meanwhile, None
            act(asked)
        for part, reply in self.refused.items():
            if part in asked.what:
                return reply
        parts = asked.what.split("/")
        if asked.method == "GET" and parts[-1] == "Conferences":
            rooms = [{"sid": room, "status": "in-progress"} for room in self.people_in]
            return 200, {"conferences": rooms, "page": 0, "page_size": 50, "uri": "", "next_page_uri": None}
        if asked.method == "GET" and parts[-1] == "Calls":
            found = [{"sid": sid, "status": "ringing"} for sid in self.calls_to.get(asked.form["To"], [])]
            return 200, {"calls": found, "page": 0, "page_size": 50, "uri": "", "next_page_uri": None}
        if asked.method == "GET" and parts[-1] == "Participants":
            inside = self.people_in[parts[-2]]
            told = [{"label": leg.id.hex, "call_sid": leg.call_sid, "status": "connected"} for leg in inside]
            return 200, {"participants": told, "page": 0, "page_size": 50, "uri": "", "next_page_uri": None}
        if asked.method == "GET":
            return 200, {"sid": parts[-1], "status": self.statuses.get(parts[-1], "in-progress")}
        if self.loses_answers_to:
            self.loses_answers_to -= 1
            return 503, {"code": 20500, "message": "done, and the answer lost on the way", "status": 503}
        sid = "CA" + os.urandom(16).hex()
        return 201, {"sid": sid, "call_sid": sid, "status": "queued"}
