"""Keeps asking the rules on trial, in a thread of the clock's own. Whatever goes wrong here, the line goes on.

Several clocks may run; by an advisory lock one of them compares at a time.
"""

import threading

import structlog
from flask import Flask
from prometheus_client import Counter
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpline.line import Line
from helpline.reviewing.shadowing import MOST_AT_ONCE, compare_new
from helpline.rule_book.candidates import find_candidate
from helpline.rule_book.editions import load_files
from helpline.rule_book.models import RuleCandidate
from helpline.store.db import db
from triage.rules import RuleSet

log = structlog.get_logger()

LOOK_EVERY_S = 1.0
SHADOW_LOCK = 0x5AD0  # any fixed number of our own
FAILED = Counter("helpline_shadow_rounds_failed_total", "Rounds in which the rules on trial could not be asked")


class Comparing:
    """Holds the rules on trial between rounds, since reading them takes a moment."""

    def __init__(self, line: Line):
        self._line = line
        self._of_candidate: tuple[int, RuleSet] | None = None

    def do_round(self, session: Session) -> int:
        """Compare what is new and commit. Returns how many contacts; none without a trial or in another's turn."""
        if not session.scalar(select(func.pg_try_advisory_xact_lock(SHADOW_LOCK))):
            return 0
        candidate = find_candidate(session)
        if candidate is None:
            return 0
        done = compare_new(session, self._line.keys, self._line.rules, candidate, self._rules_of(candidate))
        session.commit()
        return done

    def _rules_of(self, candidate: RuleCandidate) -> RuleSet:
        if self._of_candidate is None or self._of_candidate[0] != candidate.id:
            self._of_candidate = candidate.id, load_files(candidate.files)
        return self._of_candidate[1]


def keep_comparing(app: Flask, stop: threading.Event) -> None:
    """Rounds without end until `stop` is set; the next one at once as long as there is more."""
    comparing = Comparing(app.extensions["helpline"])
    more = False
    while not stop.wait(0.0 if more else LOOK_EVERY_S):
        with app.app_context():
            more = _try_round(comparing)


def _try_round(comparing: Comparing) -> bool:
    session = db.session()
    try:
        return comparing.do_round(session) == MOST_AT_ONCE
    except Exception as error:  # noqa: BLE001 - a trial must never end the clock's thread
        FAILED.inc()
        log.warning("shadow_round_failed", fault=type(error).__name__)
        return False
    finally:
        session.rollback()
