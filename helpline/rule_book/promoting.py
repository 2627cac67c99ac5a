"""Putting tried rules in force takes two people. Going back takes one, for it leads to what was in force before."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.audit.record import record_act
from helpline.rule_book.book import RuleBook
from helpline.rule_book.candidates import LONGEST_LINE, RulesHaveFaults, find_proposal, find_seen, lock_rules
from helpline.rule_book.editions import SHIPPED, find_faults, load_files
from helpline.rule_book.models import RuleProposal, RulePublication
from helpline.store.types import utc_now
from triage.rule_file import RulesInvalid


class AskedAlready(Exception):
    """Somebody has asked for this candidate already; it waits for another person."""


class NobodyAsked(Exception):
    """There is no wish to put this candidate in force."""


class SameHand(Exception):
    """Whoever asks can not be the one who approves."""


class NoWayBack(Exception):
    """There is nothing to go back to, or no such publication, or it is the one in force."""


def ask_to_promote(
    session: Session, book: RuleBook, change: str, *, seen: int | None = None, actor: str
) -> RuleProposal:
    """Ask another person to put the candidate in force. Raises NothingOnTrial, RulesHaveFaults, AskedAlready."""
    _take_turn(session, book)
    candidate = find_seen(session, seen)
    _refuse_faults(candidate.files)
    if find_proposal(session, candidate):
        raise AskedAlready
    wish = RuleProposal(candidate_id=candidate.id, change=change[:LONGEST_LINE], asked_by=actor, asked_at=utc_now())
    session.add(wish)
    session.flush()
    told = {"subject": f"rules:{candidate.version}", "candidate": candidate.id}
    record_act(session, actor=actor, action="rules.promotion_asked", **told)
    return wish


def approve(session: Session, book: RuleBook, *, seen: int, actor: str) -> RulePublication:
    """The second person puts the candidate `seen` in force. Raises what asking raises, NobodyAsked and SameHand."""
    _take_turn(session, book)
    candidate = find_seen(session, seen)
    wish = find_proposal(session, candidate)
    if wish is None:
        raise NobodyAsked
    if wish.asked_by == actor:
        raise SameHand
    _refuse_faults(candidate.files)
    people = {"asked_by": wish.asked_by, "approved_by": actor}
    return _publish(session, book, candidate.version, candidate.files, wish.change, candidate_id=candidate.id, **people)


def roll_back(session: Session, book: RuleBook, reason: str, *, to: int | None = None, actor: str) -> RulePublication:
    """Put in force again what was before the present rules, or publication `to`; 0 is the shipped files.

    Raises NoWayBack, RulesHaveFaults. Contacts that are under way keep their levels: a machine never lowers.
    """
    _take_turn(session, book)
    present = book.edition.in_force
    target = find_one_before(session, present) if to is None else to
    if target == present or target is None:
        raise NoWayBack
    row = session.get(RulePublication, target) if target != SHIPPED else None
    if target != SHIPPED and (row is None or row.restores is not None):
        raise NoWayBack
    if row:
        _refuse_unreadable(row.files)
    version, files = (row.version, row.files) if row else (book.shipped.version, None)
    change = f"Back to {target}: {reason}"[:LONGEST_LINE]
    return _publish(session, book, version, files, change, asked_by=actor, restores=target)


def find_one_before(session: Session, number: int) -> int | None:
    """The publication before this one, ways back not counted; 0 the shipped files; None before those."""
    if number == SHIPPED:
        return None
    earlier = select(RulePublication.id).where(RulePublication.id < number, RulePublication.restores.is_(None))
    return session.scalar(earlier.order_by(RulePublication.id.desc()).limit(1)) or SHIPPED


def list_publications(session: Session) -> Sequence[RulePublication]:
    """Everything that was ever put in force over the shipped files, newest first."""
    return session.scalars(select(RulePublication).order_by(RulePublication.id.desc())).all()


def _take_turn(session: Session, book: RuleBook) -> None:
    lock_rules(session)
    book.take_up(session)


def _refuse_unreadable(files: dict[str, str]) -> None:
    """On the way back an example that no longer holds is no hindrance: these rules have ordered children before."""
    try:
        load_files(files)
    except RulesInvalid as invalid:
        raise RulesHaveFaults(str(invalid)) from invalid


def _refuse_faults(files: dict[str, str]) -> None:
    if faults := find_faults(files):
        raise RulesHaveFaults("\n".join(faults))


def _publish(
    session: Session,
    book: RuleBook,
    version: str,
    files: dict[str, str] | None,
    change: str,
    *,
    asked_by: str,
    approved_by: str | None = None,
    candidate_id: int | None = None,
    restores: int | None = None,
) -> RulePublication:
    row = RulePublication(
        version=version,
        files=files,
        change=change,
        asked_by=asked_by,
        approved_by=approved_by,
        published_at=utc_now(),
        candidate_id=candidate_id,
        restores=restores,
        shipped_version=book.shipped.version,
    )
    session.add(row)
    session.flush()
    told = {"number": row.id, "asked_by": asked_by, "restores": restores}
    record_act(session, actor=approved_by or asked_by, action="rules.promoted", subject=f"rules:{version}", **told)
    return row
