"""Putting a draft in force, and going back. A flow that asks about risk takes two people; going back takes one."""

from sqlalchemy.orm import Session

from helpline.audit.record import record_act
from helpline.flow_book.book import FlowBook
from helpline.flow_book.drafts import Checked, check_draft, find_draft, find_proposal, save_draft
from helpline.flow_book.models import FlowDraft, FlowProposal, FlowVersion
from helpline.flow_book.risk import asks_about_risk
from helpline.flow_book.texts import one_line, stamp
from helpline.flow_book.versions import find_version, list_versions, lock_book, next_version
from helpline.store.types import utc_now

SHIPPED_BY = "program"


class NothingToPublish(Exception):
    """There is no draft, or no wish to publish it, or it has changed since it was looked at."""


class DraftHasFaults(Exception):
    """What has a fault is not published."""


class SamePerson(Exception):
    """Whoever asks can not be the one who approves."""


class VersionUnknown(Exception):
    """There is no such version to go back to, or it is the one in force."""


def needs_two(book: FlowBook, flow: str, checked: Checked) -> bool:
    """Whether publishing this draft takes a second person."""
    present = book.library.current.get(flow)
    wanted = checked.library.current.get(flow) if checked.library else None
    return asks_about_risk(present, wanted)


def ask_to_publish(
    session: Session, book: FlowBook, flow: str, change: str, *, seen: int, actor: str
) -> FlowVersion | FlowProposal:
    """Publish the draft with this change line, or ask another person to where risk is asked about.

    `seen` is the draft looked at. Raises NothingToPublish, DraftHasFaults.
    """
    _take_turn(session, book)
    draft, checked = _sound_draft(session, book, flow, seen)
    if not needs_two(book, flow, checked):
        return _publish(session, book, draft, checked, one_line(change), published_by=actor, approved_by=None)
    if find_proposal(session, draft):
        raise NothingToPublish(flow)
    wish = FlowProposal(flow=flow, draft_id=draft.id, change=one_line(change), asked_by=actor, asked_at=utc_now())
    session.add(wish)
    session.flush()
    record_act(session, actor=actor, action="flow.publishing_asked", subject=f"flow:{flow}", draft=draft.id)
    return wish


def approve(session: Session, book: FlowBook, flow: str, *, seen: int, actor: str) -> FlowVersion:
    """The second person has read the draft `seen` and puts it in force. Raises what asking raises, and SamePerson."""
    _take_turn(session, book)
    draft, checked = _sound_draft(session, book, flow, seen)
    wish = find_proposal(session, draft)
    if wish is None:
        raise NothingToPublish(flow)
    if wish.asked_by == actor:
        raise SamePerson(flow)
    return _publish(session, book, draft, checked, wish.change, published_by=wish.asked_by, approved_by=actor)


def send_back(session: Session, flow: str, note: str, *, seen: int, actor: str) -> FlowDraft:
    """The second person does not approve and says why. The draft stays. Raises NothingToPublish, DraftNotKept."""
    lock_book(session)
    draft = find_draft(session, flow)
    if find_proposal(session, draft) is None:
        raise NothingToPublish(flow)
    return save_draft(session, flow, draft.source, seen=seen, actor=actor, note=note)


def go_back(session: Session, book: FlowBook, flow: str, version: int, reason: str, *, actor: str) -> FlowVersion:
    """Put the text of an earlier version in force again, as a new version. It was approved once, so one may do it.

    Raises VersionUnknown, DraftHasFaults when this program refuses that text now.
    """
    _take_turn(session, book)
    earlier = find_version(session, flow, version)
    if earlier is None or version == next_version(session, book, flow) - 1:
        raise VersionUnknown(f"{flow} {version}")
    checked = check_draft(session, book, flow, earlier.source)
    if checked.library is None:
        raise DraftHasFaults("\n".join(map(str, checked.faults)))
    change = f"Back to version {version}: {one_line(reason)}"
    return _add_version(session, flow, checked.version, earlier.source, change, actor, None, restores=version)


def not_taken_over(session: Session, book: FlowBook, flow: str) -> str | None:
    """The shipped text, when a later program has brought another than the one that was replaced by publishing.

    It is not in force by itself: what was published here stays, until somebody makes a draft of it.
    """
    kept = next((row for row in list_versions(session, flow) if row.published_by == SHIPPED_BY), None)
    shipped = book.shipped.read_source(flow) if kept else None
    in_force = book.edition.texts.get(flow)
    if shipped is None or shipped == kept.source or in_force is None or in_force.is_shipped:
        return None
    return shipped


def _take_turn(session: Session, book: FlowBook) -> None:
    """One change at a time, each judged beside what is in force by then."""
    lock_book(session)
    book.take_up(session)


def _sound_draft(session: Session, book: FlowBook, flow: str, seen: int) -> tuple[FlowDraft, Checked]:
    draft = find_draft(session, flow)
    if draft is None or draft.id != seen:
        raise NothingToPublish(flow)
    checked = check_draft(session, book, flow, draft.source)
    if checked.library is None:
        raise DraftHasFaults("\n".join(map(str, checked.faults)))
    return draft, checked


def _publish(
    session: Session,
    book: FlowBook,
    draft: FlowDraft,
    checked: Checked,
    change: str,
    *,
    published_by: str,
    approved_by: str | None,
) -> FlowVersion:
    _keep_shipped(session, book, draft.flow)
    return _add_version(
        session, draft.flow, checked.version, draft.source, change, published_by, approved_by, draft_id=draft.id
    )


def _keep_shipped(session: Session, book: FlowBook, flow: str) -> None:
    """Before its first replacement, keep the shipped text: a later program may ship another under the same number."""
    shipped = book.shipped.read_source(flow)
    version = next_version(session, book, flow) - 1
    if shipped is None or version == 0 or list_versions(session, flow):
        return
    change = book.library.flows[flow, version].change
    _add_version(session, flow, version, shipped, change, SHIPPED_BY, None)


def _add_version(
    session: Session,
    flow: str,
    version: int,
    source: str,
    change: str,
    published_by: str,
    approved_by: str | None,
    *,
    draft_id: int | None = None,
    restores: int | None = None,
) -> FlowVersion:
    row = FlowVersion(
        flow=flow,
        version=version,
        source=source if published_by == SHIPPED_BY else stamp(source, version, change),
        change=change,
        published_by=published_by,
        approved_by=approved_by,
        published_at=utc_now(),
        draft_id=draft_id,
        restores=restores,
    )
    session.add(row)
    session.flush()
    told = {"version": version, "asked_by": published_by, "restores": restores}
    record_act(session, actor=approved_by or published_by, action="flow.published", subject=f"flow:{flow}", **told)
    return row
