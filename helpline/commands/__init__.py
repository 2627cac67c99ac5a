"""The command line, `flask --app app ...`: what operators do and ask without a browser."""

from flask import Flask

from helpline.commands.checks import audit, config, doctor, fallback
from helpline.commands.demo import demo
from helpline.commands.flow_versions import flows
from helpline.commands.hours import hours
from helpline.commands.partners import handoffs, partners
from helpline.commands.processes import clock, simulator, work
from helpline.commands.records import contacts, outbox, queue
from helpline.commands.staff import staff
from helpline.commands.survey import survey
from helpline.commands.switches import outage, surge
from helpline.commands.triage_trials import triage

COMMANDS = (
    audit,
    clock,
    config,
    contacts,
    demo,
    doctor,
    fallback,
    flows,
    handoffs,
    hours,
    outage,
    outbox,
    partners,
    queue,
    simulator,
    staff,
    surge,
    survey,
    triage,
    work,
)


def register(app: Flask) -> None:
    """Add the commands."""
    for command in COMMANDS:
        app.cli.add_command(command)
