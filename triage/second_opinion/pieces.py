"""A text in pieces: its words, neighbouring words, and runs of letters within words, each at a place of its own.

What children write is spelled in many ways; a learned weight for a run of letters also fits a spelling never seen.
"""

from collections.abc import Iterator
from zlib import crc32

PLACES = 1 << 14  # pieces that fall on the same place share a weight; few enough do
SHORTEST, LONGEST = 3, 5


def to_places(words: str) -> dict[int, int]:
    """How often each place is met, +1 or -1 for each different piece, so that chance meetings cancel out."""
    places: dict[int, int] = {}
    for piece in set(_cut(words)):
        code = crc32(piece.encode())
        places[code % PLACES] = places.get(code % PLACES, 0) + (1 if code >> 31 else -1)
    return places


def _cut(words: str) -> Iterator[str]:
    each = words.split()
    for word in each:
        yield f"word {word}"
        edged = f"<{word}>"
        for length in range(SHORTEST, LONGEST + 1):
            yield from (edged[start : start + length] for start in range(len(edged) - length + 1))
    yield from (f"pair {first} {second}" for first, second in zip(each, each[1:], strict=False))
