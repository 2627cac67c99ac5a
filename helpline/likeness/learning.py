"""Learns from the examples what speaks for danger: a voice for each example, and a weight for each piece of words.

Ridge regression: the weights that come nearest to +1 for grave examples and -1 for ordinary ones while staying small.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from triage.second_opinion.pieces import PLACES, to_places

NARROWNESS = 4.0  # how quickly an example's voice fades with distance
SMALLNESS = 0.5  # how dear weights are; more makes them smaller and the fit rougher
STEPS, NEAR_ENOUGH = 200, 1e-3


@dataclass(frozen=True)
class Weights:
    """What was learned. An example that speaks for neither side has no voice."""

    voices: Any  # one for each example
    pieces: Any  # one for each place of a piece

    def tell(self, closeness: Any, words: Sequence[str]) -> Any:
        """The learned score of each text: about 1 for a grave one, about -1 for an ordinary one."""
        return _hear(closeness) @ self.voices + spread(words) @ self.pieces


def spread(words: Sequence[str]) -> Any:
    """One row of length 1 over the places of pieces for each text."""
    rows = np.zeros((len(words), PLACES), np.float32)
    for row, text in zip(rows, words, strict=True):
        places = to_places(text)
        row[list(places)] = list(places.values())
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)


def learn(closeness: Any, pieces: Any, sides: Any) -> Weights:
    """The weights for examples, from their closeness to each other, their pieces and +1, -1 or 0 for their sides."""
    speaks = np.flatnonzero(sides)
    near, part = _hear(closeness[np.ix_(speaks, speaks)]), pieces[speaks]
    aims = sides[speaks] - sides[speaks].mean()
    voices = np.zeros(len(sides), np.float32)
    voices[speaks] = _solve(lambda some: near @ some + part @ (part.T @ some) + SMALLNESS * some, aims)
    return Weights(voices, pieces.T @ voices)


def _hear(closeness: Any) -> Any:
    return np.exp(NARROWNESS * (closeness - 1))


def _solve(apply: Any, wanted: Any) -> Any:
    """The x with apply(x) = wanted, by conjugate gradients: no matrix of examples by pieces squared is ever built."""
    found = np.zeros_like(wanted)
    rest = wanted.copy()
    way, length = rest.copy(), rest @ rest
    for _ in range(STEPS):
        moved = apply(way)
        stride = length / (way @ moved)
        found += stride * way
        rest -= stride * moved
        before, length = length, rest @ rest
        if length < NEAR_ENOUGH**2 * len(wanted):
            break
        way = rest + length / before * way
    return found
