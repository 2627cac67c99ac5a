"""The one line of this process and its phonebook, for views that a request reaches."""

from pathlib import Path

from flask import Flask, current_app

from helpline.simulator.exchange.line import Line
from helpline.simulator.mailbox import Mailbox
from helpline.simulator.phonebook import Phonebook, load_phonebook

_LINE, _PHONEBOOK = "phone_line", "phonebook_path"
_MAILBOX = "mailbox"


def keep(app: Flask, line: Line, phonebook_path: Path | None) -> None:
    """Let the application's views find the line and the phonebook."""
    app.extensions[_LINE], app.extensions[_PHONEBOOK] = line, phonebook_path
    app.extensions[_MAILBOX] = Mailbox()


def the_line() -> Line:
    """The line that this application serves."""
    return current_app.extensions[_LINE]


def the_mailbox(app: Flask | None = None) -> Mailbox:
    """The letters that this process has taken."""
    return (app or current_app).extensions[_MAILBOX]


def the_phonebook() -> Phonebook:
    """The phonebook as it stands now; a demonstration may have been loaded meanwhile."""
    return load_phonebook(current_app.extensions[_PHONEBOOK])
