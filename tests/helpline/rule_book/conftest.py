"""Changed rules to try, people who put them in force, and what a second process of the service sees."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app import create_app
from config.settings import Settings
from helpline.jobs.shadow import Comparing
from helpline.line import Line
from helpline.rule_book.candidates import start_trial
from helpline.rule_book.editions import read_files
from helpline.rule_book.models import RulePublication
from helpline.rule_book.promoting import approve, ask_to_promote
from helpline.store.db import db

AUTHOR, APPROVER = "staff:1", "staff:2"
HOMEWORK = "my homework is boring"
# What the changed rules of these stories make of school: far too much, so that nobody takes them for a proposal.
GRAVE_SCHOOL = ("text_ordinary.toml", "ordinary.school")
HARMLESS_WEAPON = ("text_violence.toml", "weapon.in_hand")


def with_floor(files: dict[str, str], file: str, signal: str, floor: str) -> dict[str, str]:
    """The same files, with another floor for the rule of one signal, and a higher version."""
    head, rule = files[file].split(f'signal = "{signal}"', 1)
    rule, end, others = rule.partition("[[rule]]")
    kept = [line for line in rule.splitlines() if not line.startswith(("floor", "points"))]
    points = {"critical": 80, "high": 60, "elevated": 35, "routine": 10}[floor]
    changed = "\n".join([f'\npoints = {points}\nfloor = "{floor}"', *kept, ""])
    return files | {file: f'{head}signal = "{signal}"{changed}{end}{others}'.replace('version = "', 'version = "9', 1)}


@pytest.fixture
def shipped(line: Line) -> dict[str, str]:
    """The rule files as they come with the program."""
    return read_files(line.rule_book.folder)


@pytest.fixture
def graver_school(shipped: dict[str, str]) -> dict[str, str]:
    """Rules for which homework is a high risk."""
    return with_floor(shipped, *GRAVE_SCHOOL, "high")


@pytest.fixture
def try_out(session: Session, line: Line) -> Callable[[dict[str, str]], int]:
    """Begin a trial. Returns the candidate's id."""

    def try_out(files: dict[str, str], actor: str = AUTHOR) -> int:
        session.rollback()  # rules are read for seconds, and nothing may be waiting meanwhile
        candidate = start_trial(session, line.rule_book, files, "what would it say", actor).id
        session.commit()
        return candidate

    return try_out


@pytest.fixture
def promote(session: Session, line: Line, try_out) -> Callable[[dict[str, str]], RulePublication]:
    """Try, ask, approve, commit."""

    def promote(files: dict[str, str]) -> RulePublication:
        candidate = try_out(files)
        ask_to_promote(session, line.rule_book, "Better rules.", seen=candidate, actor=AUTHOR)
        row = approve(session, line.rule_book, seen=candidate, actor=APPROVER)
        session.commit()
        return row

    return promote


@pytest.fixture
def compare_now(session: Session, line: Line) -> Callable[[], int]:
    """What the clock's thread does."""
    return lambda: Comparing(line).do_round(session)


@pytest.fixture
def second_process(settings: Settings, app: Flask) -> Iterator[Flask]:
    """Another process of the service, on the same database."""
    other = create_app(settings)
    yield other
    with other.app_context():
        db.engine.dispose()
