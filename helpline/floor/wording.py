"""How times, risks and people are written in every view, so that all of them read alike."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from helpline.staff.models import Staff


def written(at: datetime | None) -> str | None:
    """An instant as '2026-03-01T09:30:00.123Z', always UTC; None of none."""
    return None if at is None else at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds_between(earlier: datetime | None, later: datetime) -> int | None:
    """Whole seconds, rounded down; negative when `earlier` is still to come; None when there is no `earlier`."""
    return None if earlier is None else int((later - earlier).total_seconds() // 1)


def risk_of(level: str, reasons: Sequence[Mapping], language: str | None = None) -> dict:
    """A level and why. `language` keeps only that language's sentence of each reason, where it has one."""
    return {"level": level, "reasons": [_in_language(reason, language) for reason in reasons]}


def named(person: Staff | None) -> dict | None:
    """A member of staff as others see them."""
    return None if person is None else {"id": person.id, "name": person.name}


def _in_language(reason: Mapping, language: str | None) -> dict:
    text = reason["text"]
    if language in text:
        text = {language: text[language]}
    return {**reason, "text": text}
