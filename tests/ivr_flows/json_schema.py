"""As much of JSON Schema as our own schemas use, to hold files against them."""

from __future__ import annotations

import re
from typing import Any

TYPES = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}


def fits(value: Any, schema: dict[str, Any]) -> bool:
    """Whether a value is as the schema says."""
    return all(_RULES[word](value, said, schema) for word, said in schema.items() if word in _RULES)


def _is_of_type(value: Any, name: str, _: dict) -> bool:
    return isinstance(value, TYPES[name]) and not (name == "integer" and isinstance(value, bool))


def _has_only(value: Any, allowed: Any, schema: dict) -> bool:
    others = [one for key, one in value.items() if key not in schema.get("properties", {})]
    return not others if allowed is False else all(fits(one, allowed) for one in others)


_RULES = {
    "type": _is_of_type,
    "const": lambda value, said, _: value == said,
    "enum": lambda value, said, _: value in said,
    "pattern": lambda value, said, _: re.search(said, value) is not None,
    "minimum": lambda value, said, _: value >= said,
    "maximum": lambda value, said, _: value <= said,
    "minItems": lambda value, said, _: len(value) >= said,
    "items": lambda value, said, _: all(fits(one, said) for one in value),
    "required": lambda value, said, _: set(said) <= value.keys(),
    "properties": lambda value, said, _: all(fits(value[key], one) for key, one in said.items() if key in value),
    "additionalProperties": _has_only,
    "anyOf": lambda value, said, _: any(fits(value, one) for one in said),
    "oneOf": lambda value, said, _: sum(fits(value, one) for one in said) == 1,
}
