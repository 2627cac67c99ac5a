"""How a text is cut into parts and how many it costs: GSM 03.38 where every letter allows it, else UCS-2."""

from collections.abc import Iterable
from dataclasses import dataclass

# GSM 03.38, basic set and, with an escape before each, the extension table.
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")
# Septets or UTF-16 units that fit in a text of one part, and in each of several: the rest numbers the parts.
ROOM = {"GSM-7": (160, 153), "UCS-2": (70, 67)}
LONGEST_TEXT = 1600


@dataclass(frozen=True)
class Measured:
    """`encoding` as a telephone network names it; `parts` as it counts and bills them."""

    encoding: str
    parts: int


def measure_text(body: str) -> Measured:
    """Measure a text as the network will cut it."""
    small = all(letter in BASIC or letter in EXTENDED for letter in body)
    encoding = "GSM-7" if small else "UCS-2"
    widths = [_septets(letter) if small else _units(letter) for letter in body]
    one, each = ROOM[encoding]
    return Measured(encoding, min(len(widths), 1) if sum(widths) <= one else _count_parts(widths, each))


def count_units(body: str) -> int:
    """Length as the limit of LONGEST_TEXT counts it: most emoji count twice."""
    return sum(_units(letter) for letter in body)


def _count_parts(widths: Iterable[int], each: int) -> int:
    # A letter of two units is never cut: it begins the next part.
    parts, used = 1, 0
    for width in widths:
        if used + width > each:
            parts, used = parts + 1, 0
        used += width
    return parts


def _septets(letter: str) -> int:
    return 2 if letter in EXTENDED else 1


def _units(letter: str) -> int:
    return 2 if ord(letter) > 0xFFFF else 1
