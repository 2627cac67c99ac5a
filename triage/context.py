"""Circumstances as signals: the hour, and what earlier contacts from the same number tell.

Only facts are turned into signals here; what each is worth, and from which count on, stands in
the rule files.
"""

from triage.model import Signal

NIGHT_BEGINS_HOUR = 22
NIGHT_ENDS_HOUR = 6


def context_signals(
    *,
    local_hour: int,
    attempts_24h: int,
    attempts_7d: int,
    abandoned_after_danger: bool,
    recent_high_within_30d: bool,
    short_hangups_10min: int,
    silent_earlier_24h: int = 0,
    abandoned_after_danger_within_hour: bool = False,
    abandoned_after_disclosure: bool = False,
    unsafe_earlier_24h: bool = False,
    short_hangups_60min: int = 0,
) -> tuple[Signal, ...]:
    """The signals of a contact's circumstances; nothing known gives no signals.

    `local_hour` is 0 to 23 where the child is. Attempts count this contact too; hang-ups and silent
    lines count the earlier ones only. `abandoned_after_danger` means: an earlier contact pressed the
    danger key and hung up before anyone answered; `abandoned_after_disclosure` that one told of violence, self-harm
    or having run away and did; `unsafe_earlier_24h` that one answered by key not to be safe.
    """
    facts = {
        "night": local_hour >= NIGHT_BEGINS_HOUR or local_hour < NIGHT_ENDS_HOUR,
        "abandoned_after_danger": abandoned_after_danger or abandoned_after_danger_within_hour,
        "abandoned_after_danger_within_hour": abandoned_after_danger_within_hour,
        "abandoned_after_disclosure": abandoned_after_disclosure,
        "unsafe_earlier_24h": unsafe_earlier_24h,
        "recent_high_within_30d": recent_high_within_30d,
    }
    counts = {
        "attempts_24h": attempts_24h,
        "attempts_7d": attempts_7d,
        "short_hangups_10min": short_hangups_10min,
        "short_hangups_60min": short_hangups_60min,
        "silent_earlier_24h": silent_earlier_24h,
    }
    return (
        *(Signal(name) for name, holds in facts.items() if holds),
        *(Signal(name, count) for name, count in counts.items() if count > 0),
    )
