"""All packs of a folder, checked against each other and spelled out once into the tree that reads texts."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from triage.rule_file import RulesInvalid
from triage.text.arabizi import FEWEST_CONSONANTS, FEWEST_IN_COMPANY, FEWEST_TO_TAKE_AWAY
from triage.text.combo_file import COMBOS_NAME, Combos, belongs_to, read_combos
from triage.text.keeping import NotOurs, keep, name_for, read_kept
from triage.text.pack_file import WORDS_THEME, Pack, PackRule, read_pack
from triage.text.phrase_finder import PhraseFinder
from triage.text.phrase_tree import PhraseTree
from triage.text.phrases import spell_out
from triage.text.tokens import fold_word
from triage.text.word_lists import WordLists

URDU = "urdu"  # in Arabic letters, yet its Latin spelling has packs of its own and keeps the vowels

NEVER_BY_SOUND = 10_000  # consonants, more than a text has

NOTICED_BY_READING = (
    "text_too_tangled",
    "text_attachment_only",
    "text_denied",
    "text_idiom",
    "text_near_empty",
    "text_unread_by_rules",
    "text_unknown_script",
)


@dataclass(frozen=True, slots=True)
class Part:
    """What a match in the tree means: a rule's phrase, or member `member` of its group number `group`."""

    rule: PackRule
    group: int | None = None
    member: int = 0


@dataclass(frozen=True, slots=True)
class Homographs:
    """Words that another language writes in the same way, and the words by which theirs is known."""

    words: frozenset[str]
    companions: frozenset[str]


@dataclass(frozen=True)
class Lexicon:
    """Every word the rules know. Built once; holds nothing of any text."""

    rules: tuple[PackRule, ...] = field(repr=False)
    combos: Combos = field(repr=False)
    signals: frozenset[str]  # concepts that reach the assessment; the others only serve combos
    versions: tuple[str, ...]
    unsigned: tuple[str, ...]
    usual_words: Mapping[str, frozenset[str]]  # by language, for the guess that is shown
    homographs: Mapping[str, Homographs]  # by group
    finder: PhraseFinder = field(repr=False)
    parts: tuple[Part, ...] = field(repr=False)

    @property
    def tells(self) -> frozenset[str]:
        """Every signal that reading a text may give; all others come from menus, circumstances and people."""
        concepts = {rule.concept for rule in self.rules} | {combo.gives for combo in self.combos.combos}
        return (concepts & self.signals) | set(NOTICED_BY_READING)


def load_lexicon(folder: Path, signals: Collection[str], kept_in: Path | None = None) -> Lexicon:
    """Read every `*.toml` of the folder. RulesInvalid names file, rule and fault, all of them at once.

    `signals` are the names that the assessment's rules know. `kept_in` is a folder of our own: what was spelled out
    before is taken from there, and what is spelled out now is put there. What can not be trusted is not taken.
    """
    if kept_in is None:
        return _spell_out_packs(folder, signals)
    file = kept_in / name_for(sorted(folder.glob("*.toml")), *sorted(signals))
    try:
        kept = read_kept(file)
        if isinstance(kept, Lexicon):
            return kept
    except (NotOurs, OSError) as fault:
        warnings.warn(f"the packs are spelled out anew: {fault}", stacklevel=2)
    lexicon = _spell_out_packs(folder, signals)
    try:
        keep(lexicon, file)
    except OSError as fault:
        warnings.warn(f"the spelled-out packs could not be kept: {fault}", stacklevel=2)
    return lexicon


def _spell_out_packs(folder: Path, signals: Collection[str]) -> Lexicon:
    packs, faults = _read_packs(folder)
    combos = read_combos(folder / COMBOS_NAME)
    faults += _find_faults_between(packs, combos, signals)
    shared = {pack.group: pack for pack in packs if pack.theme == WORDS_THEME}
    tree = PhraseTree(frozenset(fold_word(word) for pack in packs for word in pack.arabizi_markers), *_mark_ears(packs))
    parts: list[Part] = []
    for pack in packs:
        faults += _plant(pack, shared.get(pack.group), tree, parts)
    if faults:
        raise RulesInvalid(faults)
    return Lexicon(
        rules=tuple(rule for pack in packs for rule in pack.rules),
        combos=combos,
        signals=frozenset(signals),
        versions=(f"combos-{combos.version}", *(f"{pack.theme}.{pack.group}-{pack.version}" for pack in packs)),
        unsigned=tuple(_name_unsigned(packs, combos)),
        usual_words=_gather_usual_words(packs),
        homographs={group: _read_homographs(pack) for group, pack in shared.items() if pack.homographs},
        finder=tree.close(),
        parts=tuple(parts),
    )


