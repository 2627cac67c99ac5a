"""The published versions of a flow, newest first; the shipped file is one of them from its first replacement on."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline.flow_book.book import FlowBook
from helpline.flow_book.models import FlowVersion

BOOK_LOCK = 0xF10B00  # any fixed number; whoever changes drafts or versions takes turns


def lock_book(session: Session) -> None:
    """Until the end of the transaction nobody else changes drafts or versions."""
    session.execute(select(func.pg_advisory_xact_lock(BOOK_LOCK)))


def list_versions(session: Session, flow: str) -> Sequence[FlowVersion]:
    """Newest first; empty while the shipped file was never replaced."""
    return session.scalars(
        select(FlowVersion).where(FlowVersion.flow == flow).order_by(FlowVersion.version.desc())
    ).all()


def find_version(session: Session, flow: str, version: int) -> FlowVersion | None:
    """One version, if it was ever published or replaced."""
    query = select(FlowVersion).where(FlowVersion.flow == flow, FlowVersion.version == version)
    return session.scalars(query).one_or_none()


def next_version(session: Session, book: FlowBook, flow: str) -> int:
    """The number that the next version of a flow gets: above every published one and the shipped one."""
    published = session.scalar(select(func.max(FlowVersion.version)).where(FlowVersion.flow == flow)) or 0
    shipped = (version for name, version in book.library.flows if name == flow)
    return max(published, *shipped, 0) + 1
