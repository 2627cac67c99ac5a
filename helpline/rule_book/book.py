"""The risk rules in force in this process. Contacts are assessed from memory; a lookout takes newer rules up.

No webhook ever waits for that: while PostgreSQL is away, what is in force here stays in force.
"""

import threading
from pathlib import Path

import structlog
from prometheus_client import Counter, Gauge
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from helpline.rule_book.editions import RuleEdition, make_edition, read_files
from helpline.rule_book.models import RulePublication
from helpline.store.lookout import Lookout
from triage.rules import RuleSet, load_rules

log = structlog.get_logger()

# That many publications are tried before the shipped files, should all the newer ones be broken.
TRIED = 5

NUMBER = Gauge("helpline_rule_publication", "The latest publication of risk rules that this process has taken up")
UNASKED = Counter("helpline_rule_lookups_failed_total", "Times the database could not be asked for newer risk rules")
FAULTS = Gauge("helpline_rule_faults", "Faults of published risk rules that were passed over in this process")


class RuleBook:
    """One for each process; `rules` is always there and always sound. RulesInvalid when the shipped files are not.

    `kept_in`: where spelled-out packs are kept from one process to the next.
    """

    def __init__(self, folder: Path, kept_in: Path | None = None):
        self.folder = folder
        self.shipped = load_rules(folder, kept_in)
        self.edition = RuleEdition(self.shipped)
        self._logged = self.edition
        self._lock = threading.Lock()
        self._lookout = Lookout("rule_book", self.look)

    @property
    def rules(self) -> RuleSet:
        """The rules in force at this moment."""
        return self.edition.rules

    def read_files_in_force(self, session: Session) -> dict[str, str]:
        """The files of the rules in force, by path."""
        row = session.get(RulePublication, self.edition.in_force)
        return dict(row.files) if row and row.files else read_files(self.folder)

    def take_up(self, session: Session) -> None:
        """Take up what was put in force since."""
        number = session.scalar(select(func.max(RulePublication.id))) or 0
        with self._lock:
            if number == self.edition.number:
                return
            newest = select(RulePublication).order_by(RulePublication.id.desc()).limit(TRIED)
            self.edition = make_edition(self.shipped, session.scalars(newest).all(), number)

    def follow(self, engine: Engine) -> None:
        """Look for newer rules from now on. Begins once; costs nothing after."""
        self._lookout.follow(engine)

    def look(self, engine: Engine) -> bool:
        """Take up what is new. False when the database could not be asked."""
        try:
            with Session(engine) as session:
                self.take_up(session)
            self._tell()
            return True
        except SQLAlchemyError:
            UNASKED.inc()  # counted and not told: everything else tells already that the database is away
            return False
        finally:
            self._lookout.has_looked()

    def _tell(self) -> None:
        if self._logged is self.edition:
            return
        self._logged = self.edition
        NUMBER.set(self.edition.number)
        FAULTS.set(len(self.edition.faults))
        if self.edition.faults:
            log.error("rules_passed_over", publication=self.edition.number, faults=list(self.edition.faults)[:20])
        log.info("rules_taken_up", publication=self.edition.number, version=self.rules.version)
