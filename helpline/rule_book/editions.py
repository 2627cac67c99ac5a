"""An edition: one sound rule set, made from kept files or from the shipped ones.

Of all publications the newest sound one is in force. One that this program can not read is passed over and told, and
the one before it stays; when none is sound, the shipped files are in force.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from helpline.rule_book.models import RulePublication
from triage.examples import find_broken_examples
from triage.rule_file import RulesInvalid
from triage.rules import TEXT_FOLDER, RuleSet, load_rules

SHIPPED = 0
PLACES = ("", TEXT_FOLDER)


@dataclass(frozen=True, slots=True)
class RuleEdition:
    """What is in force: publication `in_force` of all up to `number`; `faults` of newer ones that were passed over."""

    rules: RuleSet
    in_force: int = SHIPPED
    number: int = 0
    faults: tuple[str, ...] = ()


def read_files(folder: Path) -> dict[str, str]:
    """The rule files of a folder, by their path in it. RulesInvalid for a file that is not UTF-8."""
    paths = [path for place in PLACES for path in sorted((folder / place).glob("*.toml"))]
    try:
        return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in paths}
    except UnicodeDecodeError as error:
        raise RulesInvalid([f"{folder.name}: a file is not UTF-8"]) from error


def load_files(files: Mapping[str, str]) -> RuleSet:
    """The rule set of kept files, read by the loader that reads the shipped folder. RulesInvalid names each fault.

    Spelling out the packs of words takes seconds, so the same files are read once a process.
    """
    return _load_once(tuple(sorted(files.items())))


@lru_cache(maxsize=8)
def _load_once(files: tuple[tuple[str, str], ...]) -> RuleSet:
    with TemporaryDirectory(prefix="rules-") as name:
        folder = Path(name)
        (folder / TEXT_FOLDER).mkdir()
        for path, text in files:
            if (folder / path).parent not in (folder, folder / TEXT_FOLDER):
                raise RulesInvalid([f"{path}: is not a place for a rule file"])
            (folder / path).write_bytes(text.encode())
        return load_rules(folder)


def find_faults(files: Mapping[str, str]) -> list[str]:
    """Why these files may not be tried or put in force: what the loader refuses, and examples that do not hold."""
    try:
        return list(find_broken_examples(load_files(files)))
    except RulesInvalid as invalid:
        return list(invalid.faults)


def make_edition(shipped: RuleSet, newest_first: Sequence[RulePublication], number: int) -> RuleEdition:
    """The newest publication that can be read, or the shipped files."""
    faults: list[str] = []
    for row in newest_first:
        try:
            rules = shipped if row.files is None else load_files(row.files)
        except Exception as error:  # noqa: BLE001 - whatever is wrong with a kept row, the last good one stays
            told = error.faults if isinstance(error, RulesInvalid) else [type(error).__name__]
            faults += [f"rules {row.id}: {fault}" for fault in told]
            continue
        return RuleEdition(rules, row.id if row.restores is None else row.restores, number, tuple(faults))
    return RuleEdition(shipped, SHIPPED, number, tuple(faults))
