"""`staff create`: accounts."""

import click
from flask import current_app
from flask.cli import with_appcontext

from helpline.commands.output import as_json, show
from helpline.line import Line
from helpline.outbox.bell import commit
from helpline.staff.accounts import AccountExists, create_staff
from helpline.staff.credentials import new_credentials
from helpline.staff.models import ROLES
from helpline.staff.tokens import issue_token
from helpline.store.db import db
from helpline.telephony.numbers import NumberNotUsable, normalise_number

ACTOR = "operator"


@click.group("staff")
def staff() -> None:
    """Accounts of those who answer and those who watch."""


@staff.command("create")
@click.option("--email", required=True, help="The address to sign in with.")
@click.option("--role", required=True, type=click.Choice(ROLES))
@click.option("--name", help="How colleagues call this person; the address' first part if not given.")
@click.option("--languages", default="ar,en", show_default=True, help="Comma-separated, such as ar,en.")
@click.option("--device", help="Where calls reach this person: phone:+974…")
@click.option("--gender", type=click.Choice(["woman", "man"]), help="For a child's wish for a woman or a man.")
@click.option("--on-call", is_flag=True, help="Is rung when a child in danger finds nobody free.")
@click.option("--token", is_flag=True, help="Also print a token for the JSON API, once.")
@as_json
@with_appcontext
def create(
    email: str,
    role: str,
    name: str | None,
    languages: str,
    device: str | None,
    gender: str | None,
    on_call: bool,
    token: bool,
    as_json: bool,
) -> None:
    """Create an account. Its password and authenticator key are printed once and kept nowhere in clear."""
    line: Line = current_app.extensions["helpline"]
    session, credentials = db.session(), new_credentials()
    try:
        person = create_staff(
            session,
            line.keys,
            email=email,
            name=name or email.partition("@")[0],
            role=role,
            languages=[code.strip() for code in languages.split(",") if code.strip()],
            device_number=_read_device(device, line.helpline.helpline.country),
            gender=gender,
            on_call=on_call,
            password_hash=credentials.password_hash,
            totp_secret=credentials.totp_sealed,
            actor=ACTOR,
        )
    except AccountExists as error:
        raise click.ClickException(f"there is an account for {email} already") from error
    facts = {"id": person.id, "email": person.email, "role": role, "password": credentials.password}
    facts["authenticator_key"] = credentials.totp_key
    if token:
        facts["token"] = issue_token(session, person, ACTOR)
    commit(session, line.bell)
    show(facts, as_json, lambda: [f"{fact}: {value}" for fact, value in facts.items()])


def _read_device(device: str | None, country: str) -> str | None:
    if device is None:
        return None
    kind, _, number = device.partition(":")
    if kind != "phone":
        raise click.BadParameter("must be like phone:+97455000123", param_hint="--device")
    try:
        return normalise_number(number, country)
    except NumberNotUsable as error:
        raise click.BadParameter(str(error), param_hint="--device") from error
