"""Takes away what all texts of a language share, so that nearness tells of meaning and not of the language."""

from collections.abc import Sequence
from typing import Any

import numpy as np

POOLED = ""
FEWEST = 20  # examples of which the middle of a group can be told


def find_centres(rows: Any, groups: Sequence[str]) -> dict[str, Any]:
    """The middle of each group that is large enough, and of all."""
    of = np.array(groups)
    large = {group for group in groups if groups.count(group) >= FEWEST}
    return {POOLED: rows.mean(0)} | {group: rows[of == group].mean(0) for group in large}


def centre(rows: Any, groups: Sequence[str], centres: dict[str, Any]) -> Any:
    """Each row from the middle of its group, of length 1 again."""
    moved = rows - np.stack([centres.get(group, centres[POOLED]) for group in groups])
    return moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-6)
