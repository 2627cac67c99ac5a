"""Links to a partner's page: made when a letter is sent, and known by their hash alone."""

import secrets
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from config.partners import Partner
from helpline.handoff.link_models import PartnerLink
from helpline.handoff.models import Offer
from helpline.line import Line
from helpline.store.types import utc_now

TOKEN_BYTES = 32


def registered_mailbox(partner: Partner) -> str | None:
    """Where this partner's letters go, as it is written in the directory; None where it has no mailbox."""
    endpoint = partner.find_endpoint(("email",), must_answer=False)
    return endpoint.address if endpoint else None


def make_link(session: Session, line: Line, offer: Offer, mailbox: str) -> str:
    """A new link to this offer, as the token that its address ends in. It is told here once, and not kept."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = PartnerLink(token_hash=_hash(token), offer_id=offer.id, made_at=utc_now())
    link.endpoint = line.keys.pseudonym(mailbox)
    session.add(link)
    session.flush()
    return token


def find_link(session: Session, token: str) -> PartnerLink | None:
    """The link with this token; a made-up one finds none."""
    return session.scalars(select(PartnerLink).where(PartnerLink.token_hash == _hash(token))).one_or_none()


def _hash(token: str) -> bytes:
    # 256 random bits need no slow hash.
    return sha256(token.encode()).digest()
