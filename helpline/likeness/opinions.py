"""Second opinions on texts: bank, vectors and model are loaded when first asked. Raises only OpinionUnavailable."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from helpline.likeness.centring import centre, find_centres
from helpline.likeness.model import THREADS, OpinionUnavailable, load_model, measure, vectors_file
from triage.second_opinion.examples import Bank, BankInvalid, read_bank
from triage.second_opinion.prepare import prepare
from triage.second_opinion.weigh import Opinion, weigh
from triage.text.lexicon import Lexicon


class SecondOpinion:
    """One for each process. Nothing is loaded until `warm_up` or the first question."""

    def __init__(self, folder: Path, lexicon: Lexicon, *, wanted: bool = True, threads: int = THREADS):
        self.wanted = wanted
        self._folder, self._lexicon, self._threads = folder, lexicon, threads
        self._loaded: tuple[Bank, Any, dict[str, Any], Any] | None = None
        self._fault: OpinionUnavailable | None = None
        self._lock = Lock()

    def warm_up(self) -> None:
        """Load and ask once, so that the first child's text is not the one that waits. Raises OpinionUnavailable."""
        self.ask(["warm up"])

    def ask(self, texts: Sequence[str], *, never_itself: bool = False) -> list[Opinion]:
        """The opinions, in order. With `never_itself` no text is compared with an example of the same words.

        Raises OpinionUnavailable: switched off, not installed, or the vectors are not those of the examples.
        """
        bank, model, centres, rows = self._load()
        prepared = [prepare(text, self._lexicon) for text in texts]
        groups = [one.group for one in prepared]
        closeness = centre(measure(model, [one.words for one in prepared]), groups, centres) @ rows.T
        if never_itself:
            closeness[closeness > 0.9999] = -1.0
        return [weigh(near.tolist(), bank, group) for near, group in zip(closeness, groups, strict=True)]

    def _load(self) -> tuple[Bank, Any, dict[str, Any], Any]:
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

    def _read(self) -> tuple[Bank, Any, dict[str, Any], Any]:
        model = load_model(self._threads)
        try:
            bank = read_bank(self._folder)
        except BankInvalid as fault:
            raise OpinionUnavailable(str(fault)) from fault
        rows = _read_vectors(vectors_file(self._folder, bank.fingerprint), len(bank.examples))
        groups = [prepare(example.text, self._lexicon).group for example in bank.examples]
        centres = find_centres(rows, groups)
        return bank, model, centres, centre(rows, groups, centres)


def _read_vectors(file: Path, count: int) -> Any:
    import numpy as np

    try:
        rows = np.load(file, allow_pickle=False).astype(np.float32)
    except (OSError, ValueError) as fault:
        raise OpinionUnavailable(f"{file.name} can not be read: run `triage prepare-examples`") from fault
    if len(rows) != count:
        raise OpinionUnavailable(f"{file.name} is not of these examples: run `triage prepare-examples`")
    return rows
