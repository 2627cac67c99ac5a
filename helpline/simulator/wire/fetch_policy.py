"""How long the line waits for the service and how often it tries again.

A URL may ask for other values in its fragment (`#rc=2&rp=ct,rt`), which never reaches the service.
"""

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urldefrag

RETRY_REASONS = {"ct", "rt", "4xx", "5xx", "all"}
MILLISECOND_LIMITS = {"ct": (100, 10_000), "rt": (100, 15_000), "tt": (100, 15_000)}


class FetchPolicyRejected(ValueError):
    """A fragment asked for something the line does not offer."""


@dataclass(frozen=True)
class FetchPolicy:
    """Seconds to connect, to read and in all; how many retries, and after which failures."""

    connect_s: float = 5.0
    read_s: float = 15.0
    total_s: float = 15.0
    retries: int = 1
    retry_on: frozenset[str] = frozenset({"ct"})

    def retries_after(self, reason: str) -> bool:
        """Whether a failure of this kind (`ct`, `rt`, `4xx`, `5xx`) is worth another try."""
        return reason in self.retry_on or "all" in self.retry_on


def split_overrides(url: str) -> tuple[str, FetchPolicy]:
    """The URL without its fragment, and the policy that the fragment asked for."""
    address, fragment = urldefrag(url)
    policy = FetchPolicy()
    for name, value in parse_qsl(fragment):
        policy = _override(policy, name, value)
    return address, policy


def _override(policy: FetchPolicy, name: str, value: str) -> FetchPolicy:
    if name in MILLISECOND_LIMITS:
        field = {"ct": "connect_s", "rt": "read_s", "tt": "total_s"}[name]
        return replace(policy, **{field: _number(name, value, *MILLISECOND_LIMITS[name]) / 1000})
    if name == "rc":
        return replace(policy, retries=_number(name, value, 0, 5))
    if name == "rp":
        reasons = frozenset(value.split(","))
        if not reasons <= RETRY_REASONS:
            raise FetchPolicyRejected(f"rp={value}")
        return replace(policy, retry_on=reasons)
    return policy


def _number(name: str, value: str, low: int, high: int) -> int:
    if not value.isdigit() or not low <= int(value) <= high:
        raise FetchPolicyRejected(f"{name}={value} is not between {low} and {high}")
    return int(value)
