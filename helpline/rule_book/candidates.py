"""Changed rules that are tried beside the live ones. One at a time: the newest that has not ended."""

from collections.abc import Mapping

from sqlalchemy import exists, func, select, text
from sqlalchemy.orm import Session

from helpline.audit.record import record_act
from helpline.rule_book.book import RuleBook
from helpline.rule_book.editions import find_faults, load_files
from helpline.rule_book.models import RuleCandidate, RuleCandidateEnd, RuleProposal, RulePublication
from helpline.store.types import utc_now

BOOK_LOCK = 0x2013B00C  # any fixed number; whoever changes candidates or publications takes turns
LONGEST_LETTERS = 4_000_000
LONGEST_LINE = 200


class RulesHaveFaults(Exception):
    """Rules with a fault, or with an example that does not hold, are neither tried nor put in force."""


class NothingNew(Exception):
    """These are the very rules that are in force, or that are being tried already."""


class NothingOnTrial(Exception):
    """No candidate is on trial, or another than the one that was looked at."""


def lock_rules(session: Session) -> None:
    """Until the end of the transaction nobody else changes candidates or publications."""
    session.execute(select(func.pg_advisory_xact_lock(BOOK_LOCK)))


def find_candidate(session: Session) -> RuleCandidate | None:
    """The candidate on trial now."""
    newest = session.scalars(select(RuleCandidate).order_by(RuleCandidate.id.desc()).limit(1)).one_or_none()
    if newest is None:
        return None
    over = exists().where(RuleCandidateEnd.candidate_id == newest.id)
    promoted = exists().where(RulePublication.candidate_id == newest.id)
    return None if session.scalar(select(over | promoted)) else newest


def find_proposal(session: Session, candidate: RuleCandidate | None) -> RuleProposal | None:
    """The standing wish to put this candidate in force."""
    return session.get(RuleProposal, candidate.id) if candidate else None


def read_ahead(session: Session) -> None:
    """Read what is on trial before a turn is taken, for reading takes seconds and a turn that waits so long is ended.

    Ends the transaction that is open, with nothing written.
    """
    candidate = find_candidate(session)
    files = candidate.files if candidate else None
    session.rollback()
    if files:
        find_faults(files)


def start_trial(session: Session, book: RuleBook, files: Mapping[str, str], reason: str, actor: str) -> RuleCandidate:
    """Try these files beside the live rules, in the place of whatever was tried before.

    Raises RulesHaveFaults, NothingNew.
    """
    if sum(map(len, files.values())) > LONGEST_LETTERS:
        raise RulesHaveFaults("far more text than any rules need")
    if faults := find_faults(files):  # takes seconds, so nobody's turn is held meanwhile
        raise RulesHaveFaults("\n".join(faults))
    lock_rules(session)
    book.take_up(session)
    version, before = load_files(files).version, find_candidate(session)
    if version in (book.rules.version, before and before.version):
        raise NothingNew(version)
    candidate = RuleCandidate(
        version=version,
        files=dict(files),
        reason=reason[:LONGEST_LINE],
        made_by=actor,
        made_at=utc_now(),
        after_event=session.scalar(text("SELECT coalesce(max(id), 0) FROM contact_events")),
    )
    session.add(candidate)
    session.flush()
    record_act(session, actor=actor, action="rules.trial_started", subject=f"rules:{version}", candidate=candidate.id)
    return candidate


def stop_trial(session: Session, reason: str, *, seen: int | None = None, actor: str) -> RuleCandidate:
    """End the trial, and with it a standing wish to promote. `seen` is the candidate looked at. NothingOnTrial."""
    lock_rules(session)
    candidate = find_seen(session, seen)
    end = RuleCandidateEnd(candidate_id=candidate.id, reason=reason[:LONGEST_LINE], ended_by=actor, ended_at=utc_now())
    session.add(end)
    session.flush()
    told = {"subject": f"rules:{candidate.version}", "candidate": candidate.id}
    record_act(session, actor=actor, action="rules.trial_stopped", **told)
    return candidate


def find_seen(session: Session, seen: int | None) -> RuleCandidate:
    """The candidate on trial, if it is the one that was looked at. Raises NothingOnTrial."""
    candidate = find_candidate(session)
    if candidate is None or seen not in (None, candidate.id):
        raise NothingOnTrial
    return candidate
