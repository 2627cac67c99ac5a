"""What was measured and learned of the examples, kept in files beside them. They are read only if they are the very
files whose SHA-256 was written down with the thresholds."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np

from helpline.likeness.learning import Weights
from helpline.likeness.model import OpinionUnavailable
from triage.second_opinion.examples import Bank

ADVICE = "run `triage prepare-examples`"


@dataclass(frozen=True)
class Prepared:
    """What a text is compared with, and what was learned."""

    rows: Any  # of each example, from the middle of its group
    centres: Mapping[str, Any]  # the middle of each group
    weights: Weights
    left_out: Any  # the score of each example by what all other hands wrote


def write_prepared(folder: Path, fingerprint: str, prepared: Prepared) -> dict[str, str]:
    """Write both files in place of older ones, and return the SHA-256 of each by its name."""
    for old in [*folder.glob("vectors-*.npy"), *folder.glob("weights-*.npz")]:
        old.unlink()
    vectors, weights = folder / f"vectors-{fingerprint}.npy", folder / f"weights-{fingerprint}.npz"
    np.save(vectors, prepared.rows.astype(np.float16), allow_pickle=False)
    np.savez(
        weights,
        groups=np.array(list(prepared.centres)),
        centres=np.stack(list(prepared.centres.values())).astype(np.float32),
        voices=prepared.weights.voices,
        pieces=prepared.weights.pieces,
        left_out=prepared.left_out,
    )
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in (vectors, weights)}


def read_prepared(folder: Path, bank: Bank) -> Prepared:
    """What stands prepared for these very examples. Raises OpinionUnavailable."""
    rows = _open(folder, bank, f"vectors-{bank.fingerprint}.npy").astype(np.float32)
    stored = _open(folder, bank, f"weights-{bank.fingerprint}.npz")
    centres = dict(zip(stored["groups"].tolist(), stored["centres"], strict=True))
    return Prepared(rows, centres, Weights(stored["voices"], stored["pieces"]), stored["left_out"])


def _open(folder: Path, bank: Bank, name: str) -> Any:
    try:
        content = (folder / name).read_bytes()
    except OSError as fault:
        raise OpinionUnavailable(f"{name} can not be read: {ADVICE}") from fault
    if sha256(content).hexdigest() != bank.prepared.get(name):
        raise OpinionUnavailable(f"{name} is not what thresholds.toml was written with: {ADVICE}")
    return np.load(BytesIO(content), allow_pickle=False)
