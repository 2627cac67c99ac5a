"""The rule set: every rule file of a folder, read once and indexed by signal so that assessing is quick.

A fault in any file refuses the whole folder, because half a rule set would order children wrongly
without anyone noticing.
"""

from __future__ import annotations

import gc
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from triage.model import RiskLevel
from triage.rule_file import LEVELS_THEME, Rule, RuleFile, RulesInvalid, read_rule_file
from triage.text.lexicon import Lexicon, load_lexicon

TEXT_FOLDER = "text"

NOT_UNDERSTOOD = "signal_not_understood"
SECOND_OPINION = "second_opinion"

# What the menus promise and what failing upward means. No data file may take these away.
PROMISED_FLOORS = {
    "danger_key": RiskLevel.critical,
    NOT_UNDERSTOOD: RiskLevel.elevated,
    "fault_in_assessment": RiskLevel.elevated,
    "text_unread_by_rules": RiskLevel.elevated,
    "text_unknown_script": RiskLevel.elevated,
    "text_too_tangled": RiskLevel.elevated,
    "text_attachment_only": RiskLevel.elevated,
}


@dataclass(frozen=True, eq=False)
class RuleSet:
    """All rules of a helpline. `version` names the declared versions and the exact content.

    Two are the same only if they are one object; `load_rules` gives one object for one content.
    """

    rules: tuple[Rule, ...]  # most important first
    cuts: tuple[tuple[int, RiskLevel], ...]  # (least score, level), most severe first
    version: str
    unsigned: tuple[str, ...]  # files that nobody has reviewed and signed
    by_signal: Mapping[str, tuple[int, ...]] = field(repr=False)  # places in `rules`
    counted: frozenset[str] = field(repr=False)  # signals whose value is a count
    text: Lexicon = field(repr=False)  # the words by which texts give signals

    @cached_property
    def signals_of(self) -> Mapping[str, tuple[str, ...]]:
        """The signals that each rule, by its id, speaks about."""
        return {rule.id: tuple(rule.signals) for rule in self.rules}

    @property
    def signal_names(self) -> frozenset[str]:
        """Every signal some rule speaks about; any other name is assessed as not understood."""
        return frozenset(self.by_signal)

    def level_for(self, score: int) -> RiskLevel:
        """The level of a score before any floor."""
        return next((level for least, level in self.cuts if score >= least), RiskLevel.benign)


def load_rules(folder: Path, kept_in: Path | None = None) -> RuleSet:
    """Read every `*.toml` of the folder and of its packs of words. RulesInvalid names file, rule and fault, of all.

    To spell out the packs takes seconds, so the same content is read once a process, and from one process to the next
    it is kept in the folder `kept_in`, if one is given.
    """
    paths = (*sorted(folder.glob("*.toml")), *sorted((folder / TEXT_FOLDER).glob("*.toml")))
    return _load_once(_Content(_digest(paths), folder, kept_in))


@dataclass(frozen=True)
class _Content:
    """What stands in a folder of rules; two folders with the same content are the same rules."""

    digest: str
    folder: Path = field(compare=False)
    kept_in: Path | None


@lru_cache(maxsize=8)
def _load_once(content: _Content) -> RuleSet:
    folder = content.folder
    paths = sorted(folder.glob("*.toml"))
    files: list[RuleFile] = []
    faults: list[str] = []
    for path in paths:
        try:
            files.append(read_rule_file(path))
        except RulesInvalid as invalid:
            faults.extend(invalid.faults)
    # Faults between files only make sense once each file can be read by itself.
    faults = faults or _find_faults_between(files, folder)
    if faults:
        raise RulesInvalid(faults)
    known = {name for file in files for rule in file.rules for name in rule.signals}
    text = load_lexicon(folder / TEXT_FOLDER, known, content.kept_in)
    declared = "+".join(f"{file.theme}-{file.version}" for file in files)
    rules = _build_rule_set(files, text, f"{declared}@{content.digest[:12]}")
    # The words are hundreds of thousands of objects that stay. To look through them for garbage takes some 200 ms each
    # time, in the middle of somebody's call; so Python is told to leave alone what exists by now.
    gc.freeze()
    return rules


