"""Spelled-out packs are kept from one process to the next, and read only where nobody else could have written them."""

import pickle
from hashlib import sha256
from pathlib import Path

import pytest

from tests.triage.conftest import RISK_RULES
from triage.rules import RuleSet, load_rules
from triage.text.evaluate import evaluate_text
from triage.text.keeping import NotOurs, keep, name_for, read_kept
from triage.text.lexicon import Lexicon, load_lexicon
from triage.text.reading import read_text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, rules: RuleSet) -> Path:
    folder = tmp_path_factory.mktemp("kept")
    folder.chmod(0o700)
    keep(rules.text, folder / "spelled-out-all")
    return folder


@pytest.fixture
def kept(folder: Path) -> Path:
    return folder / "spelled-out-all"


def test_what_is_kept_reads_every_example_as_what_was_spelled_out(kept: Path, rules: RuleSet) -> None:
    lexicon = read_kept(kept)
    texts = [text for rule in rules.text.rules for text in (*rule.examples, *rule.counterexamples)]
    assert [read_text(text, lexicon) for text in texts] == [read_text(text, rules.text) for text in texts]


def test_no_words_of_texts_that_were_read_are_kept(rules: RuleSet, tmp_path: Path) -> None:
    evaluate_text("zanzibarquux hurts me", rules)
    keep(rules.text, tmp_path / "spelled-out-x")
    assert b"zanzibarquux" not in (tmp_path / "spelled-out-x").read_bytes()


def test_nothing_kept_is_nothing_wrong(tmp_path: Path) -> None:
    assert read_kept(tmp_path / "spelled-out-none") is None


@pytest.mark.parametrize("others_may", [0o666, 0o620])
def test_a_file_that_others_may_write_is_not_read(kept: Path, others_may: int) -> None:
    kept.chmod(others_may)
    with pytest.raises(NotOurs, match="others may write"):
        read_kept(kept)
    kept.chmod(0o600)


def test_a_folder_that_others_may_write_is_not_trusted(kept: Path) -> None:
    kept.parent.chmod(0o777)
    with pytest.raises(NotOurs, match="others may write"):
        read_kept(kept)
    kept.parent.chmod(0o700)


def test_a_file_cut_short_is_not_read(kept: Path, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    (tmp_path / "short").write_bytes(kept.read_bytes()[:-1000])
    (tmp_path / "short").chmod(0o600)
    with pytest.raises(NotOurs, match="written to its end"):
        read_kept(tmp_path / "short")


def test_a_file_can_make_nothing_but_our_own_classes(tmp_path: Path) -> None:
    class Runs:
        def __reduce__(self):
            return (Path.touch, (tmp_path / "ran",))

    content = pickle.dumps(Runs())
    tmp_path.chmod(0o700)
    (tmp_path / "evil").write_bytes(content + sha256(content).digest())
    (tmp_path / "evil").chmod(0o600)
    with pytest.raises(NotOurs):
        read_kept(tmp_path / "evil")
    assert not (tmp_path / "ran").exists()


def test_a_changed_pack_has_another_name(rule_folder: Path) -> None:
    paths = sorted((rule_folder / "text").glob("*.toml"))
    before = name_for(paths, "a_signal")
    assert name_for(paths, "another_signal") != before
    paths[0].write_text(paths[0].read_text(encoding="utf-8") + "\n# a word\n", encoding="utf-8")
    assert name_for(paths, "a_signal") != before


def test_rules_are_spelled_out_anew_beside_a_file_that_can_not_be_trusted(
    rule_folder: Path, tmp_path: Path, rules: RuleSet
) -> None:
    text = rule_folder / "text"
    for pack in text.glob("*.toml"):
        if pack.name not in ("combos.toml", "words.english.toml", "selfharm.english.toml"):
            pack.unlink()
    kept_in = tmp_path / "kept"
    known = rules.signal_names
    first = load_lexicon(text, known, kept_in)
    (file,) = kept_in.iterdir()
    file.write_bytes(b"spoiled")
    with pytest.warns(UserWarning, match="spelled out anew"):
        second = load_lexicon(text, known, kept_in)
    assert isinstance(second, Lexicon)
    assert second.versions == first.versions
    assert load_lexicon(text, known, kept_in).versions == first.versions


def test_a_service_told_to_keep_its_rules_gives_the_same_ones(tmp_path: Path, rules: RuleSet) -> None:
    kept_in = tmp_path / "kept"
    keeping = load_rules(RISK_RULES, kept_in)
    assert keeping.version == rules.version
    assert len(list(kept_in.iterdir())) == 1
