"""The lists, families and affixes that a pack may name, spelled out: its own and those its group shares."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import product

from triage.text.pack_file import Pack
from triage.text.phrases import Family, Part, choose, spell_out
from triage.text.tokens import fold_word

MOST_AFFIXES = 3000
_NAMED = re.compile(r"\{(\w+)\}")


class WordLists:
    """Looks names up for one pack. ValueError for a name that nobody gave, or that leads back to itself."""

    def __init__(self, pack: Pack, shared: Pack | None) -> None:
        packs = [pack] if shared is None or shared is pack else [shared, pack]
        self._lists: Mapping[str, Sequence[str]] = _merge([one.lists for one in packs])
        self._families = _merge([one.families for one in packs])
        self._affixes = _merge([one.affixes for one in packs])
        self._known: dict[str, Part] = {}
        self._open: list[str] = []
        if both := sorted(self._lists.keys() & self._families.keys()):
            raise ValueError(f"{both[0]} is a list and a family")

    def look_up(self, name: str) -> Part:
        """What `{name}` stands for."""
        if name not in self._known:
            if name in self._open:
                raise ValueError(f"{{{name}}} leads back to itself")
            self._open.append(name)
            self._known[name] = self._spell_out(name)
            self._open.pop()
        return self._known[name]

    def check(self) -> None:
        """ValueError when any list or family cannot be spelled out, used or not."""
        for name in [*self._lists, *self._families]:
            self.look_up(name)

    def _spell_out(self, name: str) -> Part:
        if name in self._families:
            return frozenset({self._make_family(name)})
        if name not in self._lists:
            raise ValueError(f"{{{name}}} is neither a list nor a family of this pack or of its group's words")
        return choose([one for phrase in self._lists[name] for one in spell_out(phrase, self.look_up)])

    def _make_family(self, name: str) -> Family:
        written = self._families[name]
        stems = frozenset(fold_word(stem) for stem in written["stems"])
        if "" in stems:
            raise ValueError(f"families.{name} has a stem without letters")
        before, after = (self._affixes_of(written.get(side, [])) for side in ("before", "after"))
        bare = {""}
        return Family(
            name,
            stems,
            before - bare if written.get("beginning_needed") else before,
            after - bare if written.get("ending_needed") else after,
        )

    def _affixes_of(self, written: Sequence[str]) -> frozenset[str]:
        return frozenset({"", *(fold_word(affix) for one in written for affix in self._join_affixes(one, ()))})

    def _join_affixes(self, written: str, inside: tuple[str, ...]) -> list[str]:
        """`{and}{who}` as every pair of one affix each, any of which may be missing."""
        pieces = [piece for piece in re.split(r"(\{\w+\})", written) if piece]
        choices = [self._choices(piece, inside) for piece in pieces]
        joined = ["".join(parts) for parts in product(*choices)] if _few_enough(choices) else []
        if not joined:
            raise ValueError(f"{written!r} stands for more than {MOST_AFFIXES} affixes")
        return joined

    def _choices(self, piece: str, inside: tuple[str, ...]) -> list[str]:
        named = _NAMED.fullmatch(piece)
        if named is None:
            return [piece]
        name = named[1]
        if name in inside:
            raise ValueError(f"affixes {{{name}}} lead back to themselves")
        if name not in self._affixes:
            raise ValueError(f"{{{name}}} is not among the affixes")
        return ["", *(affix for one in self._affixes[name] for affix in self._join_affixes(one, (*inside, name)))]


def _few_enough(choices: Sequence[Sequence[str]]) -> bool:
    count = 1
    for options in choices:
        count *= len(options)
    return count <= MOST_AFFIXES


def _merge(tables: Sequence[Mapping]) -> dict:
    merged: dict = {}
    for table in tables:
        if both := sorted(merged.keys() & table.keys()):
            raise ValueError(f"{both[0]} is there already, in the words of the group")
        merged |= table
    return merged
