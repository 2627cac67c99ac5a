"""Calls, queues, conferences and texts in the JSON form that Twilio gives them."""

from helpline.simulator.account import API_VERSION
from helpline.simulator.exchange.calls import Call
from helpline.simulator.exchange.conferences import Conference, Participant
from helpline.simulator.exchange.line import Line
from helpline.simulator.exchange.messages import Message, count_segments
from helpline.simulator.exchange.queues import Place, WaitingQueue
from helpline.simulator.moments import rfc_2822, seconds_between

_CALL_PARTS = {
    "notifications": "Notifications",
    "recordings": "Recordings",
    "payments": "Payments",
    "events": "Events",
    "siprec": "Siprec",
    "streams": "Streams",
    "transcriptions": "Transcriptions",
    "user_defined_message_subscriptions": "UserDefinedMessageSubscriptions",
    "user_defined_messages": "UserDefinedMessages",
}


def call_shape(call: Call) -> dict:
    """One call."""
    path = f"{call.line.account.path}/Calls/{call.sid}"
    return {
        "sid": call.sid,
        "date_created": rfc_2822(call.created_at),
        "date_updated": rfc_2822(call.updated_at),
        "parent_call_sid": call.parent_sid,
        "account_sid": call.line.account.sid,
        "to": call.to_number,
        "to_formatted": call.to_number,
        "from": call.from_number,
        "from_formatted": call.from_number,
        "phone_number_sid": call.line.number_sid,
        "status": call.status,
        "start_time": rfc_2822(call.answered_at or call.created_at),
        "end_time": rfc_2822(call.ended_at),
        "duration": str(seconds_between(call.answered_at, call.ended_at)) if call.ended_at else None,
        "price": None,
        "price_unit": "USD",
        "direction": call.direction,
        "answered_by": call.answered_by,
        "api_version": API_VERSION,
        "forwarded_from": None,
        "group_sid": None,
        "caller_name": None,
        "queue_time": "0",
        "trunk_sid": None,
        "uri": f"{path}.json",
        "subresource_uris": {name: f"{path}/{part}.json" for name, part in _CALL_PARTS.items()},
    }


def queue_shape(line: Line, queue: WaitingQueue) -> dict:
    """One queue."""
    path = f"{line.account.path}/Queues/{queue.sid}"
    return {
        "sid": queue.sid,
        "account_sid": line.account.sid,
        "friendly_name": queue.friendly_name,
        "current_size": len(queue.waiting),
        "average_wait_time": queue.average_wait_s,
        "max_size": queue.max_size,
        "date_created": rfc_2822(queue.created_at),
        "date_updated": rfc_2822(queue.updated_at),
        "uri": f"{path}.json",
        "subresource_uris": {"members": f"{path}/Members.json"},
    }


def member_shape(place: Place) -> dict:
    """One call waiting in a queue."""
    path = f"{place.call.line.account.path}/Queues/{place.queue.sid}/Members/{place.call.sid}.json"
    return {
        "queue_sid": place.queue.sid,
        "call_sid": place.call.sid,
        "date_enqueued": rfc_2822(place.joined_at),
        "position": place.queue.position(place),
        "wait_time": place.waited_s,
        "uri": path,
    }


def conference_shape(conference: Conference) -> dict:
    """One conference."""
    account = conference.line.account
    path = f"{account.path}/Conferences/{conference.sid}"
    return {
        "sid": conference.sid,
        "account_sid": account.sid,
        "api_version": API_VERSION,
        "friendly_name": conference.friendly_name,
        "region": "us1",
        "status": conference.status,
        "date_created": rfc_2822(conference.created_at),
        "date_updated": rfc_2822(conference.updated_at),
        "reason_conference_ended": conference.reason_ended,
        "call_sid_ending_conference": conference.call_sid_ending,
        "uri": f"{path}.json",
        "subresource_uris": {"participants": f"{path}/Participants.json", "recordings": f"{path}/Recordings.json"},
    }


def participant_shape(participant: Participant) -> dict:
    """One leg in a conference."""
    conference, account = participant.conference, participant.call.line.account
    return {
        "call_sid": participant.call.sid,
        "conference_sid": conference.sid,
        "account_sid": account.sid,
        "label": participant.label or None,
        "muted": participant.muted,
        "hold": participant.hold,
        "coaching": participant.coaching,
        "call_sid_to_coach": participant.coached_call_sid,
        "start_conference_on_enter": participant.start_on_enter,
        "end_conference_on_exit": participant.end_on_exit,
        "status": participant.status,
        "queue_time": "0",
        "date_created": rfc_2822(participant.created_at),
        "date_updated": rfc_2822(participant.updated_at),
        "uri": f"{account.path}/Conferences/{conference.sid}/Participants/{participant.call.sid}.json",
    }


def message_shape(line: Line, message: Message) -> dict:
    """One text."""
    path = f"{line.account.path}/Messages/{message.sid}"
    return {
        "sid": message.sid,
        "account_sid": line.account.sid,
        "api_version": API_VERSION,
        "messaging_service_sid": message.messaging_service_sid,
        "body": message.body,
        "num_segments": str(count_segments(message.body)),
        "num_media": str(len(message.media)),
        "direction": message.direction,
        "from": message.from_number,
        "to": message.to_number,
        "status": message.status,
        "error_code": message.error_code,
        "error_message": None,
        "price": None,
        "price_unit": "USD",
        "date_created": rfc_2822(message.created_at),
        "date_updated": rfc_2822(message.updated_at),
        "date_sent": rfc_2822(message.sent_at),
        "uri": f"{path}.json",
        "subresource_uris": {"media": f"{path}/Media.json"},
    }
