"""Texts weighed as they would be in a contact: by the rules, and where those see no high danger, a second time."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

import click

from helpline.likeness.model import OpinionUnavailable
from helpline.likeness.opinions import SecondOpinion
from triage.model import RiskLevel, Signal
from triage.rules import SECOND_OPINION, RuleSet
from triage.text.evaluate import TextAssessment, evaluate_text

AT_ONCE = 64
READ_BYTES = 1 << 16


def weigh_texts(
    texts: Sequence[str], rules: RuleSet, opinions: SecondOpinion | None, *, never_itself: bool = False
) -> list[TextAssessment]:
    """The assessment of each text, in order. Without `opinions`, or where there are none to be had, by rules alone."""
    told = [evaluate_text(text, rules) for text in texts]
    below = [place for place, one in enumerate(told) if one.assessment.level < RiskLevel.high]
    if opinions is None or not below:
        return told
    try:
        asked = opinions.ask([texts[place] for place in below], never_itself=never_itself)
    except OpinionUnavailable as fault:
        click.echo(f"No second opinion: {fault}.", err=True)
        return told
    for place, opinion in zip(below, asked, strict=True):
        if opinion.raises:
            told[place] = evaluate_text(texts[place], rules, [Signal(SECOND_OPINION)])
    return told


def in_parts(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Many texts, some at a time."""
    for first in range(0, len(texts), AT_ONCE):
        yield texts[first : first + AT_ONCE]


def read_lines_as_they_come(stream: BinaryIO) -> Iterator[list[bytes]]:
    """Lines by the handful: all that is there already, and never waiting for more once one is complete."""
    rest = b""
    while part := stream.read1(READ_BYTES):
        *lines, rest = (rest + part).split(b"\n")
        for first in range(0, len(lines), AT_ONCE):
            yield lines[first : first + AT_ONCE]
    if rest:
        yield [rest]
