"""Texts of flows to publish, and what a second process of the service sees."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app import create_app
from config.settings import Settings
from helpline.flow_book.drafts import find_draft, save_draft
from helpline.flow_book.models import FlowVersion
from helpline.flow_book.publishing import approve, ask_to_publish
from helpline.line import Line
from helpline.store.db import db

AUTHOR, APPROVER = "staff:1", "staff:2"
OLD_HELLO = "Hello. This is the children's helpline. We are here to listen."
NEW_HELLO = "Hello. You have reached us. We have time for you."
NEW_HELLO_ARABIC = "مرحباً. وصلت إلينا. لدينا وقت لك."


def with_new_hello(source: str, words: str = NEW_HELLO, arabic: str = NEW_HELLO_ARABIC) -> str:
    """The welcome flow with first words of its own."""
    return f'{source}\n[sentences.en]\n"welcome.hello" = "{words}"\n\n[sentences.ar]\n"welcome.hello" = "{arabic}"\n'


@pytest.fixture
def shipped_welcome(line: Line) -> str:
    """The welcome flow as it comes with the program."""
    return line.book.shipped.read_source("welcome")


@pytest.fixture
def shipped_version(line: Line) -> int:
    """The number that the shipped welcome flow has; what is published counts on from there."""
    return line.flows.current["welcome"].version


@pytest.fixture
def publish(session: Session, line: Line) -> Callable[..., FlowVersion]:
    """Save a draft, ask, approve where two are needed, commit."""

    def publish(flow: str, source: str, change: str = "New words.") -> FlowVersion:
        before = find_draft(session, flow)
        draft = save_draft(session, flow, source, seen=before and before.id, actor=AUTHOR)
        done = ask_to_publish(session, line.book, flow, change, seen=draft.id, actor=AUTHOR)
        if not isinstance(done, FlowVersion):
            done = approve(session, line.book, flow, seen=draft.id, actor=APPROVER)
        session.commit()
        return done

    return publish


@pytest.fixture
def second_process(settings: Settings, app: Flask) -> Iterator[Flask]:
    """Another process of the service, on the same database."""
    other = create_app(settings)
    yield other
    with other.app_context():
        db.engine.dispose()