def _build_rule_set(files: list[RuleFile], text: Lexicon, version: str) -> RuleSet:
    rules = sorted((rule for file in files for rule in file.rules), key=_importance)
    by_signal: dict[str, list[int]] = {}
    for place, rule in enumerate(rules):
        for name in rule.signals:
            by_signal.setdefault(name, []).append(place)
    return RuleSet(
        rules=tuple(rules),
        cuts=next(file.cuts for file in files if file.cuts),
        version=version,
        unsigned=(*(file.name for file in files if not file.reviewed_by), *text.unsigned),
        by_signal={name: tuple(places) for name, places in by_signal.items()},
        counted=frozenset(rule.all_of[0] for rule in rules if rule.at_least is not None),
        text=text,
    )


def _importance(rule: Rule) -> tuple[int, int, str]:
    floor = rule.reason.floor
    # A floor of routine moves nobody, so it tells a counsellor less than any points do.
    floor_rank = floor.rank if floor is not None and floor > RiskLevel.routine else 0
    return (-floor_rank, -rule.reason.points, rule.id)


def _digest(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _find_faults_between(files: list[RuleFile], folder: Path) -> list[str]:
    return [
        *_find_missing_cuts(files, folder),
        *_find_duplicate_ids(files),
        *_find_broken_promises(files, folder),
        *_find_unknown_signals_in_examples(files),
        *_find_too_loud(files),
    ]


def _find_missing_cuts(files: list[RuleFile], folder: Path) -> list[str]:
    with_cuts = [file.name for file in files if file.cuts]
    if len(with_cuts) == 1:
        return []
    return [f"{folder.name}: exactly one file of theme {LEVELS_THEME!r} is needed, found {len(with_cuts)}"]


def _find_duplicate_ids(files: list[RuleFile]) -> list[str]:
    seen = Counter(rule.id for file in files for rule in file.rules)
    return [
        f"{file.name}: rule {rule.id}: this id is used {seen[rule.id]} times"
        for file in files
        for rule in file.rules
        if seen[rule.id] > 1
    ]


def _find_broken_promises(files: list[RuleFile], folder: Path) -> list[str]:
    kept: dict[str, RiskLevel] = {}
    for file in files:
        for rule in file.rules:
            if rule.fires_on_its_signal_alone and rule.reason.floor:
                name = rule.all_of[0]
                kept[name] = RiskLevel.highest(rule.reason.floor, kept.get(name, RiskLevel.benign))
    return [
        f"{folder.name}: signal {name}: some rule must give it the floor {promised} whatever else is known"
        for name, promised in PROMISED_FLOORS.items()
        if kept.get(name, RiskLevel.benign) < promised
    ]


def _find_too_loud(files: list[RuleFile]) -> list[str]:
    """The second opinion knows no reasons, so it never makes critical, neither by a floor nor by points that add up."""
    return [
        f"{file.name}: rule {rule.id}: a second opinion may have the floor high, alone and without points"
        for file in files
        for rule in file.rules
        if SECOND_OPINION in rule.signals
        and (rule.reason.points or rule.reason.floor != RiskLevel.high or not rule.fires_on_its_signal_alone)
    ]


def _find_unknown_signals_in_examples(files: list[RuleFile]) -> list[str]:
    known = {name for file in files for rule in file.rules for name in rule.signals}
    return [
        f"{file.name}: rule {rule.id}: an example names the signal {signal.name!r}, which no rule knows"
        for file in files
        for rule in file.rules
        for example in (*rule.examples, *rule.counterexamples)
        for signal in example
        if signal.name not in known
    ]
