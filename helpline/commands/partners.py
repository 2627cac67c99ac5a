"""Commands about partners and hand-offs: the directory, their PINs, and one hand-off's story."""

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select

from helpline.audit.record import record_act
from helpline.commands.output import as_json, show
from helpline.handoff.models import Handoff
from helpline.handoff.views import view_handoff
from helpline.line import Line
from helpline.outbox.bell import commit
from helpline.partners.directory import describe_partner, list_ready_keys
from helpline.partners.pins import PinNotUsable
from helpline.partners.pins import set_pin as keep_pin
from helpline.store.db import db
from helpline.store.types import utc_now

ACTOR = "operator"


@click.group("partners")
def partners() -> None:
    """Who takes over a child we hand on."""


@partners.command("list")
@as_json
@with_appcontext
def list_partners(as_json: bool) -> None:
    """The directory: who is open now, and who has a PIN that works."""
    line: Line = current_app.extensions["helpline"]
    ready, now = list_ready_keys(db.session()), utc_now()
    facts = [describe_partner(partner, now, ready) for partner in line.partners.values()]
    show(facts, as_json, lambda: [_describe(partner) for partner in facts] or ["There is no partner."])


def _describe(partner: dict) -> str:
    is_open = "open" if partner["open"] else "closed"
    pin = "PIN set" if partner["pin_ready"] else "NO PIN"
    return f"{partner['key']:26} {partner['kind']:16} {is_open:6} {pin:7} {partner['number']}  {partner['name']['en']}"


@partners.command("set-pin")
@click.argument("partner")
@click.option("--pin", required=True, help="Four to eight digits, told to the desk by another way than this.")
@as_json
@with_appcontext
def set_pin(partner: str, pin: str, as_json: bool) -> None:
    """Give a partner's desk its PIN. Only a hash of it is kept; an earlier PIN ends."""
    line: Line = current_app.extensions["helpline"]
    if partner not in line.partners:
        raise click.ClickException(f"there is no partner {partner!r}; see `partners list`")
    try:
        keep_pin(db.session(), partner, pin, ACTOR)
    except PinNotUsable as error:
        raise click.BadParameter(str(error), param_hint="--pin") from error
    commit(db.session(), line.bell)
    show({"partner": partner, "pin_ready": True}, as_json, lambda: [f"{partner} has a new PIN."])


@click.group("handoffs")
def handoffs() -> None:
    """Children on their way to a partner."""


@handoffs.command("show")
@click.argument("ref")
@as_json
@with_appcontext
def show_handoff(ref: str, as_json: bool) -> None:
    """The whole story of one hand-off, such as H-7K3F-QD. The look is on record."""
    line: Line = current_app.extensions["helpline"]
    session = db.session()
    handoff = session.scalars(select(Handoff).where(Handoff.ref == ref.upper())).one_or_none()
    if handoff is None:
        raise click.ClickException("there is no such hand-off")
    record_act(session, actor=ACTOR, action="handoff.read", subject=f"handoff:{handoff.ref}")
    facts = view_handoff(session, line, handoff)
    commit(session, line.bell)
    show(facts, as_json, lambda: _tell(facts))


def _tell(facts: dict) -> list[str]:
    head = f"{facts['ref']} · {facts['workflow']} · {facts['state']} ({facts['phase']}) · {facts['responsible']}"
    clocks = [f"{timer['due_at']} {timer['kind']}" for timer in facts["timers"]]
    events = [
        f"{event['seq']:3} {event['at']} {event['kind']:20} {event['actor']:28} {event['detail']}"
        for event in facts["events"]
    ]
    return [head, f"owner: {facts['owner']['name']}", *clocks, *events]
