"""A draft of a flow: saved as often as one likes, checked by the very check that guards the line, never in force."""

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from helpline.audit.record import record_act
from helpline.flow_book.book import FlowBook
from helpline.flow_book.models import FlowDraft, FlowProposal, FlowVersion
from helpline.flow_book.versions import lock_book, next_version
from helpline.store.types import utc_now
from ivr_flows.faults import Fault
from ivr_flows.library import Library

LONGEST = 100_000


class DraftNotKept(Exception):
    """The draft has moved on: it was saved, published or thrown away by somebody else. Look at it first."""


class DraftTooLong(Exception):
    """No flow needs as much text."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check says of a draft: its faults, or the library as it would be with the draft in force."""

    version: int
    library: Library | None
    faults: list[Fault]


def find_draft(session: Session, flow: str) -> FlowDraft | None:
    """The draft of a flow as it was saved last; None when there is none, or it was published or thrown away."""
    query = select(FlowDraft).where(FlowDraft.flow == flow).order_by(FlowDraft.id.desc()).limit(1)
    draft = session.scalars(query).one_or_none()
    if draft is None or draft.source is None:
        return None
    published = session.scalar(select(exists().where(FlowVersion.draft_id == draft.id)))
    return None if published else draft


def find_proposal(session: Session, draft: FlowDraft | None) -> FlowProposal | None:
    """The standing wish to publish this very draft."""
    if draft is None:
        return None
    query = select(FlowProposal).where(FlowProposal.draft_id == draft.id).order_by(FlowProposal.id).limit(1)
    return session.scalars(query).one_or_none()


def save_draft(session: Session, flow: str, source: str, *, seen: int | None, actor: str, note: str = "") -> FlowDraft:
    """Keep this text as the draft; a standing wish to publish the one before it is over with that.

    `seen` is the draft that its writer had before them, None for none. Raises DraftNotKept, DraftTooLong.
    """
    if len(source) > LONGEST:
        raise DraftTooLong(flow)
    return _add(session, flow, source.replace("\r\n", "\n"), seen, actor, "flow.draft_saved", note)


def throw_away(session: Session, flow: str, *, seen: int, actor: str) -> None:
    """Give the draft up. Its text stays on record. Raises DraftNotKept."""
    _add(session, flow, None, seen, actor, "flow.draft_thrown_away", "")


def check_draft(session: Session, book: FlowBook, flow: str, source: str) -> Checked:
    """Try this text beside all that is in force."""
    version = next_version(session, book, flow)
    library, faults = book.try_draft(flow, version, source)
    return Checked(version, library, faults)


def _add(
    session: Session, flow: str, source: str | None, seen: int | None, actor: str, action: str, note: str
) -> FlowDraft:
    lock_book(session)
    present = find_draft(session, flow)
    if (present.id if present else None) != seen:
        raise DraftNotKept(flow)
    draft = FlowDraft(flow=flow, source=source, note=note or None, saved_by=actor, saved_at=utc_now())
    session.add(draft)
    session.flush()
    record_act(session, actor=actor, action=action, subject=f"flow:{flow}", draft=draft.id)
    return draft
