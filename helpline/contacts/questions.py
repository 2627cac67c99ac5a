"""The questions put to a child who can not speak, each answered by key or not: a row each, never two at once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpline.contacts.events import record_event
from helpline.store.db import db
from helpline.store.types import UTCTime, new_id, utc_now

# 'none': nothing was pressed; 'gone': the line ended; 'not_put': the question never reached the child.
ANSWERS = ("yes", "no", "danger", "none", "gone", "not_put")
UNHEARD = ("none", "not_put")


class AskedQuestion(db.Model):
    """One question to one child. Open until it has an answer; `put_at` is when the child began to hear it."""

    __tablename__ = "asked_questions"
    __table_args__ = (
        CheckConstraint(f"answer IN {ANSWERS}", name="answer"),
        # A child is asked one thing at a time: two presses of a button ask once.
        Index("uq_asked_questions_open", "contact_id", unique=True, postgresql_where=text("answered_at IS NULL")),
        Index("ix_asked_questions_contact", "contact_id", "asked_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    contact_id: Mapped[UUID] = mapped_column(ForeignKey("contacts.id"))
    code: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UTCTime)
    put_at: Mapped[datetime | None] = mapped_column(UTCTime)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(UTCTime)


def open_question(session: Session, contact_id: UUID, code: str, actor: str) -> AskedQuestion:
    """Keep that a locked contact's child is being asked this."""
    question = AskedQuestion(contact_id=contact_id, code=code, asked_by=actor, asked_at=utc_now())
    session.add(question)
    session.flush()
    record_event(session, contact_id, "question.asked", actor, question=code)
    return question


def find_open_question(session: Session, contact_id: UUID) -> AskedQuestion | None:
    """What a contact's child is being asked at this moment."""
    query = select(AskedQuestion).where(AskedQuestion.contact_id == contact_id, AskedQuestion.answered_at.is_(None))
    return session.scalars(query).one_or_none()


def list_questions(session: Session, contact_id: UUID) -> list[AskedQuestion]:
    """All that a contact's child was asked, the latest first."""
    query = select(AskedQuestion).where(AskedQuestion.contact_id == contact_id)
    return list(session.scalars(query.order_by(AskedQuestion.asked_at.desc())))


def settle_question(session: Session, question: AskedQuestion, answer: str, actor: str) -> bool:
    """Keep the answer to a question of a locked contact. False when it changes nothing.

    A key that comes after the time was up is an answer all the same; what was answered stays answered.
    """
    heard_now = answer not in (*UNHEARD, "gone")
    if question.answered_at and not (question.answer in UNHEARD and heard_now):
        return False
    question.answer, question.answered_at = answer, utc_now()
    record_event(session, question.contact_id, "question.answered", actor, question=question.code, answer=answer)
    return True
