"""Staying in a conference: the part of a call's thread that waits in the room, and the music it may hear."""

from urllib.parse import urljoin

from helpline.simulator.exchange.calls import CallEnded, DocumentRequest, Heard, NewInstructions, WaitIsOver
from helpline.simulator.exchange.conferences import Conference, Participant
from helpline.simulator.exchange.line import Line
from helpline.simulator.twiml.document import Verb
from helpline.simulator.twiml.execution import DocumentFailed, Execution
from helpline.simulator.twiml.verbs_flow import redirect
from helpline.simulator.twiml.verbs_speech import PROMPTS
from helpline.simulator.wire.callbacks import CallbackPlan

MUSIC_VERBS = {**PROMPTS, "Redirect": redirect}
DEFAULT_EVENTS = "start end"


def open_conference(line: Line, friendly_name: str) -> Conference:
    """The conference of that name that has not ended, or a new one. The caller holds the line's lock."""
    for conference in line.conferences:
        if conference.friendly_name == friendly_name and conference.status != "completed":
            return conference
    conference = Conference(line, friendly_name)
    line.conferences.append(conference)
    return conference


def enter_conference(execution: Execution, noun: Verb, leave_on_star: bool) -> dict[str, str]:
    """Join the conference that a <Conference> names and stay until released."""
    call = execution.call
    with call.line.lock:
        conference = open_conference(call.line, noun.text)
        participant = _participant(execution, conference, noun)
        conference.add(participant, _callback(execution, noun))
        conference.join(participant)
    stay_in_conference(execution, participant, leave_on_star)
    return {"DialCallStatus": "answered", "DialBridged": "true"}


def _participant(execution: Execution, conference: Conference, noun: Verb) -> Participant:
    wait_document = None
    if noun.get("waitUrl"):
        wait_document = execution.leading_to(noun, noun.get("waitMethod", "POST").upper(), noun.get("waitUrl"))
    return Participant(
        execution.call,
        conference,
        label=noun.get("participantLabel"),
        muted=noun.yes("muted"),
        coaching=bool(noun.get("coach")),
        coached_call_sid=noun.get("coach") or None,
        start_on_enter=noun.yes("startConferenceOnEnter", default=True),
        end_on_exit=noun.yes("endConferenceOnExit"),
        beep=noun.get("beep", "true"),
        wait_document=wait_document,
    )


def _callback(execution: Execution, noun: Verb) -> CallbackPlan | None:
    if not noun.get("statusCallback"):
        return None
    url = urljoin(execution.document_url, noun.get("statusCallback"))
    events = frozenset(noun.get("statusCallbackEvent", DEFAULT_EVENTS).split())
    return CallbackPlan(url, events, noun.get("statusCallbackMethod", "POST").upper())


def stay_in_conference(execution: Execution, participant: Participant, leave_on_star: bool = False) -> None:
    """Wait in the room until released; leaving by hanging up or by new instructions tells the others."""
    call = participant.call
    call.note(f"joined conference {participant.conference.friendly_name}")
    try:
        while not participant.left_because:
            _wait_in_room(execution, participant, leave_on_star)
    except CallEnded:
        _leave(participant, "participant_hung_up")
        raise
    except NewInstructions:
        _leave(participant, "participant_updated_via_api")
        raise
    finally:
        call.note(f"left conference {participant.conference.friendly_name}: {participant.left_because}")


def _leave(participant: Participant, reason: str) -> None:
    with participant.call.line.lock:
        participant.conference.leave(participant, reason)


def _wait_in_room(execution: Execution, participant: Participant, leave_on_star: bool) -> None:
    """One stretch of the same kind of waiting: talking, on hold, or before the conference begins."""
    why = participant.waits_for()

    def something_changed() -> bool:
        return bool(participant.left_because) or participant.waits_for() != why

    if leave_on_star and participant.call.pressed_star:
        _leave(participant, "participant_hung_up")
    elif why is None:
        participant.call.wait(None, lambda: something_changed() or (leave_on_star and participant.call.pressed_star))
    else:
        _hear_music(execution, participant, why, something_changed)


def _hear_music(execution: Execution, participant: Participant, why: str, something_changed) -> None:
    document = participant.hold_document if why == "hold" else participant.wait_document
    music = execution.waiting(MUSIC_VERBS, something_changed)
    try:
        if document is None:
            music.play(Heard("music", "hold music"), None)
        while True:
            _play_document(music, document)
    except WaitIsOver:
        return


def _play_document(music: Execution, document: DocumentRequest) -> None:
    try:
        music.run(document)
    except DocumentFailed as failure:
        music.call.note(f"no music: {failure}")
        music.pause(None)
    music.pause(1)  # a short breath between two rounds, and a bound on how often the service is asked
