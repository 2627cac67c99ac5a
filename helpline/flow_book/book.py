"""The flows in force in this process. Calls read them from memory; a thread looks every two seconds for newer ones.

No webhook ever waits for that look: while PostgreSQL is away, what is in force here stays in force.
"""

import threading
from datetime import timedelta

import structlog
from prometheus_client import Counter, Gauge
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from helpline.flow_book.editions import Edition, Published, Shipped, make_edition, read_alone, try_text
from helpline.flow_book.models import FlowVersion
from helpline.store.lookout import Lookout
from helpline.store.types import utc_now
from ivr_flows.faults import Fault
from ivr_flows.library import Library
from ivr_flows.loader import minimal_library

log = structlog.get_logger()

# No call lasts as long; so whoever began with a version that was replaced since finds it here.
CALLS_LAST = timedelta(days=1)
# That many versions of a flow are tried before the shipped file, should all the newer ones be broken.
TRIED = 5

NUMBER = Gauge("helpline_flow_publication", "The latest publication that this process has taken up")
UNASKED = Counter("helpline_flow_lookups_failed_total", "Times the database could not be asked for newer flows")
FAULTS = Gauge("helpline_flow_faults", "Faults of flow versions that were passed over in this process")


class FlowBook:
    """One for each process. `follow` before the first call; `library` is always there and always sound."""

    def __init__(self, shipped: Shipped):
        self.shipped = shipped
        self._lock = threading.Lock()
        self._lookout = Lookout("flow_book", self.look)
        first, faults = make_edition(shipped, (), 0)
        self.edition = first or Edition(minimal_library(), {}, 0, tuple(faults))
        self._logged = _log_edition(self.edition)

    @property
    def library(self) -> Library:
        """What is in force now, and the versions in which calls may still be under way."""
        return self.edition.library

    def take_up(self, session: Session) -> None:
        """Take up what was published since. A set that is not sound leaves the present one in force."""
        number = session.scalar(select(func.max(FlowVersion.id))) or 0
        with self._lock:
            if number == self.edition.number:
                return
            newer, faults = make_edition(self.shipped, _read_published(session), number)
            present = self.edition
            self.edition = newer or Edition(present.library, present.texts, number, tuple(faults))

    def try_draft(self, flow: str, version: int, source: str) -> tuple[Library | None, list[Fault]]:
        """The library with this text in force; without one, the faults for which it may not be."""
        return try_text(self.shipped, self.edition, Published(flow, version, source))

    def read_version(self, flow: str, version: int, source: str) -> Library | None:
        """A library with this text in force, only to look at; None when it can not be read."""
        return read_alone(self.shipped, Published(flow, version, source))

    def follow(self, engine: Engine) -> None:
        """Look for newer versions from now on, as long as this book is in use. Begins once; costs nothing after."""
        self._lookout.follow(engine)

    def look(self, engine: Engine) -> bool:
        """Take up what is new. False when the database could not be asked."""
        try:
            with Session(engine) as session:
                self.take_up(session)
            if self._logged is not self.edition:
                self._logged = _log_edition(self.edition)
            return True
        except SQLAlchemyError:
            UNASKED.inc()  # counted and not told: everything else tells already that the database is away
            return False
        finally:
            self._lookout.has_looked()


def _read_published(session: Session) -> list[Published]:
    """The newest few versions of each flow, and those that were in force until not long ago."""
    of_flow = {"partition_by": FlowVersion.flow, "order_by": FlowVersion.version.desc()}
    ranked = select(
        FlowVersion.flow,
        FlowVersion.version,
        FlowVersion.source,
        func.row_number().over(**of_flow).label("place"),
        func.lag(FlowVersion.published_at).over(**of_flow).label("replaced_at"),
    ).subquery()
    since = utc_now() - CALLS_LAST
    recent = (ranked.c.replaced_at.is_(None)) | (ranked.c.replaced_at > since)
    rows = session.execute(select(ranked, recent.label("recent")).where(recent | (ranked.c.place <= TRIED)))
    return [Published(row.flow, row.version, row.source, row.recent) for row in rows]


def _log_edition(edition: Edition) -> Edition:
    NUMBER.set(edition.number)
    FAULTS.set(len(edition.faults))
    if edition.faults:
        log.error("flows_passed_over", publication=edition.number, faults=list(map(str, edition.faults))[:20])
    elif edition.number:
        log.info("flows_taken_up", publication=edition.number)
    return edition
