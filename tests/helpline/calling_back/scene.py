"""A child has hung up; Mariam takes the row, records what is safe, and calls back."""

from dataclasses import dataclass
from datetime import time, timedelta
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.calendar_file import WEEKDAYS
from helpline import following_up
from helpline.contacts.attempts import CallbackAttempt
from helpline.contacts.calls import caller_leg
from helpline.contacts.missed import MissedContact
from helpline.contacts.models import Call, Contact
from helpline.contacts.safe_plans import SafeHours, SafePlan, WhatIsSafe
from helpline.outbox.bell import commit
from helpline.staff.models import Staff
from helpline.store.types import utc_now
from tests.helpline.no_child_is_lost.call_story import CallStory
from tests.helpline.phone_company import Heard
from tests.helpline.telephone_rest import Asked

CHILD = "+97455123456"
ROOM = "CF" + "3" * 32
WHOLE_DAY = SafeHours(WEEKDAYS, time(0, 0), time(23, 59, 59))


@dataclass
class CallingBack:
    """Everyone in it."""

    story: CallStory
    mariam: Staff
    lead: Staff
    heard: Heard | None = None

    @property
    def session(self) -> Session:
        return self.story.session

    def child_hangs_up(self) -> MissedContact:
        """After 9, while waiting."""
        child = self.story.child_waits(number=CHILD)
        child.hang_up()
        return self.row()

    def row(self) -> MissedContact:
        self.story.look_anew()
        return self.session.scalars(select(MissedContact)).one()

    def attempts(self) -> list[str | None]:
        self.story.look_anew()
        return list(self.session.scalars(select(CallbackAttempt.how_ended).order_by(CallbackAttempt.begun_at)))

    def contact(self) -> Contact:
        """The latest contact that calls back."""
        self.story.look_anew()
        calling = select(Contact).where(Contact.calls_back.is_not(None)).order_by(Contact.opened_at)
        return self.session.scalars(calling).all()[-1]

    def childs_leg(self) -> Call:
        return caller_leg(self.session, self.contact().id)

    def take(self, person: Staff | None = None) -> MissedContact:
        person = person or self.mariam
        row = following_up.take_row(self.session, self.story.line, person, self.row().id)
        self.save()
        return row

    def plan(self, **facts: object) -> SafePlan:
        """Mariam writes down what is safe: a call, at any hour, unless told otherwise."""
        safe = {"channel": "voice", "hours": WHOLE_DAY, "words": "ask for Sara about the book", "may_pick_up": "Sara"}
        what = WhatIsSafe(**safe | facts)
        plan = following_up.record_safe_plan(self.session, self.story.line, self.mariam, self.row().id, what, 7)
        self.save()
        return plan

    def call_back(self, person: Staff | None = None, why_past_hours: str = "") -> Contact:
        person = person or self.mariam
        called = following_up.call_back(self.session, self.story.line, person, self.row().id, why_past_hours)
        self.save()
        self.story.do_owed()
        return called

    def counsellor_joins(self) -> None:
        """She has picked up; then the child's phone is rung."""
        self.story.joins(self.counsellors_leg(), ROOM)
        self.story.do_owed()

    def counsellors_leg(self) -> Call:
        query = select(Call).where(Call.contact_id == self.contact().id, Call.role == "counsellor")
        return self.session.scalars(query.order_by(Call.created_at)).all()[-1]

    def rings_of_child(self) -> list[Asked]:
        return [ring for ring in self.story.rings() if ring.form["To"] == CHILD]

    def picks_up(self, answered_by: str = "human", **fields: str) -> Heard:
        return self._ask(self.rings_of_child()[-1].form["Url"], AnsweredBy=answered_by, **fields)

    def presses(self, digits: str) -> Heard:
        return self._ask(self.heard.find("Gather").get("action"), Digits=digits)

    def says_nothing(self) -> Heard:
        return self._ask(self.heard.find("Gather").get("action"))

    def child_joins(self) -> None:
        """Pressed 1, and is in the room."""
        self.presses("1")
        self.story.joins(self.childs_leg(), ROOM)

    def childs_phone_ends(self, status: str) -> None:
        self.story.tells(self.childs_leg(), status)

    def reach_child(self) -> None:
        """The whole way until the two talk."""
        self.child_hangs_up()
        self.take()
        self.plan()
        self.call_back()
        self.counsellor_joins()
        self.picks_up()
        self.child_joins()

    def save(self) -> None:
        commit(self.session, self.story.line.bell)

    def _ask(self, address: str, **fields: str) -> Heard:
        leg = self.childs_leg()
        parts = urlsplit(address)
        about = {
            "CallSid": leg.call_sid,
            "From": "+97444000919",
            "To": CHILD,
            "Direction": "outbound-api",
            "CallStatus": "in-progress",
        }
        response = self.story.company.post(f"{parts.path}?{parts.query}", **about | fields)
        self.heard = Heard(response.status_code, response.text)
        return self.heard


def hours_from(line_zone, begins_in: timedelta, lasts: timedelta) -> SafeHours:
    """Hours on every day that begin so long from now, or began if it is negative."""
    begins = (utc_now() + begins_in).astimezone(line_zone)
    return SafeHours(WEEKDAYS, begins.time().replace(microsecond=0), (begins + lasts).time().replace(microsecond=0))
