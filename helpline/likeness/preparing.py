"""Prepares the bank for use: measures every example, learns from them, fixes the thresholds, and writes it all down."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from helpline.likeness.centring import centre, find_centres
from helpline.likeness.learning import learn, spread
from helpline.likeness.model import MODEL, load_model, measure
from helpline.likeness.prepared import Prepared, write_prepared
from triage.second_opinion.examples import Example, read_examples, read_least
from triage.second_opinion.prepare import prepare
from triage.second_opinion.thresholds import FALSE_ALARMS, Measure, fix_thresholds
from triage.second_opinion.weigh import tell_difference, tell_score
from triage.text.lexicon import Lexicon

NEIGHBOURS = 8
HEAD = """# What the score of a text must be above before it is raised to high, by group of languages.
# Written by `flask --app app triage prepare-examples`: every example scored by what all other hands wrote, at
# {share:.0%} false alarms among the ordinary ones, and never below what least.toml says. `found` is the share of grave
# ones that would be raised so. A group with fewer than 50 ordinary examples is held to `pooled`.
# Signed by whoever has read the examples.
schema = 1
owner = "clinical lead"
reviewed_by = ""
reviewed_on = ""
model = "{model}"
examples = "{fingerprint}"
neighbours = {neighbours}

[prepared]  # the files that belong to these thresholds, and the SHA-256 of each
"""


def prepare_examples(folder: Path, lexicon: Lexicon) -> dict[str, Measure]:
    """Write vectors, weights and thresholds of the examples as they are now, in place of older ones."""
    examples, fingerprint = read_examples(folder)
    readings = [prepare(example.text, lexicon) for example in examples]
    groups, words = [one.group for one in readings], [one.words for one in readings]
    vectors = measure(load_model(), words)
    left_out = _leave_each_hand_out(examples, vectors, groups, words)
    measures = fix_thresholds(examples, left_out.tolist(), groups, read_least(folder))
    centres = find_centres(vectors, groups)
    rows = centre(vectors, groups, centres)
    weights = learn(rows @ rows.T, spread(words), _sides(examples))
    digests = write_prepared(folder, fingerprint, Prepared(rows, centres, weights, left_out))
    (folder / "thresholds.toml").write_text(_to_toml(measures, digests, fingerprint), encoding="utf-8")
    return measures


def _leave_each_hand_out(examples: Sequence[Example], vectors: Any, groups: Sequence[str], words: Sequence[str]) -> Any:
    """The score of each example by what the other hands wrote: as if a stranger had sent it."""
    hands = np.array([example.hand for example in examples])
    scores = np.zeros(len(examples), np.float32)
    for hand in sorted(set(hands)):
        of_hand, of_others = np.flatnonzero(hands == hand), np.flatnonzero(hands != hand)
        if len(of_others):
            scores[of_hand] = _score(of_hand, of_others, examples, vectors, groups, words)
    return scores


def _score(
    asked: Any, known: Any, examples: Sequence[Example], vectors: Any, groups: Sequence[str], words: Sequence[str]
) -> list[float]:
    def pick(values: Sequence, places: Any) -> list:
        return [values[place] for place in places]

    centres = find_centres(vectors[known], pick(groups, known))
    theirs = centre(vectors[known], pick(groups, known), centres)
    closeness = centre(vectors[asked], pick(groups, asked), centres) @ theirs.T
    others = pick(examples, known)
    grave = [place for place, one in enumerate(others) if one.is_grave()]
    ordinary = [place for place, one in enumerate(others) if one.is_ordinary()]
    weights = learn(theirs @ theirs.T, spread(pick(words, known)), _sides(others))
    learned = weights.tell(closeness, pick(words, asked)).tolist()
    return [
        tell_score(tell_difference(near, grave, ordinary, NEIGHBOURS), one)
        for near, one in zip(closeness.tolist(), learned, strict=True)
    ]


def _sides(examples: Sequence[Example]) -> Any:
    return np.array([one.is_grave() - one.is_ordinary() for one in examples], np.float32)


def _to_toml(measures: dict[str, Measure], digests: dict[str, str], fingerprint: str) -> str:
    head = HEAD.format(share=FALSE_ALARMS, model=MODEL, fingerprint=fingerprint, neighbours=NEIGHBOURS)
    files = [f'"{name}" = "{digest}"\n' for name, digest in digests.items()]
    parts = [
        f"\n[group.{group}]\nthreshold = {one.threshold}\nordinary = {one.ordinary}\ngrave = {one.grave}\n"
        f"false_alarms = {one.false_alarms:.3f}\nfound = {one.found:.3f}\n"
        for group, one in measures.items()
    ]
    return head + "".join([*files, *parts])
