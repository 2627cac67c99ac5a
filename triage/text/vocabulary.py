"""Which parts of phrases a word fits: by itself, by its beginning, or as a stem with its endings."""

from __future__ import annotations

from collections.abc import Iterable

from triage.text.phrases import Atom, Word

LONGEST_WORD = 24  # no family is looked for in longer ones: they are floods or links

Affixed = tuple[int, frozenset[str], frozenset[str]]


class Vocabulary:
    """Every word of every pack. Parts are numbered; a word is looked up and gives the numbers it fits."""

    def __init__(self) -> None:
        self._exact: dict[str, set[int]] = {}
        self._beginnings: dict[str, set[int]] = {}
        self._stems: dict[str, list[Affixed]] = {}
        self._before: set[str] = {""}
        self._after: set[str] = {""}
        self._beginning_lengths: set[int] = set()
        self._longest_before = 0
        self._longest_after = 0

    def add(self, atom: Atom, number: int) -> None:
        """A word or family that belongs to the part with this number."""
        if isinstance(atom, Word):
            table = self._beginnings if atom.beginning else self._exact
            table.setdefault(atom.form, set()).add(number)
            if atom.beginning:
                self._beginning_lengths.add(len(atom.form))
            return
        self._before |= atom.before
        self._after |= atom.after
        self._longest_before = max(map(len, self._before))
        self._longest_after = max(map(len, self._after))
        for stem in atom.stems:
            self._stems.setdefault(stem, []).append((number, atom.before, atom.after))

    def parts_of(self, form: str) -> set[int]:
        """The numbers of all parts that this word fits."""
        parts = set(self._exact.get(form, ()))
        if len(form) > LONGEST_WORD:
            return parts
        for length in self._beginning_lengths:
            if found := self._beginnings.get(form[:length]):
                parts |= found
        parts.update(self._parts_by_stem(form))
        return parts

    def _parts_by_stem(self, form: str) -> Iterable[int]:
        size = len(form)
        ends = [end for end in range(max(1, size - self._longest_after), size + 1) if self._is_ending(form, end)]
        for start in range(min(self._longest_before, size - 1) + 1):
            # A letter doubled where two parts meet was squeezed, so a part may share its edge letter with the stem.
            befores = {form[:start], form[: start + 1]} & self._before
            if not befores:
                continue
            for end in ends:
                for number, before, after in self._stems.get(form[start:end], ()) if end > start else ():
                    if not befores.isdisjoint(before) and (form[end:] in after or form[end - 1 :] in after):
                        yield number

    def _is_ending(self, form: str, end: int) -> bool:
        return form[end:] in self._after or form[end - 1 :] in self._after
