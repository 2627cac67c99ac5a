"""Second opinions on texts: bank, vectors and model are loaded when first asked. Raises only OpinionUnavailable."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from helpline.likeness.centring import centre
from helpline.likeness.model import THREADS, OpinionUnavailable, load_model, measure
from helpline.likeness.prepared import Prepared, read_prepared
from triage.second_opinion.examples import Bank, BankInvalid, read_bank
from triage.second_opinion.prepare import prepare
from triage.second_opinion.weigh import Opinion, judge, weigh
from triage.text.lexicon import Lexicon


class SecondOpinion:
    """One for each process. Nothing is loaded until `warm_up` or the first question."""

    def __init__(self, folder: Path, lexicon: Lexicon, *, wanted: bool = True, threads: int = THREADS):
        self.wanted = wanted
        self._folder, self._lexicon, self._threads = folder, lexicon, threads
        self._loaded: tuple[Any, Bank, Prepared] | None = None
        self._fault: OpinionUnavailable | None = None
        self._lock = Lock()

    def warm_up(self) -> None:
        """Load and ask once, so that the first child's text is not the one that waits. Raises OpinionUnavailable."""
        self.ask(["warm up"])

    def ask(self, texts: Sequence[str], *, never_itself: bool = False) -> list[Opinion]:
        """The opinions, in order. With `never_itself` a text that is an example is weighed by what other hands wrote.

        Raises OpinionUnavailable: switched off, not installed, or the prepared files are not those of the examples.
        """
        model, bank, prepared = self._load()
        read = [prepare(text, self._lexicon) for text in texts]
        words, groups = [one.words for one in read], [one.group for one in read]
        closeness = centre(measure(model, words), groups, prepared.centres) @ prepared.rows.T
        learned = prepared.weights.tell(closeness, words)
        weighed = zip(closeness.tolist(), learned.tolist(), groups, strict=True)
        opinions = [weigh(near, score, bank, group) for near, score, group in weighed]
        if never_itself:
            known = {example.text: place for place, example in enumerate(bank.examples)}
            for number, text in enumerate(texts):
                if text in known:
                    score = float(prepared.left_out[known[text]])
                    opinions[number] = judge(score, opinions[number].nearest, bank, groups[number])
        return opinions

    def _load(self) -> tuple[Any, Bank, Prepared]:
        if not self.wanted:
            raise OpinionUnavailable("switched off in helpline.toml")
        with self._lock:
            if self._fault:  # what could not be loaded is not tried anew with every text
                raise self._fault
            if self._loaded is None:
                try:
                    self._loaded = self._read()
                except OpinionUnavailable as fault:
                    self._fault = fault
                    raise
            return self._loaded

    def _read(self) -> tuple[Any, Bank, Prepared]:
        try:
            bank = read_bank(self._folder)
        except BankInvalid as fault:
            raise OpinionUnavailable(str(fault)) from fault
        return load_model(self._threads), bank, read_prepared(self._folder, bank)
