"""Reads what people give with an act, strictly: a wrong field is refused with words that say what to do."""

from collections.abc import Collection, Mapping

from helpline.contacts.stages import Invalid

LONGEST_TEXT = 200

Fields = Mapping[str, object]


def read_text(fields: Fields, name: str) -> str | None:
    """A short text without line breaks, or None when it was not given. Raises Invalid."""
    given = fields.get(name)
    if given is None or given == "":
        return None
    if not isinstance(given, str) or not given.isprintable() or len(given) > LONGEST_TEXT:
        raise Invalid(f"{name} must be one line of at most {LONGEST_TEXT} characters")
    return given.strip() or None


def read_code(fields: Fields, name: str, codes: Collection[str]) -> str:
    """One of a closed list. Raises Invalid."""
    given = fields.get(name)
    if given not in tuple(codes):
        raise Invalid(f"{name} must be one of {', '.join(codes)}")
    return given


def read_who(fields: Fields) -> str:
    """Who at the partner's has said so: never nobody. Raises Invalid."""
    who = read_text(fields, "by")
    if who is None:
        raise Invalid("by: say who at the partner's has said so, a name or a badge number")
    return who


def read_version(fields: Fields) -> dict[str, int]:
    """The version that the person has seen, if they name one: then nothing older is changed. Raises Invalid."""
    given = fields.get("version")
    if given is None:
        return {}
    if not isinstance(given, int) or isinstance(given, bool):
        raise Invalid("version must be a whole number")
    return {"expected_version": given}
