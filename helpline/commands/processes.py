"""Commands that run until they are told to stop: worker, clock, simulator."""

import signal
from pathlib import Path

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


@click.group("simulator", invoke_without_command=True)
@click.pass_context
@with_appcontext
def simulator(context: click.Context) -> None:
    """The phone line without Twilio: run it, or let scripted callers call."""
    if context.invoked_subcommand is None:
        # Stands apart from the service, and is imported by nothing of it but this command.
        from helpline.simulator import serve

        serve(current_app.extensions["helpline"].settings)


@simulator.command("call")
@click.option("--script", required=True, type=click.Path(exists=True, path_type=Path), help="The callers, as TOML.")
@with_appcontext
def call(script: Path) -> None:
    """Play scripted callers against the running simulator. Exits with 1 when the story went otherwise."""
    from helpline.simulator.script import play

    port = current_app.extensions["helpline"].settings.simulator_port
    raise SystemExit(play(script, f"http://127.0.0.1:{port}", click.echo))
