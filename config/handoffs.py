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

from config.data_file import ConfigInvalid, Strict, read_table
from config.partners import DISCLOSURE_LEVELS, DisclosureLevel, Kind, Partner, in_every_language, load_partners

# States in which a hand-off is not over: in each of them a clock must be running, or a person be called.
CLOCKED_STATES = ("offering", "acknowledged", "accepted", "returned", "unreachable", "cancel_requested", "completed")


class CallStep(Strict):
    """Ring the best desk of a kind that has not been tried yet. Voicemail can not pass the PIN."""

    do: Literal["call"]
    to: Kind
    ring_s: int = Field(ge=5, le=60)
    screen: Literal["keypad_pin"]


class PageStep(Strict):
    """Nobody was reached: ring the shift lead again and again until a person takes it."""

    do: Literal["page"]
    to: Literal["shift_lead"]
    repeat_s: int = Field(ge=10, le=300)
    until: Literal["taken"]


class Levels(Strict):
    """How much is told at each stage; never less later than before."""

    offer: DisclosureLevel
    acknowledged: DisclosureLevel
    accepted: DisclosureLevel

    @model_validator(mode="after")
    def _rising(self) -> "Levels":
        order = [DISCLOSURE_LEVELS.index(level) for level in (self.offer, self.acknowledged, self.accepted)]
        if order != sorted(order):
            raise ValueError("a later stage tells less than an earlier one")
        return self


class DeskTimes(Strict):
    """Seconds that an answered desk has: until the PIN is right, and from there until it has chosen."""

    enter_pin_s: int = Field(ge=20, le=300)
    choose_s: int = Field(ge=20, le=300)


class Workflow(Strict):
    """One kind of hand-off. `clocks` are seconds that it may stay in a state before a person is called."""

    schema_version: Literal[1] = Field(alias="schema")
    workflow: str = Field(pattern=r"^[a-z][a-z0-9_]{2,60}$")
    version: int = Field(ge=1)
    name: dict[str, str]
    levels: Levels
    chain: tuple[CallStep | PageStep, ...] = Field(min_length=1)
    clocks: dict[str, int]
    # The child hung up first: how long our own person has to carry the report before the shift lead is called.
    report_s: int = Field(ge=30)
    # A person took it in hand and it has still not moved on: how soon the shift lead is called again.
    taken_s: int = Field(ge=60)
    desk: DeskTimes
    outcomes: tuple[str, ...] = Field(min_length=1)

    _names = field_validator("name")(in_every_language)

    @field_validator("chain")
    @classmethod
    def _ends_in_a_person(cls, chain: tuple) -> tuple:
        if chain[-1].do != "page" or any(step.do == "page" for step in chain[:-1]):
            raise ValueError("the chain must end in one page to a person, and have no other before it")
        return chain

    @field_validator("clocks")
    @classmethod
    def _every_state_has_one(cls, clocks: dict[str, int]) -> dict[str, int]:
        if missing := [state for state in CLOCKED_STATES if clocks.get(state, 0) <= 0]:
            raise ValueError(f"no clock for {', '.join(missing)}")
        if unknown := sorted(set(clocks) - set(CLOCKED_STATES)):
            raise ValueError(f"{', '.join(unknown)} is no state with a clock")
        return clocks

    @property
    def page(self) -> PageStep:
        """The page to a person that the chain ends in."""
        return self.chain[-1]

    @property
    def sha(self) -> str:
        """The fingerprint of everything this definition says."""
        return hashlib.sha256(json.dumps(self.frozen(), sort_keys=True).encode()).hexdigest()

    def frozen(self) -> dict:
        """The definition as plain data, to be kept with a hand-off; `Workflow.model_validate` reads it back."""
        return self.model_dump(mode="json", by_alias=True)


def load_workflows(folder: Path) -> Mapping[str, Workflow]:
    """Read `folder`/workflows/*.toml, by name. Raises ConfigInvalid naming each fault with its place."""
    workflows, faults = _read_all(folder)
    if faults:
        raise ConfigInvalid(faults)
    return MappingProxyType(workflows)


def check_workflows(folder: Path) -> list[str]:
    """Every fault of partners.toml and of the workflows beside it, as lines of 'file: place: what'."""
    workflows, faults = _read_all(folder)
    try:
        partners = load_partners(folder)
    except ConfigInvalid as error:
        return error.faults + faults
    for partner in partners.values():
        faults += _faults_of_agreement(partner, workflows)
    for workflow in workflows.values():
        faults += _faults_of_chain(workflow, partners)
    return faults


def _read_all(folder: Path) -> tuple[dict[str, Workflow], list[str]]:
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


def _faults_of_agreement(partner: Partner, workflows: Mapping[str, Workflow]) -> list[str]:
    place = f"partners.toml: {partner.key}.agreement"
    faults = []
    for name in partner.agreement.workflows:
        workflow = workflows.get(name)
        if workflow is None:
            faults.append(f"{place}.workflows: there is no workflow {name!r}")
        elif DISCLOSURE_LEVELS.index(workflow.levels.accepted) > DISCLOSURE_LEVELS.index(partner.agreement.max_level):
            faults.append(f"{place}.max_level: {name} tells up to {workflow.levels.accepted}")
    return faults


def _faults_of_chain(workflow: Workflow, partners: Mapping[str, Partner]) -> list[str]:
    place = f"workflows/{workflow.workflow}.toml: chain"
    faults = []
    for number, step in enumerate(workflow.chain, start=1):
        if step.do != "call":
            continue
        asked = [
            partner
            for partner in partners.values()
            if partner.kind == step.to and partner.number and workflow.workflow in partner.agreement.workflows
        ]
        if not asked:
            faults.append(f"{place}.{number}: no partner of kind {step.to!r} has agreed to it and can take a call")
    return faults
