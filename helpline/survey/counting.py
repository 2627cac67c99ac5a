"""Counts answers, and shows them only where enough people answered that none of them can be picked out."""

from collections import Counter, defaultdict
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from helpline.survey.models import ANSWERS, SurveyCount


def count_answer(session: Session, day: date, channel: str, language: str, answer: str) -> None:
    """Add one answer to the week of this local day. Nothing else about it is kept anywhere."""
    week = day - timedelta(days=day.weekday())
    row = insert(SurveyCount).values(week=week, channel=channel, language=language, answer=answer, given=1)
    same = [SurveyCount.week, SurveyCount.channel, SurveyCount.language, SurveyCount.answer]
    session.execute(row.on_conflict_do_update(index_elements=same, set_={"given": SurveyCount.given + 1}))


def list_weeks(session: Session, least: int) -> tuple[list[dict], int]:
    """Each week, channel and language with at least `least` answers; and how many groups are too small to show."""
    groups: dict[tuple, Counter] = defaultdict(Counter)
    for row in session.scalars(select(SurveyCount)):
        groups[row.week, row.channel, row.language][row.answer] = row.given
    shown = [
        {
            "week": week.isoformat(),
            "channel": channel,
            "language": language,
            "answers": {answer: given[answer] for answer in ANSWERS},
        }
        for (week, channel, language), given in sorted(groups.items())
        if given.total() >= least
    ]
    return shown, len(groups) - len(shown)
