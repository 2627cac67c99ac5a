"""The demonstration's people: staff with their phones and authenticators, desks with their PINs.

A JSON file that the demonstration writes; without it the pages still work, with numbers typed by hand.
"""

import json
from dataclasses import dataclass
from pathlib import Path

EXAMPLE_HELPLINE_NUMBER = "+97444000919"


@dataclass(frozen=True)
class Colleague:
    """One demonstration member of staff; `device` is where their phone rings, such as `phone:+974...`."""

    role: str
    email: str
    password: str
    device: str
    totp_secret: str

    @property
    def number(self) -> str:
        """The number or client name the line knows this phone by."""
        return self.device.removeprefix("phone:")


@dataclass(frozen=True)
class Desk:
    """One demonstration partner desk."""

    name: str
    number: str
    pin: str


@dataclass(frozen=True)
class Phonebook:
    """Everybody in the demonstration."""

    helpline_number: str = EXAMPLE_HELPLINE_NUMBER
    staff: tuple[Colleague, ...] = ()
    desks: tuple[Desk, ...] = ()
    # Of the partners that are written to.
    letters_pin: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether there is nobody to choose from."""
        return not self.staff and not self.desks


def load_phonebook(path: Path | None) -> Phonebook:
    """The phonebook at `path`, read anew each time because a demonstration may be loaded meanwhile.

    An absent file is an empty phonebook; a broken one raises json.JSONDecodeError.
    """
    if path is None or not path.is_file():
        return Phonebook()
    content = json.loads(path.read_text(encoding="utf-8"))
    return Phonebook(
        helpline_number=content.get("helpline_number", EXAMPLE_HELPLINE_NUMBER),
        staff=tuple(
            Colleague(*(person.get(name) or "" for name in ("role", "email", "password", "device", "totp_secret")))
            for person in content.get("staff", [])
        ),
        desks=tuple(
            Desk(*(desk.get(name) or "" for name in ("name", "number", "pin"))) for desk in content.get("desks", [])
        ),
        letters_pin=content.get("letters_pin", ""),
    )
