"""What is sent to partners in writing: an offer, and word of what has become of it. Each message once.

Whoever brings a channel adds its carrier here. A carrier sends, or raises CanNotBeTold; then the next partner is
asked in the same breath. Partners on the portal come to us, by the link in a letter that tells them to.
"""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.handoff.letters import announce_by_mail, send_by_mail
from helpline.handoff.models import Attempt, Handoff, Offer
from helpline.handoff.untold import CanNotBeTold
from helpline.line import Line
from helpline.outbox.bell import commit
from helpline.outbox.models import OwedWork
from helpline.outbox.owed import owe
from helpline.store.types import utc_now

# Sends one message and returns the other side's name for it, or None where it has none. Called without any lock, and
# again with the same `idem_key` after a crash. Raises CanNotBeTold for what trying again would not mend.
Carrier = Callable[[Session, Line, Handoff, Attempt], str | None]


CARRIERS: dict[str, Carrier] = {"portal": announce_by_mail, "email": send_by_mail}


def tell_partner(
    session: Session,
    handoff: Handoff,
    offer: Offer | None,
    about: str,
    *,
    partner: str = "",
    channel: str = "",
    part: str = "",
) -> None:
    """Owe one message, in this transaction. The same message twice is one. Without an offer, name whom and how.

    `part` tells apart messages that may come more than once, such as supplements.
    """
    key = ":".join(filter(None, (handoff.ref, str(offer.seq if offer else partner), about, str(handoff.round), part)))
    if session.scalar(select(Attempt.id).where(Attempt.idem_key == key)):
        return
    attempt = Attempt(
        handoff_id=handoff.id,
        offer_id=offer.id if offer else None,
        partner=offer.partner if offer else partner,
        channel=offer.channel if offer else channel,
        about=about,
        idem_key=key,
        made_at=utc_now(),
    )
    session.add(attempt)
    session.flush()
    owe(session, "tell_partner", attempt.id)


def carry(session: Session, line: Line, work: OwedWork) -> tuple[Attempt, str | None]:
    """Send the message of this work. The attempt, and why it can not be told, if so."""
    attempt = session.get_one(Attempt, UUID(work.subject))
    if attempt.status != "owed":
        return attempt, None
    handoff = session.get_one(Handoff, attempt.handoff_id)
    carrier = CARRIERS.get(attempt.channel)
    commit(session, line.bell)  # no lock is held while somebody else's server thinks
    try:
        if carrier is None:
            raise CanNotBeTold("no_carrier")
        provider_id = carrier(session, line, handoff, attempt)
    except CanNotBeTold as fault:
        attempt.status, attempt.fault = "failed", str(fault)
        return attempt, str(fault)
    attempt.status, attempt.provider_id, attempt.told_at = "sent", provider_id, utc_now()
    return attempt, None
