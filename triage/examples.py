"""Holds every rule to its own examples, so that a changed rule shows at once what it no longer does."""

from collections.abc import Iterator
from functools import lru_cache

from triage.assess import assess
from triage.model import Signal
from triage.rules import RuleSet
from triage.text.examples import find_broken_text_examples


@lru_cache(maxsize=8)
def find_broken_examples(rules: RuleSet) -> tuple[str, ...]:
    """One line for each example a rule or pack misses and each counterexample it speaks on; none when all hold.

    Thousands of texts are read for it, for seconds; the answer for one set of rules never changes.
    """
    return (*_walk_examples(rules), *find_broken_text_examples(rules.text))


def _walk_examples(rules: RuleSet) -> Iterator[str]:
    for rule in rules.rules:
        for example in rule.examples:
            if not _speaks(rule.id, example, rules):
                yield f"rule {rule.id}: does not speak on its example {_write(example)}"
        for example in rule.counterexamples:
            if _speaks(rule.id, example, rules):
                yield f"rule {rule.id}: speaks on its counterexample {_write(example)}"


def _speaks(rule_id: str, signals: tuple[Signal, ...], rules: RuleSet) -> bool:
    return any(reason.rule == rule_id for reason in assess(signals, rules).reasons)


def _write(signals: tuple[Signal, ...]) -> str:
    return ", ".join(s.name if s.value is None else f"{s.name}={s.value}" for s in signals)
