"""Sentences as a person recorded them, for the telephone company to play. They hold nothing of any child's."""

from flask import Blueprint, Response, abort, send_from_directory

from helpline.webhooks.guard import open_to_whoever_plays, the_line
from ivr_flows.shelf import PACKAGE, RECORDINGS

recordings = Blueprint("recordings", __name__)

# Named by what it holds, so a copy is good for ever.
A_YEAR_S = 365 * 24 * 3600


@recordings.get("/recordings/<address>")
@open_to_whoever_plays
def recording(address: str) -> Response:
    """One recorded sentence by its checksum; 404 where no sentence is heard as it."""
    found = the_line().flows.find_recording(address)
    if found is None:
        abort(404)
    sound = send_from_directory(PACKAGE / RECORDINGS, found.file, max_age=A_YEAR_S)
    sound.cache_control.public, sound.cache_control.immutable = True, True
    return sound
