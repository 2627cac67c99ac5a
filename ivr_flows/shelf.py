"""Reads a folder of flow and language files, whole or broken, and keeps each file's faults beside it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ivr_flows.faults import Fault, FaultList
from ivr_flows.library import Language, Library
from ivr_flows.model import Flow
from ivr_flows.read_flows import read_flow
from ivr_flows.read_prompts import read_language
from ivr_flows.table import Table

PACKAGE = Path(__file__).parent
# Beside the language files.
RECORDINGS = "prompts/recordings"


@dataclass(frozen=True, slots=True)
class Shelf:
    """What was read. `library` holds only what could be read; `flow_faults` has a list for each flow in it."""

    folder: Path
    library: Library
    flow_faults: dict[tuple[str, int], FaultList]
    language_faults: dict[str, FaultList]
    other_faults: list[FaultList]

    def faults(self) -> list[Fault]:
        """Everything found so far, file by file."""
        lists = [*self.flow_faults.values(), *self.language_faults.values(), *self.other_faults]
        return [fault for faults in sorted(lists, key=lambda one: one.file) for fault in faults.found]


def read_shelf(
    folder: Path | None = None, languages: Sequence[str] | None = None, in_texts: Sequence[str] = ()
) -> Shelf:
    """Read `flows/*.toml` and `prompts/*.toml` of a folder.

    `languages` picks and orders the languages spoken on calls, `in_texts` those that are only written. Without them
    every language there is is read, and those that can be heard are spoken.
    """
    folder = folder or PACKAGE
    other: list[FaultList] = []
    flows, flow_faults = _read_flows(folder, other)
    wanted = None if languages is None else tuple(dict.fromkeys((*languages, *in_texts)))
    speech, language_faults = _read_languages(folder, wanted, other)
    heard = None if languages is None else tuple(languages)
    return Shelf(folder, Library(flows, speech, heard=heard), flow_faults, language_faults, other)


def _read_flows(
    folder: Path, other: list[FaultList]
) -> tuple[dict[tuple[str, int], Flow], dict[tuple[str, int], FaultList]]:
    flows: dict[tuple[str, int], Flow] = {}
    faults_by_flow: dict[tuple[str, int], FaultList] = {}
    for path, table in _tables(sorted(folder.glob("flows/*.toml")), other):
        flow = read_flow(table)
        key = (flow.name, flow.version)
        if path.stem not in (flow.name, f"{flow.name}.{flow.version}"):
            table.fault("flow", f"{flow.name!r} does not fit the file's name; expected {path.stem.split('.')[0]!r}")
        if key in flows:
            table.fault("version", f"{flow.name} version {flow.version} is in another file already")
        if table.faults.found:
            other.append(table.faults)
        else:
            flows[key], faults_by_flow[key] = flow, table.faults
    return flows, faults_by_flow


def _read_languages(
    folder: Path, languages: Sequence[str] | None, other: list[FaultList]
) -> tuple[dict[str, Language], dict[str, FaultList]]:
    speech: dict[str, Language] = {}
    faults_by_language: dict[str, FaultList] = {}
    paths = sorted(folder.glob("prompts/*.toml"))
    if languages is not None:
        paths = [folder / "prompts" / f"{code}.toml" for code in languages]
    for path, table in _tables(paths, other):
        language = read_language(table)
        if language.code != path.stem:
            table.fault("language", f"{language.code!r} does not fit the file's name {path.name}")
        speech[path.stem], faults_by_language[path.stem] = language, table.faults
    return speech, faults_by_language


def _tables(paths: Sequence[Path], other: list[FaultList]) -> Iterator[tuple[Path, Table]]:
    """Each file that is TOML, with an empty fault list; a file that is not goes to `other` with its fault."""
    for path in paths:
        name = f"{path.parent.name}/{path.name}"
        try:
            source = path.read_text(encoding="utf-8")
            yield path, Table(tomllib.loads(source), "", FaultList(name, source))
        except (OSError, UnicodeDecodeError) as error:
            other.append(_broken(name, f"can not be read: {error.__class__.__name__}"))
        except tomllib.TOMLDecodeError as error:
            other.append(_broken(name, f"is not TOML: {error}"))


def _broken(name: str, text: str) -> FaultList:
    faults = FaultList(name)
    faults.add("", text)
    return faults
