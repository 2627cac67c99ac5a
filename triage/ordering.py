"""Who is next, on one page.

Critical stands before everyone, first come first served. Below it, each level has a time within
which it should be answered, and whoever is due first is next: so an older lesser need goes first in
the end, but no amount of waiting can ever cross into critical. On a large enough floor one free
counsellor is kept for the next critical child, and given up by a stated rule.

Nothing here reads a clock. A place does not change while a contact waits, so it can be stored and
indexed, and a contact that is queued again keeps its arrival and with it its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from triage.model import RiskLevel

CRITICAL_RANK = 0
OTHER_RANK = 1


@dataclass(frozen=True, slots=True)
class QueuePolicy:
    """What a helpline decides about its queue. Times in seconds; `config` fills it from its data file."""

    reserve: int = 1  # free counsellors kept for the next critical contact
    reserve_from_on_shift: int = 5  # a smaller floor keeps nobody back
    reserve_release_overdue_s: int = 300
    reserve_release_waiting: int = 12
    language_patience_s: int = 60
    critical_language_patience_s: int = 20
    wish_patience_s: int = 120
    critical_wish_patience_s: int = 10
    on_call_after_s: int = 15
    on_call_from_when_closed: str = "high"  # the level from which a closed line wakes those on call


@dataclass(frozen=True, slots=True)
class Place:
    """Where a contact stands in the queue: lower rank first, then whoever is due first."""

    rank: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the order of the queue needs to know about one waiting contact."""

    level: RiskLevel
    arrived_at: datetime
    channel: str
    language: str
    language_on_shift: bool = True  # someone on shift speaks it
    wished_counsellor: Literal["woman", "man"] | None = None
    wished_at: datetime | None = None  # when the wish was told; it is honoured for a while from then on


@dataclass(frozen=True, slots=True)
class Counsellor:
    """What the order of the queue needs to know about one counsellor."""

    channels: frozenset[str]
    languages: frozenset[str]
    gender: str | None = None


@dataclass(frozen=True, slots=True)
class Floor:
    """The floor as the reserve rule sees it; `free` counts the counsellor about to be offered a contact.

    `oldest_non_critical_overdue_s` is how long ago the most overdue of them was due, 0 or less when
    none is overdue.
    """

    on_shift: int
    free: int
    oldest_non_critical_overdue_s: float
    non_critical_waiting: int


def place(level: RiskLevel, arrived_at: datetime, targets: Mapping[RiskLevel, int], slower_by_s: int = 0) -> Place:
    """The place of a contact. `targets` holds each level's answer time in seconds (critical needs none).

    `slower_by_s` is added for a number that two people have marked. Critical stands before everyone all the same.
    """
    if level is RiskLevel.critical:
        return Place(CRITICAL_RANK, arrived_at)
    return Place(OTHER_RANK, arrived_at + timedelta(seconds=targets[level] + slower_by_s))


def sort_key(where: Place, arrived_at: datetime) -> tuple[int, datetime, datetime]:
    """Ascending order of service; ties of all three are broken by contact id, where ids are known."""
    return (where.rank, where.due_at, arrived_at)


def fits(counsellor: Counsellor, waiting: Waiting, now: datetime, policy: QueuePolicy) -> bool:
    """Whether this counsellor may take this contact now: channel always, language and wish for a while."""
    waited_s = (now - waiting.arrived_at).total_seconds()
    return (
        waiting.channel in counsellor.channels
        and _suits_language(counsellor, waiting, waited_s, policy)
        and _suits_wish(counsellor, waiting, now, policy)
    )


def may_offer(waiting: Waiting, floor: Floor, policy: QueuePolicy) -> bool:
    """Whether a free counsellor may be given to this contact, or must be kept for a critical one."""
    if waiting.level is RiskLevel.critical:
        return True
    return floor.free > _count_kept_back(floor, policy)


def needs_on_call(
    level: RiskLevel,
    waited_s: float,
    policy: QueuePolicy,
    *,
    anyone_on_shift: bool,
    closed: bool = False,
    asked_for_person: bool = False,
) -> bool:
    """Whether to ring the on-call counsellors for this contact.

    `closed` is that the contact came while the line was closed, and it still is: then they are woken for danger,
    and for whoever has said that they need a person now.
    """
    if waited_s < policy.on_call_after_s:
        return False
    if level is RiskLevel.critical:
        return True
    if closed and not asked_for_person and level < policy.on_call_from_when_closed:
        return False
    return not anyone_on_shift


def _count_kept_back(floor: Floor, policy: QueuePolicy) -> int:
    if floor.on_shift < policy.reserve_from_on_shift:
        return 0
    # An idle counsellor beside a line of overdue children would be the greater harm.
    released = (
        floor.oldest_non_critical_overdue_s > policy.reserve_release_overdue_s
        or floor.non_critical_waiting > policy.reserve_release_waiting
    )
    return 0 if released else policy.reserve


def _suits_language(counsellor: Counsellor, waiting: Waiting, waited_s: float, policy: QueuePolicy) -> bool:
    if waiting.language in counsellor.languages or not waiting.language_on_shift:
        return True
    critical = waiting.level is RiskLevel.critical
    patience_s = policy.critical_language_patience_s if critical else policy.language_patience_s
    return waited_s >= patience_s


def _suits_wish(counsellor: Counsellor, waiting: Waiting, now: datetime, policy: QueuePolicy) -> bool:
    if waiting.wished_counsellor in (None, counsellor.gender):
        return True
    critical = waiting.level is RiskLevel.critical
    patience_s = policy.critical_wish_patience_s if critical else policy.wish_patience_s
    told_at = waiting.wished_at or waiting.arrived_at
    return (now - told_at).total_seconds() >= patience_s
