"""Reads workflows/*.toml: how each kind of hand-off runs, as data. And refuses those that could leave a child alone.

A hand-off keeps the workflow it was started with, so that editing a file never changes one under way.
"""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pydantic import Field, field_validator, model_validator

from config.clocks import Clock
from config.data_file import ConfigInvalid, Strict, read_table
from config.helpline import Level
from config.partners import DISCLOSURE_LEVELS, DisclosureLevel, in_every_language
from config.workflow_steps import (
    Code,
    DeskTimes,
    Levels,
    Milestone,
    Notice,
    PageStep,
    Phase,
    Step,
)

# Why the law lets us tell a partner anything, and how much at most on that ground alone.
Basis = Literal["consent", "legal_obligation", "court_order", "vital_interest", "voice_only"]
MOST_BY_BASIS: Mapping[str, DisclosureLevel] = MappingProxyType(
    {"consent": "D3", "legal_obligation": "D3", "court_order": "D3", "vital_interest": "D2", "voice_only": "D1"}
)
ALWAYS_CLOCKED = ("offering", "acknowledged", "accepted", "returned", "unreachable", "cancel_requested", "completed")
# Only in these is there a partner whose hours a clock can count by.
WITH_A_PARTNER = ("accepted", "in_progress", "cancel_requested", "completed")
AcceptNeed = Literal["name_or_badge", "incident_number_or_reason", "services", "receipt_number", "hold"]
CloseNeed = Literal["follow_up", "feedback", "milestones"]


class NeverFor(Strict):
    """Children that must not go this way: of these risk levels, or whose record is about one of these."""

    levels: tuple[Level, ...] = ()
    categories: tuple[str, ...] = ()


