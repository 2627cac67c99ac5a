"""Loads the flows and sentences of a helpline, and refuses to load a set with any fault in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ivr_flows.check import check_shelf
from ivr_flows.faults import Fault
from ivr_flows.library import Library
from ivr_flows.minimal import minimal_library
from ivr_flows.shelf import read_shelf

__all__ = ["FlowsInvalid", "load_library", "minimal_library"]


class FlowsInvalid(Exception):
    """The flow or language files have faults; `faults` lists them, file and place."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


def load_library(
    folder: Path | None = None, languages: Sequence[str] | None = None, in_texts: Sequence[str] = ()
) -> Library:
    """Every flow and sentence of a folder (default: the ones shipped here), checked.

    `languages` picks the languages of calls and their speaking order, `in_texts` those that are only written.
    Raises FlowsInvalid with every fault at once.
    """
    shelf = read_shelf(folder, languages, in_texts)
    faults = check_shelf(shelf)
    if faults:
        raise FlowsInvalid(faults)
    return shelf.library
