"""From a text to an assessment, with the words behind every reason: what the command line and pages show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from triage.assess import assess
from triage.model import Assessment, Signal
from triage.rules import RuleSet
from triage.text.conversation import read_one
from triage.text.reading import Span


@dataclass(frozen=True, slots=True)
class TextAssessment:
    """An assessment, and for each reason (by its rule) the places in the text that gave it."""

    assessment: Assessment
    spans: Mapping[str, tuple[Span, ...]]

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON."""
        facts = self.assessment.to_dict()
        for reason in facts["reasons"]:
            reason["spans"] = [list(span) for span in self.spans.get(reason["rule"], ())]
        return facts


def evaluate_text(text: str, rules: RuleSet, circumstances: Iterable[Signal] = ()) -> TextAssessment:
    """What the rules make of one text and of what else is known about the contact. Never raises on any text."""
    told = read_one(text, rules.text)
    assessment = assess([*told.signals, *circumstances], rules)
    spans = {
        reason.rule: tuple(
            sorted({span for name in rules.signals_of[reason.rule] for span in told.spans.get(name, ())})
        )
        for reason in assessment.reasons
    }
    return TextAssessment(assessment, {rule: places for rule, places in spans.items() if places})
