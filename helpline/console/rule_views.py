"""What the rules page shows: versions and trials with the people behind them, and changed lines file by file."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from helpline.console.flow_views import names_of
from helpline.flow_book.comparing import TextLine, compare_texts
from helpline.reviewing.report import report_trial
from helpline.rule_book.book import RuleBook
from helpline.rule_book.candidates import find_candidate, find_proposal
from helpline.rule_book.promoting import list_publications

MOST_SHOWN = 200


def list_rule_versions(session: Session, book: RuleBook) -> list[dict]:
    """Everything that was put in force, newest first."""
    rows = list_publications(session)
    names = names_of(session, [who for row in rows for who in (row.asked_by, row.approved_by) if who])
    return [
        {
            "number": row.id,
            "at": row.published_at,
            "by": names[row.asked_by],
            "approved_by": names.get(row.approved_by),
            "change": row.change,
            "version": row.version,
            "in_force": row.id == book.edition.in_force,
        }
        for row in rows
    ]


def show_trial(session: Session, viewer: str) -> dict | None:
    """The rules on trial and what they have shown; None when none are."""
    candidate = find_candidate(session)
    if candidate is None:
        return None
    wish = find_proposal(session, candidate)
    names = names_of(session, [candidate.made_by, *([wish.asked_by] if wish else [])])
    report = report_trial(session, candidate)
    return {
        "candidate": candidate,
        "made_by": names[candidate.made_by],
        "wish": wish,
        "asked_by": names[wish.asked_by] if wish else None,
        "asked_by_me": bool(wish) and wish.asked_by == viewer,
        "report": report,
        "shown": report.changes[:MOST_SHOWN],
    }


def compare_files(before: Mapping[str, str], after: Mapping[str, str]) -> list[tuple[str, list[list[TextLine]]]]:
    """Each file that differs, with the places that do; a file that is new or gone is all of one kind."""
    names = sorted(before.keys() | after.keys())
    differing = [name for name in names if before.get(name) != after.get(name)]
    return [(name, compare_texts(before.get(name, ""), after.get(name, ""))) for name in differing]
