"""Who fits into which shelter, and the places kept for those who are on their way.

All that counts beds of one shelter meets at one lock, so that the last bed is given once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from config.partners import Partner
from config.shelters import BedClass, Site
from helpline.audit.record import record_act
from helpline.contacts.stages import Invalid, NotPossibleNow
from helpline.handoff.models import Handoff, HandoffMember, Offer
from helpline.handoff.moving import CLOCK, lock_handoff, note
from helpline.handoff.paging import start_paging
from helpline.handoff.special_models import Hold, ShelterCount
from helpline.handoff.transitions import LIVE
from helpline.line import Line
from helpline.outbox.timers import set_timer
from helpline.store.types import utc_now

HOLD_TIMER = "handoff_hold"
BORN = "handoff_members.born"
GROWN_UP = 18


@dataclass(frozen=True)
class Place:
    """One class of beds at one site of a shelter."""

    site: Site
    bed: BedClass


def suits(session: Session, line: Line, handoff: Handoff, partner: Partner) -> bool:
    """Whether this partner could take at least one of them now. One that is no shelter always may be asked."""
    members = _members(session, handoff)
    if not partner.sites or not members:
        return True
    household = household_of(line, members)
    return any(_find_place(session, line, partner, member, household) for member in members)


def hold_places(
    session: Session,
    line: Line,
    handoff: Handoff,
    offer: Offer | None,
    partner: Partner,
    taken: Sequence[HandoffMember],
) -> None:
    """Keep a place for each of those taken on. Raises NotPossibleNow when there is none for one of them."""
    _lock_beds(session, partner.key)
    household = household_of(line, _members(session, handoff))
    expires_at = utc_now() + timedelta(seconds=handoff.workflow_as_started.hold_s)
    for member in taken:
        place = _find_place(session, line, partner, member, household)
        if place is None:
            raise NotPossibleNow(f"there is no place now for person {member.number}: take the others, or decline")
        about = {"handoff_id": handoff.id, "offer_id": offer.id if offer else None, "member_id": member.id}
        where = {"partner": partner.key, "site": place.site.key, "bed": place.bed.key}
        session.add(Hold(**about, **where, expires_at=expires_at))
        session.flush()
    set_timer(session, HOLD_TIMER, handoff.id, expires_at)


def keep_until(session: Session, handoff: Handoff, until: datetime) -> None:
    """They are on their way and will be there by then: the places are kept at least so long."""
    for hold in _held(session, Hold.handoff_id == handoff.id):
        hold.expires_at = max(hold.expires_at, until)
        set_timer(session, HOLD_TIMER, handoff.id, hold.expires_at)


def confirm_holds(session: Session, handoff: Handoff) -> None:
    """They have come: each place is taken."""
    for hold in _held(session, Hold.handoff_id == handoff.id):
        hold.state, hold.ended_at = "confirmed", utc_now()
        count = _count_of(session, hold.partner, hold.site, hold.bed)
        count.occupied, count.as_of = count.occupied + 1, utc_now()


def release_holds(session: Session, offer: Offer) -> None:
    """This offer is over, and so is what was kept under it."""
    for hold in _held(session, Hold.offer_id == offer.id):
        hold.state, hold.ended_at = "released", utc_now()


def hold_is_over(session: Session, line: Line, handoff_id: str) -> None:
    """Timer: nobody has come, and the shelter need not wait any longer. People are called: is there still a place?"""
    _contact, handoff = lock_handoff(session, UUID(handoff_id))
    held = _held(session, Hold.handoff_id == handoff.id)
    if not held or handoff.state not in LIVE:
        return
    for hold in held:
        hold.state, hold.ended_at = "expired", utc_now()
    note(session, handoff, "hold_expired", CLOCK, partner=held[0].partner)
    start_paging(session, handoff, "hold_expired")


def set_count(
    session: Session, line: Line, partner: str, site: str, bed: str, *, occupied: int, accepting: bool, actor: str
) -> None:
    """What a shelter says of its own beds. Raises Invalid for beds that it does not have."""
    place = _known(line, partner, site, bed)
    if not 0 <= occupied <= place.places:
        raise Invalid(f"occupied: from 0 to {place.places}")
    _lock_beds(session, partner)
    count = _count_of(session, partner, site, bed)
    count.occupied, count.accepting, count.as_of = occupied, accepting, utc_now()
    told = {"site": site, "bed": bed, "occupied": occupied, "accepting": accepting}
    record_act(session, actor=actor, action="shelter.counted", subject=f"partner:{partner}", **told)


def count_free(session: Session, partner: str, place: Place) -> int:
    """Places that are neither taken nor kept; none where the shelter takes nobody in."""
    count = session.get(ShelterCount, (partner, place.site.key, place.bed.key), populate_existing=True)
    if count and not count.accepting:
        return 0
    held = select(func.count()).select_from(Hold).where(Hold.partner == partner, Hold.state == "held")
    kept = session.scalar(held.where(Hold.site == place.site.key, Hold.bed == place.bed.key))
    return place.bed.places - (count.occupied if count else 0) - kept


def list_beds(session: Session, line: Line) -> list[dict]:
    """Every class of beds there is: for whom, how many, how many free. Never where it is."""
    places = [
        (partner, Place(site, bed)) for partner in line.partners.values() for site in partner.sites for bed in site.beds
    ]
    return [
        {
            "partner": partner.key,
            "site": place.site.key,
            "bed": place.bed.key,
            "ages": list(place.bed.ages),
            "sex": place.bed.sex,
            "household": place.bed.household,
            "places": place.bed.places,
            "free": count_free(session, partner.key, place),
        }
        for partner, place in places
    ]


def household_of(line: Line, members: Sequence[HandoffMember]) -> str:
    """A grown-up with others is a family; everybody else comes alone."""
    today = utc_now().date()
    grown = [member for member in members if (age_on(line, member, today) or 0) >= GROWN_UP]
    return "family" if grown and len(members) > 1 else "alone"


def age_on(line: Line, member: HandoffMember, day: date) -> int | None:
    """Whole years on that day: by the day of birth if it is known, else as it was told."""
    if member.born_sealed is None:
        return member.age
    born = date.fromisoformat(line.keys.open(member.born_sealed, BORN, member.id))
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _find_place(session: Session, line: Line, partner: Partner, member: HandoffMember, household: str) -> Place | None:
    age = age_on(line, member, partner.local(utc_now()).date())
    for site in partner.sites:
        for bed in site.beds if site.can_care_for(member.needs) else ():
            place = Place(site, bed)
            if bed.is_for(age, member.sex, household) and count_free(session, partner.key, place) > 0:
                return place
    return None


def _members(session: Session, handoff: Handoff) -> list[HandoffMember]:
    query = select(HandoffMember).where(HandoffMember.handoff_id == handoff.id).order_by(HandoffMember.number)
    return list(session.scalars(query))


def _held(session: Session, which: ColumnElement[bool]) -> list[Hold]:
    query = select(Hold).where(which, Hold.state == "held")
    return list(session.scalars(query, execution_options={"populate_existing": True}))


def _count_of(session: Session, partner: str, site: str, bed: str) -> ShelterCount:
    count = session.get(ShelterCount, (partner, site, bed), populate_existing=True)
    if count is None:
        count = ShelterCount(partner=partner, site=site, bed=bed, occupied=0, accepting=True, as_of=utc_now())
        session.add(count)
        session.flush()
    return count


def _known(line: Line, partner: str, site: str, bed: str) -> BedClass:
    sites = line.partners[partner].sites if partner in line.partners else ()
    found = [one for house in sites if house.key == site for one in house.beds if one.key == bed]
    if not found:
        raise Invalid("this shelter has no such beds")
    return found[0]


def _lock_beds(session: Session, partner: str) -> None:
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"shelter:{partner}"))))
