"""How quickly texts are read: `python -m benchmarks.triage_speed`. Prints milliseconds; exits with 1 past the limits.

Plays the packs' own examples, texts of a thousand letters made of them, and texts written to be slow.
"""

import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from triage.rules import RuleSet, load_rules
from triage.text.evaluate import evaluate_text

RISK_RULES = Path(__file__).parents[1] / "config" / "risk_rules"
MOST_MEDIAN_MS, MOST_P99_MS, MOST_HOSTILE_MS = 1.0, 5.0, 10.0
LETTERS = 1000


def gather_texts(rules: RuleSet) -> list[str]:
    """Every example of every pack."""
    return [text for rule in rules.text.rules for text in (*rule.examples, *rule.counterexamples)]


def make_long_texts(texts: Sequence[str], count: int = 300) -> list[str]:
    """Texts of a thousand letters, each joined from examples drawn at random."""
    draw = random.Random(7)
    return [" ".join(draw.choices(texts, k=60))[:LETTERS] for _ in range(count)]


def make_hostile_texts(texts: Sequence[str]) -> list[str]:
    """What someone would send who wants the reader to be slow."""
    lengthy = 60_000
    words = ["my", "i", "the", "he", "dad", "kill", "not", "want", "to", "ضرب", "و", "بابا", "ما", "baba", "3am"]
    repeated = [(word + " ") * 500 for word in words]
    floods = [
        "a" * lengthy,
        "ab" * lengthy,
        "😭" * lengthy,
        "🔪💊" * 800,
        "i " * 800,
        "ـ" * lengthy,
        "\u202e" * lengthy,
    ]
    mixed = [
        "my dad " * 150,
        "he my dad he kill " * 80,
        "3am baba mama " * 80,
        "و" * 400 + " بي" * 300,
        "k.i.l.l " * 200,
    ]
    return [*repeated, *floods, *mixed, " ".join(texts)]


def time_each(read: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    """Milliseconds of processor time a text, in rising order; the best of three, since the machine has other work."""
    return sorted(min(_time_once(read, text) for _ in range(3)) for text in texts)


def _time_once(read: Callable[[str], object], text: str) -> float:
    began = time.process_time()
    read(text)
    return (time.process_time() - began) * 1000


def main() -> int:
    """Measure and print; 1 when a limit is passed."""
    rules = load_rules(RISK_RULES)

    def read(text: str) -> object:
        return evaluate_text(text, rules)

    texts = gather_texts(rules)
    short = time_each(read, texts)
    lengthy = time_each(read, make_long_texts(texts))
    hostile = time_each(read, make_hostile_texts(texts))
    rows = [
        ("one text, median", short[len(short) // 2], MOST_MEDIAN_MS),
        ("one text, 99 of 100 below", short[int(len(short) * 0.99)], MOST_P99_MS),
        (f"{LETTERS} letters, median", lengthy[len(lengthy) // 2], MOST_P99_MS),
        (f"{LETTERS} letters, 99 of 100 below", lengthy[int(len(lengthy) * 0.99)], MOST_P99_MS),
        ("hostile, slowest", hostile[-1], MOST_HOSTILE_MS),
    ]
    for name, took_ms, most_ms in rows:
        print(f"{name:34} {took_ms:7.2f} ms   (at most {most_ms:g})")
    return int(any(took_ms > most_ms for _, took_ms, most_ms in rows))


if __name__ == "__main__":
    sys.exit(main())
