"""Scripts and styles of the console."""

from pathlib import Path

from flask import Blueprint, Response, abort, current_app, send_file, send_from_directory

from helpline.console.guard import open_to_everyone
from helpline.console.headers import add_static_headers

static_files = Blueprint("static_files", __name__)
static_files.after_request(add_static_headers)

FILES = Path(__file__).parent / "static"
# Where `make softphone` puts the telephone company's program for the browser. It is never part of this project.
SOFTPHONE_SDK = Path(__file__).parents[2] / "requirements/softphone/node_modules/@twilio/voice-sdk/dist/twilio.min.js"


@static_files.get("/assets/<path:name>")
@open_to_everyone
def asset(name: str) -> Response:
    """A file of ours, asked after each time so that a new version is seen at once."""
    return send_from_directory(FILES, name)


@static_files.get("/assets/softphone/twilio.min.js")
@open_to_everyone
def softphone_sdk() -> Response:
    """The installed program that makes a browser a telephone; 404 where it is not installed."""
    program: Path = current_app.extensions["softphone_sdk"]
    return send_file(program) if program.is_file() else abort(404)
