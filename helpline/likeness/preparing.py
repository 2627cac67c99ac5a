"""Prepares the bank for use: measures every example, fixes the thresholds by leave-one-out, and writes both down."""

from pathlib import Path

import numpy as np

from helpline.likeness.centring import centre, find_centres
from helpline.likeness.model import MODEL, load_model, measure, vectors_file
from triage.second_opinion.examples import Bank, read_examples
from triage.second_opinion.leave_one_out import FALSE_ALARMS, Measure, fix_thresholds
from triage.second_opinion.prepare import prepare
from triage.second_opinion.weigh import tell_difference
from triage.text.lexicon import Lexicon

NEIGHBOURS = 5
HEAD = """# By how much a text must be nearer to grave examples than to ordinary ones before it is raised to high.
# Written by `flask --app app triage prepare-examples`: every example weighed by all others (leave-one-out), at
# {share:.0%} false alarms among the ordinary ones. `found` is the share of grave ones that would be raised so.
# A group with fewer than 50 ordinary examples is held to `pooled`. Signed by whoever has read the examples.
schema = 1
owner = "clinical lead"
reviewed_by = ""
reviewed_on = ""
model = "{model}"
examples = "{fingerprint}"
neighbours = {neighbours}
"""


def prepare_examples(folder: Path, lexicon: Lexicon) -> dict[str, Measure]:
    """Write vectors and thresholds of the examples as they are now; older vectors are removed."""
    examples, fingerprint = read_examples(folder)
    prepared = [prepare(example.text, lexicon) for example in examples]
    groups = [one.group for one in prepared]
    rows = measure(load_model(), [one.words for one in prepared]).astype(np.float16).astype(np.float32)
    bank = Bank(examples, fingerprint, NEIGHBOURS, {})
    measures = fix_thresholds(examples, _leave_each_out(rows, groups, bank), groups)
    for old in folder.glob("vectors-*.npy"):
        old.unlink()
    np.save(vectors_file(folder, fingerprint), rows.astype(np.float16), allow_pickle=False)
    (folder / "thresholds.toml").write_text(_to_toml(measures, fingerprint), encoding="utf-8")
    return measures


def _leave_each_out(rows: np.ndarray, groups: list[str], bank: Bank) -> list[float]:
    centred = centre(rows, groups, find_centres(rows, groups))
    closeness = centred @ centred.T
    np.fill_diagonal(closeness, -1.0)
    return [tell_difference(near.tolist(), bank) for near in closeness]


def _to_toml(measures: dict[str, Measure], fingerprint: str) -> str:
    head = HEAD.format(share=FALSE_ALARMS, model=MODEL, fingerprint=fingerprint, neighbours=NEIGHBOURS)
    parts = [
        f"\n[group.{group}]\nthreshold = {one.threshold}\nordinary = {one.ordinary}\ngrave = {one.grave}\n"
        f"false_alarms = {one.false_alarms:.3f}\nfound = {one.found:.3f}\n"
        for group, one in measures.items()
    ]
    return head + "".join(parts)
