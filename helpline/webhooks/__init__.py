"""The telephone company's webhooks: verify, read, let intake do it, commit, answer."""

from flask import Flask

from helpline.webhooks.call_back import call_back
from helpline.webhooks.desk import desk
from helpline.webhooks.paging import paging
from helpline.webhooks.recordings import recordings
from helpline.webhooks.sms import sms
from helpline.webhooks.status import status
from helpline.webhooks.voice import voice


def register(app: Flask) -> None:
    """Add the webhook routes."""
    for blueprint in (voice, paging, desk, call_back, recordings, status, sms):
        app.register_blueprint(blueprint)
