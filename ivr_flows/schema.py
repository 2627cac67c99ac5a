"""JSON Schemas of the flow and language files, for editors. They are not written by hand: the readers are run over a
table that notes what it is asked for, so a schema can not say anything else than the program reads.
"""

from __future__ import annotations

from typing import Any

from ivr_flows.faults import FaultList
from ivr_flows.model import OUTCOMES
from ivr_flows.read_flows import (
    KINDS,
    NODE_READERS,
    SCHEMA,
    TESTS_WITH_VALUE,
    TESTS_WITHOUT_VALUE,
    Otherwise,
    read_flow,
)
from ivr_flows.read_prompts import DIRECTIONS, read_language
from ivr_flows.signals import SIGNALS
from ivr_flows.table import Table

DRAFT = "https://json-schema.org/draft/2020-12/schema"
TEXT = {"type": "string"}
# Answered for every text, so that what is needed only where another text is missing is not noted as needed.
SOMETHING = "something"
# What the readers take as any text and the check then narrows down.
NARROWER: dict[str, dict[str, Any]] = {
    "schema": {"const": SCHEMA},
    "outcome": {"enum": sorted(OUTCOMES)},
    "direction": {"enum": list(DIRECTIONS)},
    "digit": {"type": "string", "pattern": "^([1-8]|any)$"},
    "signals": {"type": "array", "items": {"enum": sorted(SIGNALS)}},
    "if": {
        "type": "string",
        "pattern": f"^({'|'.join(TESTS_WITHOUT_VALUE)}|({'|'.join(TESTS_WITH_VALUE)}):.+)$",
    },
}


class AskedTable(Table):
    """A table that notes by what name and of what type each of its values is asked for, and answers with a stand-in."""

    def __init__(self) -> None:
        super().__init__({}, "", FaultList(""))
        self.properties: dict[str, Any] = {}
        self.required: list[str] = []

    def schema(self) -> dict[str, Any]:
        """The schema of such a table: these values and no others."""
        described = {"type": "object", "additionalProperties": False, "properties": self.properties}
        return {**described, "required": sorted(self.required)} if self.required else described

    def text(self, key: str, default: str | None = None) -> str:
        """A string; needed unless there is a default."""
        self._note(key, TEXT, needed=default is None)
        return SOMETHING

    def whole(self, key: str, least: int, most: int, default: int | None = None) -> int:
        """A whole number within bounds."""
        self._note(key, {"type": "integer", "minimum": least, "maximum": most}, needed=default is None)
        return least

    def truth(self, key: str, default: bool) -> bool:
        """true or false."""
        self._note(key, {"type": "boolean"}, needed=False)
        return default

    def words(self, key: str, required: bool = False) -> tuple[str, ...]:
        """A list of strings."""
        self._note(key, {"type": "array", "items": TEXT} | ({"minItems": 1} if required else {}), needed=required)
        return ()

    def table(self, key: str) -> AskedTable:
        """A table inside this one."""
        inside = AskedTable()
        self._note(key, inside, needed=False)
        return inside

    def tables(self, key: str) -> list[Table]:
        """A list of tables inside this one; one stands for them all."""
        inside = AskedTable()
        self._note(key, [inside], needed=False)
        return [inside]

    def finish(self) -> None:
        """Everything has been asked for: what was noted becomes plain."""
        self.properties = {key: _plain(asked) for key, asked in self.properties.items()}

    def _note(self, key: str, asked: Any, *, needed: bool) -> None:
        self.properties[key] = NARROWER.get(key, asked)
        if needed:
            self.required.append(key)


def flow_schema() -> dict[str, Any]:
    """The schema of flows/*.toml."""
    root = AskedTable()
    read_flow(root)
    schema = root.schema()
    schema["properties"]["kind"] = {"enum": list(KINDS)}
    schema["properties"]["nodes"] = {"type": "object", "additionalProperties": {"oneOf": _node_schemas()}}
    return {"$schema": DRAFT, "title": "A flow", **schema}


def prompts_schema() -> dict[str, Any]:
    """The schema of prompts/*.toml."""
    root = AskedTable()
    read_language(root)
    recording = {
        "type": "object",
        "additionalProperties": False,
        "properties": {"recording": TEXT, "sha256": TEXT, "text": TEXT},
        "required": ["recording", "sha256", "text"],
    }
    schema = root.schema()
    schema["properties"]["prompts"] = {"type": "object", "additionalProperties": {"anyOf": [TEXT, recording]}}
    return {"$schema": DRAFT, "title": "A language", **schema}


def _node_schemas() -> list[dict[str, Any]]:
    schemas = []
    for kind, read in NODE_READERS.items():
        node = AskedTable()
        read("", node, Otherwise())
        node.finish()
        node.properties["kind"] = {"const": kind}
        node.required.append("kind")
        schemas.append(node.schema())
    return schemas


def _plain(asked: Any) -> Any:
    if isinstance(asked, AskedTable):
        asked.finish()
        return asked.schema()
    if isinstance(asked, list):
        return {"type": "array", "items": _plain(asked[0])}
    return asked


SCHEMAS = {"flow": flow_schema, "prompts": prompts_schema}
