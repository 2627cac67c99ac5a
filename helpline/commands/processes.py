"""Commands that run until they are told to stop: worker, clock, simulator."""

import signal

import click
from flask import current_app
from flask.cli import with_appcontext

from helpline.jobs.clock import Clock
from helpline.jobs.worker import run_worker


@click.command("work")
@with_appcontext
def work() -> None:
    """Do owed work: ring phones, bring callers, send texts. One worker; start as many as you like."""
    run_worker(current_app._get_current_object())


@click.command("clock")
@with_appcontext
def clock() -> None:
    """Fire timers, offer waiting contacts, sweep. Several may run; each tick's work is done once."""
    ticking = Clock(current_app._get_current_object())
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: ticking.stop())
    ticking.run()
