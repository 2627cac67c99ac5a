"""Reads a data file into frozen, checked objects: what every kind of data file has in common.

Unknown keys and wrong values are refused with their place, so that a typing mistake is seen at start.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, ValidationError

T = TypeVar("T", bound="Strict")


class ConfigInvalid(Exception):
    """A data file is wrong. `faults` are lines of 'file: place: what'."""

    def __init__(self, faults: list[str]):
        self.faults = faults
        super().__init__("\n".join(faults))


class Strict(BaseModel):
    """A table of a data file: frozen, and a key that nobody reads is an error, not a silent wish."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def read_table(path: Path, model: type[T], known: Mapping[str, object] | None = None) -> T:
    """Read a TOML file into `model`. Raises ConfigInvalid naming the file and the place of each fault.

    `known` is what the file may name and another file holds, such as calendars.
    """
    try:
        return model.model_validate(tomllib.loads(path.read_text(encoding="utf-8")), context=known)
    except OSError as error:
        raise ConfigInvalid([f"{path.name}: cannot be read ({error.strerror})"]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigInvalid([f"{path.name}: {error}"]) from error
    except ValidationError as error:
        faults = [f"{path.name}: {_place(fault['loc'])}: {fault['msg']}" for fault in error.errors()]
        raise ConfigInvalid(faults) from error


def known_zone(name: str) -> str:
    """Check the name of a time zone, such as Asia/Qatar."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"{name!r} is not a time zone") from error
    return name


def _place(location: tuple) -> str:
    return ".".join(str(part) for part in location)
