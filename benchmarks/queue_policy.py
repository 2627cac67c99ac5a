"""What each way of ordering the queue costs whom: a seeded simulation that runs the service's own rules.

`python -m benchmarks.queue_policy` prints, for each load and floor, the wait and the abandonment of
critical calls beside the price that routine calls pay. Every policy meets the same calls.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush

from triage.model import RiskLevel
from triage.ordering import Floor, QueuePolicy, Waiting, may_offer, place, sort_key

START = datetime(2030, 1, 1, tzinfo=UTC)
DAY_S = 86_400
TARGETS = {RiskLevel.high: 60, RiskLevel.elevated: 180, RiskLevel.routine: 600, RiskLevel.benign: 3600}
MIX = {RiskLevel.critical: 3, RiskLevel.high: 12, RiskLevel.elevated: 35, RiskLevel.routine: 50}
TALK_MEAN_S, TALK_VARIATION = 15 * 60, 0.8
PATIENCE_MEAN_S = 6 * 60
LOADS, FLOORS = (0.8, 0.95, 1.2), (20, 8)

TALK_ENDS, GIVES_UP, LOOK_AGAIN = range(3)


@dataclass(frozen=True, slots=True)
class Caller:
    """One simulated call: when it comes, how long it talks, how long it would wait (seconds)."""

    waiting: Waiting
    arrived_s: float
    talk_s: float
    patience_s: float


@dataclass(frozen=True)
class Contender:
    """One way of running the queue: the order of service, and what is kept back."""

    name: str
    key: Callable[[Waiting], tuple]
    policy: QueuePolicy


@dataclass
class Tally:
    """What became of the calls of one level."""

    waits_s: list[float] = field(default_factory=list)
    abandoned: int = 0

    def abandonment(self) -> float:
        """Share of calls that gave up, in percent."""
        came = self.abandoned + len(self.waits_s)
        return 100 * self.abandoned / came if came else 0.0

    def percentile(self, share: float) -> float:
        """Wait in seconds that this share of the answered calls did not exceed (nearest rank)."""
        if not self.waits_s:
            return math.nan
        return sorted(self.waits_s)[max(0, math.ceil(share * len(self.waits_s)) - 1)]


def key_by_arrival(waiting: Waiting) -> tuple:
    """First come, first served, whatever the need."""
    return (waiting.arrived_at,)


def key_by_level(waiting: Waiting) -> tuple:
    """The higher level always first, however long a lower one has waited."""
    return (-waiting.level.rank, waiting.arrived_at)


def key_of_service(waiting: Waiting) -> tuple:
    """The order the service itself uses."""
    return sort_key(place(waiting.level, waiting.arrived_at, TARGETS), waiting.arrived_at)


def list_contenders(policy: QueuePolicy) -> list[Contender]:
    """The ways compared; only the last one keeps a counsellor back."""
    no_reserve = replace(policy, reserve=0)
    return [
        Contender("first come", key_by_arrival, no_reserve),
        Contender("strict levels", key_by_level, no_reserve),
        Contender("ours, reserve 0", key_of_service, no_reserve),
        Contender(f"ours, reserve {policy.reserve}", key_of_service, policy),
    ]


def draw_callers(on_shift: int, load: float, days: float, seed: int, patient: bool) -> list[Caller]:
    """The calls of one run, the same for every policy: Poisson arrivals, lognormal talk, exponential patience."""
    dice = random.Random(f"{on_shift}/{load}/{seed}")
    sigma = math.sqrt(math.log(1 + TALK_VARIATION**2))
    mu = math.log(TALK_MEAN_S) - sigma**2 / 2
    levels, weights = list(MIX), list(MIX.values())
    callers, now_s = [], 0.0
    while True:
        now_s += dice.expovariate(load * on_shift / TALK_MEAN_S)
        level = dice.choices(levels, weights)[0]
        talk_s, patience_s = dice.lognormvariate(mu, sigma), dice.expovariate(1 / PATIENCE_MEAN_S)
        if now_s > days * DAY_S:
            return callers
        waiting = Waiting(level, START + timedelta(seconds=now_s), "voice", "ar")
        callers.append(Caller(waiting, now_s, talk_s, math.inf if patient else patience_s))


class Shift:
    """One floor of counsellors meeting one list of calls under one policy."""

    def __init__(self, contender: Contender, on_shift: int):
        self.contender = contender
        self.on_shift = on_shift
        self.free = on_shift
        self.tallies = {level: Tally() for level in MIX}
        self.line: list[tuple] = []  # heap of (order of service, number, caller)
        self.due: list[tuple] = []  # heap of (due, number) of those not critical
        self.waiting: set[int] = set()
        self.non_critical_waiting = 0
        self.events: list[tuple] = []  # heap of (second, number, what, caller)

    def run(self, callers: Iterable[Caller]) -> dict[RiskLevel, Tally]:
        """Play every call to its end."""
        for number, caller in enumerate(callers):
            self._play_until(caller.arrived_s)
            self._join(number, caller)
            self._offer(caller.arrived_s)
        self._play_until(math.inf)
        return self.tallies

    def _play_until(self, end_s: float) -> None:
        while self.events and self.events[0][0] <= end_s:
            now_s, number, what, caller = heappop(self.events)
            if what == TALK_ENDS:
                self.free += 1
            elif what == GIVES_UP and number in self.waiting:
                self._leave(number, caller)
                self.tallies[caller.waiting.level].abandoned += 1
            self._offer(now_s)

    def _join(self, number: int, caller: Caller) -> None:
        waiting = caller.waiting
        self.waiting.add(number)
        heappush(self.line, (self.contender.key(waiting), number, caller))
        if waiting.level is not RiskLevel.critical:
            self.non_critical_waiting += 1
            due_s = caller.arrived_s + TARGETS[waiting.level]
            heappush(self.due, (due_s, number))
            # A kept-back counsellor is released by time alone, so look again when that time is up.
            look_s = due_s + self.contender.policy.reserve_release_overdue_s + 1
            heappush(self.events, (look_s, number, LOOK_AGAIN, caller))
        if caller.patience_s < math.inf:
            heappush(self.events, (caller.arrived_s + caller.patience_s, number, GIVES_UP, caller))

    def _offer(self, now_s: float) -> None:
        while self.free and self.waiting:
            while self.line[0][1] not in self.waiting:
                heappop(self.line)
            _, number, caller = self.line[0]
            if not may_offer(caller.waiting, self._see_floor(now_s), self.contender.policy):
                return
            self._leave(number, caller)
            self.free -= 1
            self.tallies[caller.waiting.level].waits_s.append(now_s - caller.arrived_s)
            heappush(self.events, (now_s + caller.talk_s, number, TALK_ENDS, caller))

    def _leave(self, number: int, caller: Caller) -> None:
        self.waiting.remove(number)
        self.non_critical_waiting -= caller.waiting.level is not RiskLevel.critical

    def _see_floor(self, now_s: float) -> Floor:
        while self.due and self.due[0][1] not in self.waiting:
            heappop(self.due)
        overdue_s = now_s - self.due[0][0] if self.due else 0.0
        return Floor(self.on_shift, self.free, overdue_s, self.non_critical_waiting)


def compare(on_shift: int, load: float, options: argparse.Namespace, policy: QueuePolicy) -> list[str]:
    """One row a contender, over all seeds, ready to print."""
    contenders = list_contenders(policy)
    totals = [{level: Tally() for level in MIX} for _ in contenders]
    for seed in range(options.seeds):
        callers = draw_callers(on_shift, load, options.days, seed, options.patient)
        for contender, total in zip(contenders, totals, strict=True):
            for level, tally in Shift(contender, on_shift).run(callers).items():
                total[level].waits_s += tally.waits_s
                total[level].abandoned += tally.abandoned
        _show_progress(f"{on_shift} on shift, load {load}: seed {seed + 1} of {options.seeds}")
    _show_progress("")
    return [_format_row(contender.name, total) for contender, total in zip(contenders, totals, strict=True)]


def _show_progress(what: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{what:<48}\r", end="", file=sys.stderr, flush=True)


def _format_row(name: str, tallies: dict[RiskLevel, Tally]) -> str:
    cells = [
        f"{tally.percentile(0.95):7.0f} {tally.percentile(0.99):6.0f} {tally.abandonment():5.1f}%"
        for tally in tallies.values()
    ]
    return f"  {name:<16}" + " |".join(cells)


def read_options() -> argparse.Namespace:
    """The command line."""
    usual = QueuePolicy()
    parser = argparse.ArgumentParser(prog="python -m benchmarks.queue_policy", description=__doc__)
    parser.add_argument("--days", type=float, default=12, help="simulated days a run (default 12)")
    parser.add_argument("--seeds", type=int, default=10, help="runs a cell (default 10)")
    parser.add_argument("--patient", action="store_true", help="nobody gives up, as with text messages")
    parser.add_argument("--reserve", type=int, default=usual.reserve)
    parser.add_argument("--release-overdue", type=int, default=usual.reserve_release_overdue_s)
    parser.add_argument("--release-waiting", type=int, default=usual.reserve_release_waiting)
    return parser.parse_args()


def main() -> None:
    """Print the comparison."""
    options, began = read_options(), time.monotonic()
    policy = QueuePolicy(
        reserve=options.reserve,
        reserve_release_overdue_s=options.release_overdue,
        reserve_release_waiting=options.release_waiting,
    )
    heads = " |".join(f"{level:>8} P95/P99/quit" for level in MIX)
    print(f"Wait of answered calls in seconds, and calls abandoned.\n{'':18}{heads}")
    for on_shift in FLOORS:
        for load in LOADS:
            rows = compare(on_shift, load, options, policy)
            print(f"{on_shift} on shift, load {load}", *rows, sep="\n", flush=True)
    print(f"{options.seeds} seeds of {options.days:g} days, {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
