"""Scripts and styles of the console."""

from pathlib import Path

from flask import Blueprint, Response, send_from_directory

from helpline.console.guard import open_to_everyone
from helpline.console.headers import add_static_headers

static_files = Blueprint("static_files", __name__)
static_files.after_request(add_static_headers)

FILES = Path(__file__).parent / "static"


@static_files.get("/assets/<path:name>")
@open_to_everyone
def asset(name: str) -> Response:
    """A file of ours, asked after each time so that a new version is seen at once."""
    return send_from_directory(FILES, name)
