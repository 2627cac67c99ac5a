"""What was answered to a webhook, so that the same webhook again gets the same answer and changes nothing.

A receipt is written in the transaction of the change it stands for. Two copies of one webhook that arrive
at the same moment meet at the primary key: the second waits for the first's commit and reads its answer.
"""

from datetime import datetime

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from helpline.store.db import db
from helpline.store.types import UTCTime, utc_now


class WebhookReceipt(db.Model):
    """One answered webhook: `key` names the call and the step, `answer` is the TwiML that went back."""

    __tablename__ = "webhook_receipts"

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    answer: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UTCTime, index=True)


def find_answer(session: Session, key: str) -> str | None:
    """The answer already given to this webhook, if any."""
    receipt = session.get(WebhookReceipt, key)
    return receipt.answer if receipt else None


def keep_answer(session: Session, key: str, answer: str) -> None:
    """Remember the answer. The caller holds the contact's row lock, so no twin can write the same key."""
    session.add(WebhookReceipt(key=key, answer=answer, at=utc_now()))
