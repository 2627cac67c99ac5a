"""The shipped flows as children hear them, and a copy of them that a test may damage."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ivr_flows.library import Library
from ivr_flows.shelf import PACKAGE, read_shelf


class FlowFolder:
    """A copy of the shipped flow files, and of the language files of two languages unless others are wanted."""

    def __init__(self, path: Path) -> None:
        self.path = path
        shutil.copytree(PACKAGE / "flows", path / "flows")
        (path / "prompts").mkdir()
        self.bring("ar", "en")

    def bring(self, *languages: str) -> None:
        """Copy these languages too."""
        for code in languages:
            shutil.copy(PACKAGE / "prompts" / f"{code}.toml", self.path / "prompts")

    def change(self, file: str, old: str, new: str) -> None:
        """Replace a text that must be there, so that a test can not pass on a file that moved on."""
        target = self.path / file
        source = target.read_text(encoding="utf-8")
        assert old in source, f"{file} has no {old!r} any more"
        target.write_text(source.replace(old, new, 1), encoding="utf-8")

    def add(self, file: str, text: str) -> None:
        """Write more at the end of a file."""
        with (self.path / file).open("a", encoding="utf-8") as target:
            target.write(text)


@pytest.fixture
def folder(tmp_path: Path) -> FlowFolder:
    return FlowFolder(tmp_path / "helpline")


@pytest.fixture(scope="session")
def library() -> Library:
    """Unchecked, so that a flow that has gone wrong fails the test that tells how and not every test."""
    return read_shelf(languages=["ar", "en"]).library
