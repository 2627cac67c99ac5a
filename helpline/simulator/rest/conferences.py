"""REST: conferences."""

import threading

from flask import Blueprint, jsonify, request

from helpline.simulator.current import the_line
from helpline.simulator.exchange.conferences import Conference
from helpline.simulator.exchange.line import Line
from helpline.simulator.rest import parameters
from helpline.simulator.rest.errors import not_found
from helpline.simulator.rest.paging import on_the_days, page_of
from helpline.simulator.rest.parameters import check_fields
from helpline.simulator.rest.shapes import conference_shape
from helpline.simulator.twiml.announcements import announce


def find_conference(line: Line, sid: str) -> Conference:
    """A conference by identifier; raises Refused. The caller holds the line's lock."""
    for conference in line.conferences:
        if conference.sid == sid:
            return conference
    raise not_found(request.path)


def start_announcing(conference: Conference, form, only_to=None) -> None:
    """Play the announcement that a form asks for, in a thread of its own."""
    if form.get("AnnounceUrl"):
        details = (conference, form["AnnounceUrl"], form.get("AnnounceMethod", "POST"), only_to)
        threading.Thread(target=announce, args=details, daemon=True).start()


routes = Blueprint("conferences", __name__)


@routes.get("/Conferences.json")
def list_conferences():
    check_fields(request.args, parameters.LIST_CONFERENCES)
    created, updated = on_the_days(request, "DateCreated"), on_the_days(request, "DateUpdated")
    name, status = request.args.get("FriendlyName"), request.args.get("Status")
    with the_line().lock:
        found = [
            conference
            for conference in reversed(the_line().conferences)
            if name in (None, "", conference.friendly_name)
            and status in (None, "", conference.status)
            and created(conference.created_at)
            and updated(conference.updated_at)
        ]
        return jsonify(page_of(request, "conferences", found, conference_shape))


@routes.get("/Conferences/<sid>.json")
def read_conference(sid: str):
    with the_line().lock:
        return jsonify(conference_shape(find_conference(the_line(), sid)))


@routes.post("/Conferences/<sid>.json")
def update_conference(sid: str):
    check_fields(request.form, parameters.UPDATE_CONFERENCE)
    with the_line().lock:
        conference = find_conference(the_line(), sid)
        start_announcing(conference, request.form)
        if request.form.get("Status") == "completed":
            conference.end("conference-ended-via-api", "conference_ended_via_api")
        return jsonify(conference_shape(conference))