class Workflow(Strict):
    """One kind of hand-off. `clocks` say how long it may stay in a state before a person is called."""

    schema_version: Literal[1] = Field(alias="schema")
    workflow: str = Field(pattern=r"^[a-z][a-z0-9_]{2,60}$")
    version: int = Field(ge=1)
    name: dict[str, str]
    # out: from us to a partner; in: from a partner to us; between: from one partner to another.
    direction: Literal["out", "in", "between"] = "out"
    live_call: Literal["needed", "not_needed"] = "needed"
    priority: Literal["emergency", "urgent", "routine"] = "emergency"
    basis_allowed: tuple[Basis, ...] = Field(default=("vital_interest",), min_length=1)
    two_person: Literal["never", "without_consent", "always"] = "never"
    responsibility_on: Literal["accepted", "arrived"] = "accepted"
    may_cancel: bool = True
    never_for: NeverFor | None = None
    # One of these must have been taken on for the same contact before: the police before anybody else.
    requires_before: tuple[Code, ...] = ()
    # Whether each has a number of its own, in a row without gaps.
    serial: bool = False
    # How long a shelter keeps a place for those who are on their way.
    hold_s: int | None = Field(default=None, ge=600)
    levels: Levels
    chain: tuple[Step, ...] = Field(min_length=1)
    side: tuple[Notice, ...] = ()
    accept_requires: tuple[AcceptNeed, ...] = ("name_or_badge", "incident_number_or_reason")
    services: tuple[Code, ...] = ()
    phases: tuple[Phase, ...] = ()
    # Phases of which one must have come before it can be completed, such as the arrival of a child.
    complete_after: tuple[Code, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    close_requires: tuple[CloseNeed, ...] = ("follow_up",)
    clocks: dict[str, Clock]
    # The child hung up first: how long our own person has to carry the report before the shift lead is called.
    report_s: int | None = Field(default=None, ge=30)
    # A person took it in hand and it has still not moved on: how soon the shift lead is called again.
    taken_s: int = Field(ge=60)
    desk: DeskTimes | None = None
    outcomes: tuple[str, ...] = Field(min_length=1)

    _names = field_validator("name")(in_every_language)

    @field_validator("chain")
    @classmethod
    def _ends_in_a_person(cls, chain: tuple) -> tuple:
        if chain[-1].do != "page" or any(step.do == "page" for step in chain[:-1]):
            raise ValueError("the chain must end in one page to a person, and have no other before it")
        return chain

    @model_validator(mode="after")
    def _every_state_has_a_clock(self) -> "Workflow":
        needed = self.clocked_states
        if missing := [state for state in needed if state not in self.clocks]:
            raise ValueError(f"clocks: none for {', '.join(missing)}")
        if unknown := sorted(set(self.clocks) - set(needed)):
            raise ValueError(f"clocks: {', '.join(unknown)} is no state of this workflow with a clock")
        for state, clock in self.clocks.items():
            if clock.wall_s is None and state not in WITH_A_PARTNER:
                raise ValueError(f"clocks: {state} has no partner yet by whose hours to count; give seconds")
        return self

    @model_validator(mode="after")
    def _calls_only_with_the_child_on_the_line(self) -> "Workflow":
        rings = any(step.do.startswith("call") for step in self.chain)
        if self.live_call == "needed" and (self.desk is None or self.report_s is None):
            raise ValueError("a workflow on a live call needs the desk's times and report_s")
        if rings and self.live_call != "needed":
            raise ValueError("chain: desks are rung for a child on the line only; ask others by offer")
        if self.direction == "in" and len(self.chain) > 1:
            raise ValueError("chain: what comes to us is taken by a person of ours: one page and no other step")
        return self

    @model_validator(mode="after")
    def _phases_can_be_reached(self) -> "Workflow":
        codes = [phase.code for phase in self.phases]
        reached: set[str] = set()
        while found := {p.code for p in self.phases if p.code not in reached and (not p.after or reached & {*p.after})}:
            reached |= found
        if lost := sorted({*codes, *self.complete_after} - reached):
            raise ValueError(f"phases: {', '.join(lost)} can not be reached")
        if len(codes) != len(set(codes)):
            raise ValueError("phases: one stands there twice")
        if self.responsibility_on == "arrived" and "arrived" not in codes:
            raise ValueError("phases: responsibility moves on arrival, so there must be a phase 'arrived'")
        return self

    @model_validator(mode="after")
    def _no_more_is_told_than_a_basis_allows(self) -> "Workflow":
        most = max(DISCLOSURE_LEVELS.index(MOST_BY_BASIS[basis]) for basis in self.basis_allowed)
        if DISCLOSURE_LEVELS.index(self.levels.highest) > most:
            raise ValueError(f"levels: {self.levels.highest} is more than any basis allowed here covers")
        return self

    @model_validator(mode="after")
    def _asks_for_what_it_has(self) -> "Workflow":
        if ("services" in self.accept_requires) != bool(self.services):
            raise ValueError("services: name them if and only if acceptance must answer each")
        if ("milestones" in self.close_requires) != bool(self.milestones):
            raise ValueError("milestones: name them if and only if the close needs them answered")
        if ("hold" in self.accept_requires) != (self.hold_s is not None):
            raise ValueError("hold_s: give it if and only if acceptance keeps a place")
        if self.responsibility_on == "arrived" and "arrived" not in self.complete_after:
            raise ValueError("complete_after: a placement is complete after 'arrived' only")
        return self

    @property
    def clocked_states(self) -> tuple[str, ...]:
        """The states in which it is not over: in each of them a clock must be running."""
        more = {
            "draft": self.two_person != "never",
            "awaiting_approval": self.two_person != "never",
            "in_progress": bool(self.phases),
            "recall_pending": "consent" in self.basis_allowed,
        }
        return (*ALWAYS_CLOCKED, *(state for state, there in more.items() if there))

    @property
    def page(self) -> PageStep:
        """The page to a person that the chain ends in."""
        return self.chain[-1]

    @property
    def sha(self) -> str:
        """The fingerprint of everything this definition says."""
        return hashlib.sha256(json.dumps(self.frozen(), sort_keys=True).encode()).hexdigest()

    def find_phase(self, code: str) -> Phase | None:
        """The phase of this name."""
        return next((phase for phase in self.phases if phase.code == code), None)

    def frozen(self) -> dict:
        """The definition as plain data, to be kept with a hand-off; `Workflow.model_validate` reads it back."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


def load_workflows(folder: Path) -> Mapping[str, Workflow]:
    """Read `folder`/workflows/*.toml, by name. Raises ConfigInvalid naming each fault with its place."""
    workflows, faults = read_workflows(folder)
    if faults:
        raise ConfigInvalid(faults)
    return MappingProxyType(workflows)


def read_workflows(folder: Path) -> tuple[dict[str, Workflow], list[str]]:
    """Every workflow that can be read, by name, and the faults of all others."""
    workflows: dict[str, Workflow] = {}
    faults: list[str] = []
    for path in sorted((folder / "workflows").glob("*.toml")):
        try:
            workflow = read_table(path, Workflow)
        except ConfigInvalid as error:
            faults += [f"workflows/{fault}" for fault in error.faults]
            continue
        if workflow.workflow != path.stem:
            faults.append(f"workflows/{path.name}: workflow: must be named like its file, {path.stem!r}")
        workflows[workflow.workflow] = workflow
    return workflows, faults
