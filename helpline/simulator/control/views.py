"""Calls, phones and texts as the pages, scripts and tests read them."""

from helpline.simulator.exchange.calls import Call, Heard
from helpline.simulator.exchange.line import Line
from helpline.simulator.exchange.messages import WHATSAPP, Message, bare_number


def view_call(call: Call) -> dict:
    """One leg with all that was heard on it."""
    participant = call.participant
    in_room = participant is not None and participant.joined_at is not None
    return {
        "sid": call.sid,
        "status": call.status,
        "direction": call.direction,
        "from": call.from_number,
        "to": call.to_number,
        "person": call.person,
        "parent_sid": call.parent_sid,
        "in_conference": participant.conference.friendly_name if in_room else None,
        "with": [other.call.person for other in _others(call)] if in_room else [],
        "in_queue": call.place.queue.friendly_name if call.place else None,
        "on_hold": in_room and participant.hold,
        "muted": in_room and participant.muted,
        "coaching": in_room and participant.coaching,
        "label": participant.label if participant else "",
        "bridged_to": call.bridged_to.sid if call.bridged_to else None,
        "listening": _view_listening(call),
        "end_reason": call.end_reason,
        "created_at": call.created_at.isoformat(),
        "heard": [view_heard(heard) for heard in call.heard],
        "said": [view_heard(said) for said in call.said],
        "log": [{"at": at.isoformat(), "text": text} for at, text in call.notes],
    }


def _others(call: Call) -> list:
    return [other for other in call.participant.conference.joined if other is not call.participant]


def _view_listening(call: Call) -> dict | None:
    ears = call.listening
    if ears is None:
        return None
    return {"keys": ears.takes_keys, "speech": ears.takes_speech, "digits": ears.digits_wanted}


def view_heard(heard: Heard) -> dict:
    """One thing that was heard."""
    return {
        "kind": heard.kind,
        "text": heard.text,
        "language": heard.language,
        "voice": heard.voice,
        "speaker": heard.speaker,
        "at": heard.at.isoformat(),
    }


def view_message(message: Message) -> dict:
    """One text."""
    return {
        "sid": message.sid,
        "from": message.from_number,
        "to": message.to_number,
        "body": message.body,
        "status": message.status,
        "error_code": message.error_code,
        "media": list(message.media),
        "whatsapp": message.from_number.startswith(WHATSAPP),
        "direction": message.direction,
        "at": message.created_at.isoformat(),
    }


def view_phone(line: Line, number: str) -> dict:
    """One phone: what it does when it rings, its calls (newest first) and its texts. Call under the lock."""
    behaviour = line.behaviour_of(number)
    return {
        "number": number,
        "behaviour": behaviour.kind,
        "after_s": behaviour.after_s,
        "calls": [view_call(call) for call in reversed(line.calls.values()) if call.person == number],
        "text_fault": line.text_faults.get(number, 0),
        "messages": messages_with(line, number),
    }


def messages_with(line: Line, number: str | None) -> list[dict]:
    """The texts to and from one phone, or all. Call under the lock."""
    return [
        view_message(message)
        for message in line.messages
        if number in (None, "", bare_number(message.from_number), bare_number(message.to_number))
    ]
