"""`demo load`: the demonstration helpline's people, with credentials of their own on each machine."""

import json
import os
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpline.line import Line
from helpline.outbox.bell import commit
from helpline.partners.pins import set_pin
from helpline.staff.accounts import create_staff, find_by_email
from helpline.staff.credentials import new_credentials
from helpline.staff.models import Staff
from helpline.store.db import db
from helpline.telephony.fallback import render_static

ACTOR = "operator"
DEMO_DOMAIN = "@helpline.example"

# Numbers with +974 5500 are made up for the demonstration.
PEOPLE = (
    {
        "email": "counsellor@helpline.example",
        "name": "Counsellor One",
        "role": "counsellor",
        "languages": ("ar", "en"),
        "device": "+97455000101",
        "gender": "woman",
        "on_call": False,
    },
    {
        "email": "counsellor2@helpline.example",
        "name": "Counsellor Two",
        "role": "counsellor",
        "languages": ("ar", "en"),
        "device": "+97455000102",
        "gender": "man",
        "on_call": False,
    },
    {
        "email": "lead@helpline.example",
        "name": "Shift Lead",
        "role": "shift_lead",
        "languages": ("ar", "en"),
        "device": "+97455000901",
        "gender": "woman",
        "on_call": True,
    },
    {
        "email": "administrator@helpline.example",
        "name": "Administrator",
        "role": "administrator",
        "languages": ("ar", "en"),
        "device": "+97455000201",
        "gender": None,
        "on_call": False,
    },
)
PINS = {"community_police_north": "4711", "community_police_south": "4712", "police_operations_room": "4713"}
# Of every partner that is written to and not rung.
LETTERS_PIN = "2468"


@click.group("demo")
def demo() -> None:
    """The demonstration helpline."""


@demo.command("load")
@with_appcontext
def load() -> None:
    """Create the demonstration's people and PINs once; write their sign-ins and the fallback for the simulator."""
    line: Line = current_app.extensions["helpline"]
    path = line.settings.simulator_phonebook
    if path is None:
        raise click.UsageError("SIMULATOR_PHONEBOOK is not set: there is nowhere to write the sign-ins to")
    if line.settings.simulator_fallback:
        _write_private(line.settings.simulator_fallback, render_static(line.helpline, line.speaker))
    session = db.session()
    if real := session.scalars(select(Staff.id).where(Staff.email.not_like(f"%{DEMO_DOMAIN}")).limit(1)).first():
        raise click.ClickException(
            f"this is a real helpline's database (staff {real}); the demonstration stays out of it"
        )
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
    if known and all(find_by_email(session, person["email"]) for person in known["staff"]):
        click.echo("The demonstration helpline is there already.")
        return
    phonebook = _load_people(session, line)
    commit(session, line.bell)
    _write_private(path, json.dumps(phonebook, ensure_ascii=False, indent=2))
    click.echo("The demonstration helpline is loaded.")


def _load_people(session: Session, line: Line) -> dict:
    staff = [_load_person(session, line, person) for person in PEOPLE]
    for partner, pin in PINS.items():
        set_pin(session, partner, pin, ACTOR)
    for partner in line.partners.values():
        if partner.number is None:
            set_pin(session, partner.key, LETTERS_PIN, ACTOR)
    known = {"helpline_number": line.helpline.numbers.caller_id, "letters_pin": LETTERS_PIN}
    return known | {"staff": staff, "desks": _list_desks(line)}


def _load_person(session: Session, line: Line, person: dict) -> dict:
    credentials = new_credentials()
    account = find_by_email(session, person["email"])
    if account is None:
        create_staff(
            session,
            line.keys,
            email=person["email"],
            name=person["name"],
            role=person["role"],
            languages=person["languages"],
            device_number=person["device"],
            gender=person["gender"],
            on_call=person["on_call"],
            password_hash=credentials.password_hash,
            totp_secret=credentials.totp_sealed,
            actor=ACTOR,
        )
    else:  # the file of sign-ins was lost: new ones, since nobody can read the old
        account.password, account.tf_totp_secret = credentials.password_hash, credentials.totp_sealed
    return {
        "role": person["role"],
        "email": person["email"],
        "password": credentials.password,
        "device": f"phone:{person['device']}",
        "totp_secret": credentials.totp_key,
    }


def _list_desks(line: Line) -> list[dict]:
    return [
        {"name": partner.name["en"], "number": partner.number, "pin": PINS[key]}
        for key, partner in line.partners.items()
        if key in PINS
    ]


def _write_private(path: Path, content: str) -> None:
    # Readable by its owner only, and never half written: the simulator reads it while it is being made.
    unfinished = path.with_suffix(".new")
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(content)
    unfinished.replace(path)
