"""Holds every pack to its own examples, so that a changed word shows at once what it no longer finds."""

from collections.abc import Iterator

from triage.text.combo_file import Combo, belongs_to
from triage.text.lexicon import Lexicon
from triage.text.pack_file import PackRule
from triage.text.reading import Reading, read_text

SMALL = "ordinary.*"


def find_broken_text_examples(lexicon: Lexicon) -> tuple[str, ...]:
    """One line for each example that a rule misses and each counterexample it speaks on; empty when all hold."""
    return (*_walk_packs(lexicon), *_walk_combos(lexicon))


def _walk_packs(lexicon: Lexicon) -> Iterator[str]:
    for rule in lexicon.rules:
        for text in rule.examples:
            if not _holds(rule, text, lexicon):
                yield f"{rule.file}: {rule.kind} {rule.id}: does not hold on its example {text!r}"
        for text in rule.counterexamples:
            if _holds(rule, text, lexicon):
                yield f"{rule.file}: {rule.kind} {rule.id}: speaks on its counterexample {text!r}"


def _walk_combos(lexicon: Lexicon) -> Iterator[str]:
    for combo in lexicon.combos.combos:
        for text in combo.examples:
            if not _gives(combo, text, lexicon):
                yield f"combos.toml: combo {combo.id}: does not hold on its example {text!r}"
        for text in combo.counterexamples:
            if _gives(combo, text, lexicon):
                yield f"combos.toml: combo {combo.id}: speaks on its counterexample {text!r}"


def _gives(combo: Combo, text: str, lexicon: Lexicon) -> bool:
    return any(found.rule == combo.id for found in read_text(text, lexicon).found)


def _holds(rule: PackRule, text: str, lexicon: Lexicon) -> bool:
    reading = read_text(text, lexicon)
    if rule.kind == "concept":
        return any(found.rule == rule.id for found in reading.found)
    if rule.kind == "idiom":
        return any(figure.rule == rule.id for figure in reading.figures) and not _tells_risk(rule, reading, lexicon)
    # A denial or negator holds when something was denied and nothing that it could deny is left standing.
    return bool(reading.denied) and not _tells_risk(rule, reading, lexicon)


def _tells_risk(rule: PackRule, reading: Reading, lexicon: Lexicon) -> bool:
    risks = [one.concept for one in reading.found if one.concept in lexicon.signals]
    risks = [concept for concept in risks if not belongs_to(concept, (SMALL,))]
    return any(not rule.cancels or belongs_to(concept, rule.cancels) for concept in risks)
