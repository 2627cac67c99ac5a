"""Tables of the rule book. Rows are only ever added: a trigger in the migrations refuses to change or delete one."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from helpline.store.db import db
from helpline.store.types import UTCTime

# Going back is done by one, to what two had approved; anything new takes two, and the database sees to it.
TWO_PEOPLE = "restores IS NOT NULL OR (approved_by IS NOT NULL AND approved_by <> asked_by)"


class RuleCandidate(db.Model):
    """A changed set of rule files, whole, as somebody gave it to be tried beside the live one."""

    __tablename__ = "rule_candidates"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    version: Mapped[str] = mapped_column(Text)  # declared versions and a fingerprint of the exact content
    files: Mapped[dict] = mapped_column(JSONB)  # path in the folder -> text
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UTCTime)
    after_event: Mapped[int] = mapped_column(BigInteger)  # what happened to contacts until then it does not judge


class RuleCandidateEnd(db.Model):
    """A candidate that is not tried any longer, and why. A promoted or replaced one ends without a row here."""

    __tablename__ = "rule_candidate_ends"

    candidate_id: Mapped[int] = mapped_column(ForeignKey("rule_candidates.id"), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    ended_by: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[datetime] = mapped_column(UTCTime)


class RuleProposal(db.Model):
    """Somebody asks that a candidate be put in force. It stands as long as that candidate is tried."""

    __tablename__ = "rule_proposals"

    candidate_id: Mapped[int] = mapped_column(ForeignKey("rule_candidates.id"), primary_key=True)
    change: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime] = mapped_column(UTCTime)


class RulePublication(db.Model):
    """Rules put in force. `id` numbers all of them, so that a process can tell it is behind; 0 means the shipped files.

    `restores` is the number that a way back leads to, whose files it repeats; `files` is empty for the shipped ones.
    """

    __tablename__ = "rule_publications"
    __table_args__ = (CheckConstraint(TWO_PEOPLE, name="two_people"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    version: Mapped[str] = mapped_column(Text)
    files: Mapped[dict | None] = mapped_column(JSONB(none_as_null=True))
    change: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[str] = mapped_column(Text)
    approved_by: Mapped[str | None] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(UTCTime)
    candidate_id: Mapped[int | None] = mapped_column(ForeignKey("rule_candidates.id"))
    restores: Mapped[int | None] = mapped_column(BigInteger)
    shipped_version: Mapped[str] = mapped_column(Text)  # of the files that came with the program at that moment