def _read_packs(folder: Path) -> tuple[list[Pack], list[str]]:
    packs, faults = [], []
    for path in sorted(folder.glob("*.toml")):
        if path.name == COMBOS_NAME:
            continue
        try:
            packs.append(read_pack(path))
        except RulesInvalid as invalid:
            faults.extend(invalid.faults)
    return packs, faults


def _plant(pack: Pack, shared: Pack | None, tree: PhraseTree, parts: list[Part]) -> list[str]:
    """Put every phrase of a pack into the tree; the faults found while spelling them out."""
    faults = []
    try:
        lists = WordLists(pack, shared)
        lists.check()
    except ValueError as fault:
        return [f"{pack.name}: {fault}"]
    by_ear = shared is not None and shared.spelled_by_ear
    for rule in pack.rules:
        try:
            _plant_rule(rule, lists, tree, parts, by_sound=pack.group != URDU, by_ear=by_ear)
        except ValueError as fault:
            faults.append(f"{pack.name}: {rule.kind} {rule.id}: {fault}")
    return faults


def _plant_rule(
    rule: PackRule, lists: WordLists, tree: PhraseTree, parts: list[Part], *, by_sound: bool, by_ear: bool
) -> None:
    fewest_consonants = _tell_fewest_consonants(rule, by_sound)
    fewest_in_company = min(fewest_consonants, FEWEST_IN_COMPANY) if by_sound else fewest_consonants
    written = [(phrase, Part(rule)) for phrase in rule.phrases]
    for number, group in enumerate(rule.near):
        written += [(phrase, Part(rule, number, member)) for member, phrase in enumerate(group)]
    for phrase, part in written:
        parts.append(part)
        for sequence in spell_out(phrase, lists.look_up):
            fewest = fewest_consonants if part.group is None else fewest_in_company
            tree.add(sequence, len(parts) - 1, fewest, by_ear=by_ear)


def _tell_fewest_consonants(rule: PackRule, by_sound: bool) -> int:
    """By how many consonants the words of a rule are found in Arabic in Latin letters."""
    if not by_sound:
        return NEVER_BY_SOUND
    # What takes away must be surer of its words than what only finds.
    return FEWEST_CONSONANTS if rule.kind == "concept" and not rule.cancels else FEWEST_TO_TAKE_AWAY


def _find_faults_between(packs: Sequence[Pack], combos: Combos, signals: Collection[str]) -> list[str]:
    known = combos.named | frozenset(signals)
    faults = [f"text: the assessment has no rule for {name}" for name in NOTICED_BY_READING if name not in signals]
    faults += [
        f"{COMBOS_NAME}: combo {combo.id}: {combo.gives} is not a signal of any rule"
        for combo in combos.combos
        if combo.gives not in signals
    ]
    seen = Counter(rule.id for pack in packs for rule in pack.rules)
    for pack in packs:
        for rule in pack.rules:
            if seen[rule.id] > 1:
                faults.append(f"{pack.name}: {rule.kind} {rule.id}: this id is used {seen[rule.id]} times")
            if rule.concept and not belongs_to(rule.concept, known):
                faults.append(f"{pack.name}: concept {rule.id}: nothing speaks of {rule.concept}")
    groups = Counter(pack.group for pack in packs if pack.theme == WORDS_THEME)
    return faults + [f"text: group {group} has {count} files of words" for group, count in groups.items() if count > 1]


def _name_unsigned(packs: Sequence[Pack], combos: Combos) -> list[str]:
    files = [] if combos.reviewed_by else [f"text/{COMBOS_NAME}"]
    return files + [f"text/{pack.name}" for pack in packs if not pack.reviewed_by]


def _mark_ears(packs: Sequence[Pack]) -> tuple[frozenset[str], frozenset[str]]:
    """Usual words of languages that are spelled by ear, and of all others; none that both have."""
    ear, other = set(), set()
    for pack in packs:
        (ear if pack.spelled_by_ear else other).update(map(fold_word, pack.usual_words))
    alike = {fold_word(word) for pack in packs if pack.spelled_by_ear for word in pack.homographs}
    return frozenset(ear - other - alike), frozenset(other - ear - alike)


def _read_homographs(pack: Pack) -> Homographs:
    words = frozenset(fold_word(word) for word in pack.homographs)
    return Homographs(words, frozenset(fold_word(word) for word in pack.usual_words) - words)


def _gather_usual_words(packs: Sequence[Pack]) -> dict[str, frozenset[str]]:
    gathered: dict[str, set[str]] = {}
    for pack in packs:
        if pack.language:
            gathered.setdefault(pack.language, set()).update(fold_word(word) for word in pack.usual_words)
    return {language: frozenset(words) for language, words in gathered.items()}
