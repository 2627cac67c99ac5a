"""REST: the legs in a conference: ring somebody in, hold, mute, coach, put out."""

from flask import Blueprint, jsonify, request

from helpline.simulator.current import the_line
from helpline.simulator.exchange.calls import DocumentRequest
from helpline.simulator.exchange.conferences import Conference, Participant
from helpline.simulator.exchange.legs import place_call
from helpline.simulator.exchange.line import Line
from helpline.simulator.rest import parameters
from helpline.simulator.rest.conferences import find_conference, start_announcing
from helpline.simulator.rest.errors import CONFERENCE_OVER, LABEL_IN_USE, Refused, not_found
from helpline.simulator.rest.paging import page_of
from helpline.simulator.rest.parameters import check_fields, words, yes
from helpline.simulator.rest.shapes import participant_shape
from helpline.simulator.rest.wanted import new_leg
from helpline.simulator.twiml.execution import Execution
from helpline.simulator.twiml.room import open_conference, stay_in_conference
from helpline.simulator.twiml.verbs import CALL_VERBS
from helpline.simulator.wire.callbacks import CallbackPlan

routes = Blueprint("participants", __name__)


def _find(sid: str, call_sid: str) -> Participant:
    participant = find_conference(the_line(), sid).find(call_sid)
    if participant is None:
        raise not_found(request.path)
    return participant


@routes.post("/Conferences/<sid_or_name>/Participants.json")
def create_participant(sid_or_name: str):
    check_fields(request.form, parameters.CREATE_PARTICIPANT)
    with the_line().lock:
        participant = _new_participant(the_line(), sid_or_name, request.form)
        participant.conference.add(participant, _conference_callback(request.form))
        queued = participant_shape(participant)
    place_call(participant.call, lambda execution: _enter(execution, participant), CALL_VERBS)
    return jsonify(queued), 201


@routes.get("/Conferences/<sid>/Participants.json")
def list_participants(sid: str):
    check_fields(request.args, parameters.LIST_PARTICIPANTS)
    with the_line().lock:
        found = [
            participant
            for participant in find_conference(the_line(), sid).participants
            if yes(request.args, "Muted", participant.muted) == participant.muted
            and yes(request.args, "Hold", participant.hold) == participant.hold
            and yes(request.args, "Coaching", participant.coaching) == participant.coaching
        ]
        return jsonify(page_of(request, "participants", found, participant_shape))


@routes.get("/Conferences/<sid>/Participants/<call_sid>.json")
def read_participant(sid: str, call_sid: str):
    with the_line().lock:
        return jsonify(participant_shape(_find(sid, call_sid)))


@routes.post("/Conferences/<sid>/Participants/<call_sid>.json")
def update_participant(sid: str, call_sid: str):
    check_fields(request.form, parameters.UPDATE_PARTICIPANT)
    with the_line().lock:
        participant = _find(sid, call_sid)
        _update(participant, request.form)
        start_announcing(participant.conference, request.form, only_to=participant)
        return jsonify(participant_shape(participant))


@routes.delete("/Conferences/<sid>/Participants/<call_sid>.json")
def remove_participant(sid: str, call_sid: str):
    with the_line().lock:
        participant = _find(sid, call_sid)
        participant.conference.leave(participant, "participant_updated_via_api", kicked=True)
    return "", 204


def _new_participant(line: Line, sid_or_name: str, form) -> Participant:
    leg = new_leg(line, form)
    conference = _conference_for(line, sid_or_name)
    label = form.get("Label", "")
    if label and conference.find(label):
        raise Refused(400, LABEL_IN_USE, f"Participant label {label} is in use by another participant")
    if form.get("AmdStatusCallback"):
        leg.machine_callback = CallbackPlan(form["AmdStatusCallback"], frozenset({"amd"}))
    return Participant(
        leg,
        conference,
        label=label,
        muted=yes(form, "Muted", False),
        coaching=yes(form, "Coaching", False),
        coached_call_sid=form.get("CallSidToCoach") or None,
        start_on_enter=yes(form, "StartConferenceOnEnter", True),
        end_on_exit=yes(form, "EndConferenceOnExit", False),
        beep=form.get("Beep") or "true",
        wait_document=_document(form, "Wait"),
    )


def _conference_for(line: Line, sid_or_name: str) -> Conference:
    if not sid_or_name.startswith("CF"):
        return open_conference(line, sid_or_name)
    conference = find_conference(line, sid_or_name)
    if conference.status == "completed":
        raise Refused(400, CONFERENCE_OVER, "Conference does not exist or is completed")
    return conference


def _conference_callback(form) -> CallbackPlan | None:
    if not form.get("ConferenceStatusCallback"):
        return None
    events = words(form, "ConferenceStatusCallbackEvent", "start end")
    method = form.get("ConferenceStatusCallbackMethod", "POST")
    return CallbackPlan(form["ConferenceStatusCallback"], events, method)


def _document(form, name: str) -> DocumentRequest | None:
    if not form.get(f"{name}Url"):
        return None
    return DocumentRequest(form[f"{name}Url"], form.get(f"{name}Method", "POST"))


def _enter(execution: Execution, participant: Participant) -> None:
    """The leg was answered: into the room, if it still stands."""
    with participant.call.line.lock:
        if participant.left_because:
            return
        participant.conference.join(participant)
    stay_in_conference(execution, participant)


def _update(participant: Participant, form) -> None:
    """Change a leg's part in the conference; each change is an event of its own."""
    conference = participant.conference
    participant.hold_document = _document(form, "Hold") or participant.hold_document
    participant.wait_document = _document(form, "Wait") or participant.wait_document
    for name, attribute, event in (("Muted", "muted", "mute"), ("Hold", "hold", "hold")):
        if form.get(name) and yes(form, name, False) != getattr(participant, attribute):
            setattr(participant, attribute, yes(form, name, False))
            prefix = "" if yes(form, name, False) else "un"
            conference.tell(f"participant-{prefix}{event}", participant)
    before = (participant.end_on_exit, participant.coaching, participant.coached_call_sid)
    participant.end_on_exit = yes(form, "EndConferenceOnExit", participant.end_on_exit)
    participant.coaching = yes(form, "Coaching", participant.coaching)
    participant.coached_call_sid = form.get("CallSidToCoach") or participant.coached_call_sid
    if before != (participant.end_on_exit, participant.coaching, participant.coached_call_sid):
        conference.tell("participant-modify", participant)
    conference.wake_everyone()
