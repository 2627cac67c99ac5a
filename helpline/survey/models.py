"""The table of answers: counts, and no row for any one answer."""

from datetime import date

from sqlalchemy import CheckConstraint, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from helpline.store.db import db

ANSWERS = ("helped", "helped_a_little", "did_not_help")


class SurveyCount(db.Model):
    """How many gave this answer in the week that begins on this Monday, by channel and language.

    A row an answer could be joined with a contact by its order or its time; a count can not.
    """

    __tablename__ = "survey_counts"
    __table_args__ = (CheckConstraint(f"answer IN {ANSWERS}", name="answer"),)

    week: Mapped[date] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(Text, primary_key=True)
    language: Mapped[str] = mapped_column(Text, primary_key=True)
    answer: Mapped[str] = mapped_column(Text, primary_key=True)
    given: Mapped[int] = mapped_column(Integer)
