"""Faults on demand: callbacks that come twice, late, out of order or never; REST calls that fail."""

import random
import threading
from dataclasses import asdict, dataclass

CALLBACK_FAULTS = ("duplicate", "delay", "reorder", "drop")


class FaultRejected(ValueError):
    """A fault was described in words the line does not know."""


@dataclass
class CallbackFault:
    """`fault` befalls callbacks of this kind and event (None: any), `next` of them (None: for ever)."""

    fault: str
    kind: str | None = None
    event: str | None = None
    probability: float = 1.0
    next: int | None = None
    delay_s: float = 2.0

    def __post_init__(self):
        if self.fault not in CALLBACK_FAULTS:
            raise FaultRejected(f"fault must be one of {', '.join(CALLBACK_FAULTS)}")

    def concerns(self, kind: str, event: str | None) -> bool:
        """Whether this callback is one that the fault is waiting for."""
        return self.kind in (None, kind) and self.event in (None, event)


@dataclass
class RestFault:
    """The next REST calls whose path contains `path` are refused, or done without their reply arriving."""

    path: str = ""
    method: str | None = None
    status: int = 503
    code: int = 20503
    probability: float = 1.0
    next: int | None = None
    drop_reply: bool = False

    def concerns(self, method: str, path: str) -> bool:
        """Whether this REST call is one that the fault is waiting for."""
        return self.method in (None, method) and self.path in path


class Faults:
    """The faults now in force."""

    def __init__(self):
        self._lock = threading.Lock()
        self._callbacks: list[CallbackFault] = []
        self._rest: list[RestFault] = []

    def replace(self, callbacks: list[dict], rest: list[dict]) -> None:
        """Put exactly these faults in force; raises FaultRejected on an unknown field or fault."""
        try:
            new_callbacks = [CallbackFault(**fault) for fault in callbacks]
            new_rest = [RestFault(**fault) for fault in rest]
        except TypeError as error:
            raise FaultRejected(str(error)) from error
        with self._lock:
            self._callbacks, self._rest = new_callbacks, new_rest

    def take_callback_fault(self, kind: str, event: str | None) -> CallbackFault | None:
        """The fault that befalls this callback, if one does; counts it."""
        return self._take(self._callbacks, kind, event)

    def take_rest_fault(self, method: str, path: str) -> RestFault | None:
        """The fault that befalls this REST call, if one does; counts it."""
        return self._take(self._rest, method, path)

    def _take(self, faults, *described_by):
        with self._lock:
            for fault in faults:
                if fault.next == 0 or not fault.concerns(*described_by):
                    continue
                if random.random() >= fault.probability:
                    continue
                if fault.next is not None:
                    fault.next -= 1
                return fault
        return None

    def as_json(self) -> dict:
        """The faults in force, with what is left of each `next`."""
        with self._lock:
            return {
                "callbacks": [asdict(fault) for fault in self._callbacks],
                "rest": [asdict(fault) for fault in self._rest],
            }
