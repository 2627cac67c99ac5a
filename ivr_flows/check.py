"""Refuses flows that could lose a child: every file, every way through, every sentence in every language."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ivr_flows.check_flow import check_flow
from ivr_flows.check_prompts import check_prompts
from ivr_flows.check_reach import check_reach
from ivr_flows.faults import Fault, FaultList
from ivr_flows.shelf import Shelf, read_shelf
from ivr_flows.walk import run_walks

# The service starts these by name: when a call comes, while it waits, and when a message comes.
REQUIRED_FLOWS = {"welcome": "menus", "waiting": "waiting", "text_welcome": "text"}


def check(
    folder: Path | None = None, languages: Sequence[str] | None = None, in_texts: Sequence[str] = ()
) -> list[Fault]:
    """Every fault in a folder of flows and prompts; an empty list means it may be used."""
    return check_shelf(read_shelf(folder, languages, in_texts))


def check_shelf(shelf: Shelf) -> list[Fault]:
    """The same for files that have been read. Walks are tried only when everything else is sound."""
    _check_required(shelf)
    for key, flow in shelf.library.flows.items():
        check_flow(flow, shelf.library, shelf.flow_faults[key])
    check_prompts(shelf)
    if not shelf.faults():
        for key, flow in shelf.library.flows.items():
            check_reach(flow, shelf.library, shelf.flow_faults[key])
    if not shelf.faults():
        for failed in run_walks(shelf.library):
            shelf.flow_faults[failed.flow, failed.version].add(f"walks[{failed.number}]", str(failed))
    return shelf.faults()


def _check_required(shelf: Shelf) -> None:
    unread = {faults.file for faults in shelf.other_faults}
    if not shelf.library.speech and not any(file.startswith("prompts/") for file in unread):
        _add(shelf, "prompts", "there is no language file")
    for name, kind in REQUIRED_FLOWS.items():
        flow = shelf.library.current.get(name)
        if flow is None and f"flows/{name}.toml" not in unread:
            _add(shelf, f"flows/{name}.toml", "this flow must be there")
        elif flow and flow.kind != kind:
            shelf.flow_faults[name, flow.version].add("kind", f"must be {kind!r} in the flow {name!r}")


def _add(shelf: Shelf, file: str, text: str) -> None:
    faults = FaultList(file)
    faults.add("", text)
    shelf.other_faults.append(faults)
