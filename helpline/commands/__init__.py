"""The command line, `flask --app app ...`: what operators do and ask without a browser."""

from flask import Flask

from helpline.commands.processes import clock, work


def register(app: Flask) -> None:
    """Add the commands."""
    for command in (work, clock):
        app.cli.add_command(command)
