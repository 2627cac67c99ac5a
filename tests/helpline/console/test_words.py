"""The console in two languages, as equals; and the list of what contacts are about."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from config.categories import Categories, load_categories
from config.data_file import ConfigInvalid
from helpline.console import story
from helpline.console.languages import TRANSLATIONS

CONSOLE = TRANSLATIONS.parent
PROJECT = CONSOLE.parents[1]
ARABIC = TRANSLATIONS / "ar" / "LC_MESSAGES"
PLACEHOLDER = re.compile(r"%\(\w+\)s")
ARABIC_LETTER = re.compile("[\u0621-\u064a]")


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Every sentence in the console's code and templates."""
    found = tmp_path_factory.mktemp("words") / "found.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "babel.cfg"]
    subprocess.run([*command, "-k", "_", "-k", "lazy_gettext", "-o", str(found), "."], cwd=CONSOLE, check=True)
    with found.open("rb") as file:
        return {message.id for message in read_po(file) if message.id}


@pytest.fixture(scope="module")
def arabic() -> dict[str, str]:
    with (ARABIC / "messages.po").open("rb") as file:
        return {message.id: message.string for message in read_po(file, locale="ar") if message.id}


def test_every_sentence_has_arabic_and_no_arabic_is_left_over(said: set[str], arabic: dict[str, str]):
    assert said == set(arabic)
    assert [words for words, translated in arabic.items() if not ARABIC_LETTER.search(translated)] == []


def test_placeholders_are_the_same_in_both(arabic: dict[str, str]):
    for words, translated in arabic.items():
        assert sorted(PLACEHOLDER.findall(words)) == sorted(PLACEHOLDER.findall(translated)), words


def test_every_event_that_the_code_records_can_be_told():
    code = "\n".join(path.read_text(encoding="utf-8") for path in (PROJECT / "helpline").rglob("*.py"))
    recorded = set(re.findall(r'record_event\(\s*session,\s*[\w.]+,\s*"([\w.]+)"', code))
    recorded |= {f"contact.{to}" for to in ("waiting", "offered", "connecting", "connected", "wrap_up", "closed")}
    assert len(recorded) > 15
    assert recorded <= set(story.SENTENCES)


def test_categories_have_stable_codes_and_both_languages():
    categories = load_categories(PROJECT / "config")

    assert len(categories.categories) == 11
    assert categories.find("violence.sexual")[1].label("ar")
    assert categories.find("violence") is None and categories.find("nothing.at_all") is None
    for category in categories.categories:
        assert all(ARABIC_LETTER.search(subject.ar) for subject in (category, *category.subjects))


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('{ code = "self", en = "x", ar = "y", about = true, colour = "red" }', "colour"),
        ('{ code = "Self", en = "x", ar = "y", about = true }', "code"),
        ('{ code = "self", en = "", ar = "y", about = true }', "en"),
        ('{ code = "self", en = "x", ar = "y" }', "about"),
        (2 * '{ code = "self", en = "x", ar = "y", about = true }, ', "twice"),
    ],
)
def test_a_wrong_list_is_refused_with_its_place(tmp_path: Path, line: str, fault: str):
    subject = '{ code = "a", en = "a", ar = "a" }'
    text = f'schema = 1\nreviewed_by = ""\ncall_types = [{line}]\n'
    text += f'[[categories]]\ncode = "c"\nen = "c"\nar = "c"\nsubjects = [{subject}]\n'
    (tmp_path / "categories.toml").write_text(text, encoding="utf-8")

    with pytest.raises(ConfigInvalid, match=fault):
        load_categories(tmp_path)


def test_the_list_shipped_is_read_as_it_is_written():
    assert isinstance(load_categories(PROJECT / "config"), Categories)
