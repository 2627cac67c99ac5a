"""Phone numbers: who is calling as far as can be told, and whether a number is one we may ring."""

import re
from dataclasses import dataclass

import phonenumbers

E164 = re.compile(r"\+[1-9][0-9]{6,14}")
# Before a number that is reached by WhatsApp, ours and theirs.
WHATSAPP = "whatsapp:"

# Numbers that carriers send for "withheld". Unrelated children share them, so they are nobody's number.
WITHHELD = frozenset({"+266696687", "+7378742833", "+86282452253", "+2562533", "+8656696", "+464"})


@dataclass(frozen=True)
class Caller:
    """`number` in E.164 form, or None when it is withheld or no number at all; `country` as ISO code if known."""

    number: str | None
    country: str | None


class NumberNotUsable(ValueError):
    """The text is not a phone number that can be rung."""


def read_caller(given: str) -> Caller:
    """Read a webhook's From. A hint, never proof: it can be withheld, shared or forged.

    By WhatsApp or not, a number is the same number.
    """
    given = given.removeprefix(WHATSAPP)
    if given in WITHHELD or not E164.fullmatch(given):
        return Caller(None, None)
    try:
        country = phonenumbers.region_code_for_number(phonenumbers.parse(given))
    except phonenumbers.NumberParseException:
        country = None
    return Caller(given, country)


def is_whatsapp(line: str) -> bool:
    """Whether this address of ours is reached by WhatsApp."""
    return line.startswith(WHATSAPP)


def text_address(line: str, number: str) -> str:
    """How a text from this line of ours is addressed to a number: by the way the line itself is reached."""
    return f"{WHATSAPP}{number}" if is_whatsapp(line) else number


def normalise_number(text: str, country: str) -> str:
    """A number typed by staff, in E.164 form. Raises NumberNotUsable with what is wrong in plain words."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException as error:
        raise NumberNotUsable(f"{text!r} is not a phone number; write it like +974 5500 0123") from error
    if not phonenumbers.is_possible_number(number):
        raise NumberNotUsable(f"{text!r} has too few or too many digits for its country")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
