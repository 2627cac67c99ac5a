"""Finds what a text points to: links and telephone numbers, in Latin or Arabic digits."""

import re
import unicodedata
from collections.abc import Iterator

# A name with a dot and letters after it is a link on every telephone, with or without http before it. Digits
# around a dot, such as 7.30, are none.
LINK = re.compile(r"(?:https?://)?((?:[\w-]+\.)+[^\W\d_]{2,})(?::\d+)?(?:[/?#]\S*)?")
NUMBER = re.compile(r"\+?\d(?:[\s().-]{0,2}\d){2,14}")
TIMES_AND_DATES = re.compile(r"\b\d{1,2}[:.]\d{2}\b|\b\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\b")
# Ages, house numbers and counts are shorter; emergency numbers have three digits.
SHORTEST_NUMBER = 3


def find_domains(text: str) -> list[str]:
    """The internet names a text points to, in small letters."""
    return [found.group(1).lower() for found in LINK.finditer(_folded(text))]


def find_numbers(text: str) -> list[str]:
    """The telephone numbers in a text: digits, with a plus before an international one. Times and dates are none."""
    return list(_numbers_of(TIMES_AND_DATES.sub(" ", LINK.sub(" ", _folded(text)))))


def _numbers_of(text: str) -> Iterator[str]:
    for found in NUMBER.finditer(text):
        plus = "+" if found.group().startswith("+") else ""
        digits = re.sub(r"\D", "", found.group())
        if len(digits) >= SHORTEST_NUMBER:
            yield f"{plus}{digits}"


def _folded(text: str) -> str:
    """Full-width letters, Arabic and Hindi digits and hidden characters, as a telephone reads them."""
    folded = unicodedata.normalize("NFKC", text)
    seen = (letter for letter in folded if unicodedata.category(letter) != "Cf")
    return "".join(str(unicodedata.digit(letter)) if letter.isdecimal() else letter for letter in seen)


def same_number(one: str, other: str) -> bool:
    """Whether two writings are one number: alike, or one is the national end of the other's full form."""
    if one == other:
        return True
    full, national = (one, other) if one.startswith("+") else (other, one)
    return full.startswith("+") and len(national.lstrip("0")) >= 6 and full.endswith(national.lstrip("0"))
