"""Commands that show records: the queue, a contact's story, work owed."""

from uuid import UUID

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from helpline.audit.record import record_act
from helpline.commands.output import as_json, show
from helpline.contacts.events import list_events
from helpline.contacts.models import Contact
from helpline.floor import view_queue
from helpline.line import Line
from helpline.outbox.bell import commit
from helpline.outbox.models import OwedWork
from helpline.outbox.owed import replay_parked
from helpline.store.db import db

SHOWN_WORK = 100


@click.group("queue")
def queue() -> None:
    """The live queue."""


@queue.command("list")
@as_json
@with_appcontext
def list_queue(as_json: bool) -> None:
    """Who waits, in the order they will be served."""
    facts = view_queue(db.session(), current_app.extensions["helpline"])
    lines = [
        f"{entry['risk']['level']:9} {entry['channel']:5} {entry['language']:3} {entry['waited_s']:6.0f}s "
        f"{entry['state']:10} {entry['contact_id']}"
        for entry in facts["entries"]
    ]
    show(facts, as_json, lambda: lines or ["Nobody is waiting."])


@click.group("contacts")
def contacts() -> None:
    """Calls and conversations."""


@contacts.command("show")
@click.argument("contact_id", type=click.UUID)
@as_json
@with_appcontext
def show_contact(contact_id: UUID, as_json: bool) -> None:
    """The whole story of one contact. The look is on record."""
    session = db.session()
    contact = session.get(Contact, contact_id)
    if contact is None:
        raise click.ClickException("there is no such contact")
    record_act(session, actor="operator", action="contact.read", subject=f"contact:{contact.id}")
    events = list_events(session, contact.id)
    facts = {
        "contact_id": contact.id,
        "channel": contact.channel,
        "state": contact.state,
        "outcome": contact.outcome,
        "level": contact.level,
        "events": [
            {"at": event.at, "kind": event.kind, "actor": event.actor, "detail": event.detail} for event in events
        ],
    }
    commit(session, current_app.extensions["helpline"].bell)
    show(facts, as_json, lambda: _tell(facts))


def _tell(facts: dict) -> list[str]:
    head = f"{facts['channel']} · {facts['state']} · {facts['outcome'] or 'open'} · {facts['level']}"
    return [head] + [f"{e['at']:%H:%M:%S} {e['kind']:24} {e['actor']:10} {e['detail']}" for e in facts["events"]]


@click.group("outbox")
def outbox() -> None:
    """Work owed to the outside."""


@outbox.command("list")
@as_json
@with_appcontext
def list_work(as_json: bool) -> None:
    """Work that is open or parked, oldest first."""
    query = select(OwedWork).where(OwedWork.done_at.is_(None)).order_by(OwedWork.due_at).limit(SHOWN_WORK)
    facts = [
        {
            "id": work.id,
            "kind": work.kind,
            "subject": work.subject,
            "due_at": work.due_at,
            "attempts": work.attempts,
            "parked": work.parked_at is not None,
            "fault": work.fault,
        }
        for work in db.session.scalars(query)
    ]
    show(facts, as_json, lambda: [_describe(work) for work in facts] or ["Nothing is owed."])


def _describe(work: dict) -> str:
    state = "parked" if work["parked"] else "open"
    return f"{work['id']:6} {work['kind']:20} {state:6} {work['attempts']} {work['fault'] or ''}"


@outbox.command("replay")
@click.argument("work_id", type=int)
@with_appcontext
def replay(work_id: int) -> None:
    """Open parked work again."""
    line: Line = current_app.extensions["helpline"]
    session = db.session()
    if not replay_parked(session, work_id):
        raise click.ClickException("there is no parked work with this number")
    record_act(session, actor="operator", action="work.replayed", subject=f"work:{work_id}")
    commit(session, line.bell)
    click.echo("It is open again.")
