"""Our calls to the telephone company's REST interface, each a small verb, each with one clear end.

What may have happened decides what a caller of these may do next, so every failure is one of four:
`CallGone` (the leg or member is not there any more), `PhoneLineBusy` (refused before anything happened,
try again), `PhoneLineUnsure` (no or a broken answer: it may have happened, look before trying again), and
`PhoneLineRefused` (it will not happen; say so to a person).
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client
from twilio.rest.api.v2010.account.call import CallInstance
from twilio.rest.api.v2010.account.message import MessageInstance

from config.settings import Settings
from helpline.telephony.addresses import Addresses
from helpline.telephony.inbound import InboundText, read_text
from helpline.telephony.numbers import text_address

TWILIO = "https://api.twilio.com"
TIMEOUT_SECONDS = 8
LEG_EVENTS = ["initiated", "ringing", "answered", "completed"]
ROOM_EVENTS = ["start", "end", "join", "leave", "mute", "hold"]
LIVE_CALL = ("queued", "ringing", "in-progress")
GONE_CODES = {20404, 21220}
# Nothing happened, and later it may: too many requests, too many texts between two numbers, their queue is full.
BUSY_CODES = {14107, 20429, 21611}
MOST_RECEIVED = 1000
# Their clock and ours may differ by this much.
CLOCKS_DIFFER = timedelta(minutes=2)


class PhoneLineFault(Exception):
    """A REST call did not do what was asked."""


class CallGone(PhoneLineFault):
    """The call, queue member or participant is not there any more."""


class PhoneLineBusy(PhoneLineFault):
    """Refused for now (HTTP 429 and the like): nothing happened, safe to try again."""


class PhoneLineUnsure(PhoneLineFault):
    """No answer, or an error on their side: it may or may not have happened."""


class PhoneLineRefused(PhoneLineFault):
    """Refused for good; `code` is the telephone company's error code."""

    def __init__(self, code: int):
        self.code = code
        super().__init__(f"refused with code {code}")


@dataclass(frozen=True)
class Leg:
    """A leg that was rung: its CallSid, and the room's ConferenceSid when it was rung into one."""

    call_sid: str
    conference_sid: str | None = None


class _DirectedHttp(TwilioHttpClient):
    """Twilio's own client with a time-out, no blind retries, and the configured address.

    Whatever is not a readable yes becomes one of the four faults here, where every answer passes: further up,
    the library has a different exception for each kind of request and of error body.
    """

    def __init__(self, base_url: str):
        super().__init__(timeout=TIMEOUT_SECONDS, max_retries=0)
        self._base_url = base_url

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        try:
            response = super().request(method, url.replace(TWILIO, self._base_url, 1), *args, **kwargs)
        except requests.RequestException as error:
            raise PhoneLineUnsure(type(error).__name__) from error
        told = _read_json(response.text)
        if response.status_code >= 300:
            raise _fault_of(response.status_code, told.get("code") if told else None)
        if told is None:
            raise PhoneLineUnsure("an answer that can not be read")
        return response


class PhoneLine:
    """The verbs. One object a process; the client keeps its connections open."""

    def __init__(self, settings: Settings, caller_id: str):
        self._client = Client(
            settings.twilio_account_sid,
            settings.twilio_auth_token.get_secret_value(),
            http_client=_DirectedHttp(settings.twilio_api_base_url),
        )
        self._address = Addresses(settings.public_base_url)
        self._caller_id = caller_id

    def ring_into_room(self, room: str, number: str, leg_id: str, ring_s: int) -> Leg:
        """Ring a phone; when it is answered, that phone is in the room. The leg's id is its label there."""
        participant = self._client.conferences(room).participants.create(
            from_=self._caller_id,
            to=number,
            label=leg_id,
            timeout=ring_s,
            beep="false",
            early_media=False,
            start_conference_on_enter=True,
            end_conference_on_exit=False,
            status_callback=self._address("/voice/status", leg=leg_id),
            status_callback_event=LEG_EVENTS,
            conference_status_callback=self._address("/voice/room-events"),
            conference_status_callback_event=ROOM_EVENTS,
        )
        return Leg(participant.call_sid, participant.conference_sid)

    def find_in_room(self, room: str, leg_id: str) -> Leg | None:
        """The leg with this label, if an earlier try that seemed to fail has rung it after all."""
        for conference in self._client.conferences.list(friendly_name=room, limit=5):
            if conference.status == "completed":
                continue
            for participant in self._client.conferences(conference.sid).participants.list():
                if participant.label == leg_id:
                    return Leg(participant.call_sid, conference.sid)
        return None

    def ring(self, number: str, leg_id: str, path: str, ring_s: int, **others: str) -> Leg:
        """Ring a phone that, when answered, follows our `path`: a desk's keypad, or a page to staff."""
        call = self._client.calls.create(
            to=number,
            from_=self._caller_id,
            url=self._address(path, leg=leg_id),
            method="POST",
            timeout=ring_s,
            status_callback=self._address("/voice/status", leg=leg_id),
            status_callback_event=LEG_EVENTS,
            **others,
        )
        return Leg(call.sid)

    def ring_child(self, number: str, leg_id: str, path: str, ring_s: int, *, until_beep: bool) -> Leg:
        """Ring a child's phone; `path` is asked once it is known whether a person or a machine has picked up.

        `until_beep` waits, if it is a machine, until its greeting is over. The number comes from contacts/reaching.py.
        """
        detection = "DetectMessageEnd" if until_beep else "Enable"
        return self.ring(number, leg_id, path, ring_s, machine_detection=detection)

    def take_from_hold(self, queue_sid: str, call_sid: str, path: str, **query: object) -> None:
        """Take this very caller out of the hold queue; their call goes on at our `path`."""
        url = self._address(path, **query)
        self._client.queues(queue_sid).members(call_sid).update(url=url, method="POST")

    def send_to(self, call_sid: str, path: str, **query: object) -> None:
        """Send a live call on to our `path`, from wherever it is."""
        url = self._address(path, **query)
        self._client.calls(call_sid).update(url=url, method="POST")

    def end_call(self, call_sid: str) -> None:
        """Hang up one leg; a ringing one stops ringing. A leg that is gone already is fine."""
        _unless_gone(lambda: self._client.calls(call_sid).update(status="completed"))

    def end_room(self, conference_sid: str) -> None:
        """End a room for everyone in it."""
        _unless_gone(lambda: self._client.conferences(conference_sid).update(status="completed"))

    def announce(self, conference_sid: str, path: str, **query: object) -> None:
        """Speak to everyone in the room what our `path` answers."""
        url = self._address(path, **query)
        self._client.conferences(conference_sid).update(announce_url=url, announce_method="POST")

    def set_hold(self, conference_sid: str, call_sid: str, held: bool) -> None:
        """Put one person in the room on hold, with a calm line instead of silence, or take them off it."""
        hold_url = self._address("/voice/held")
        participant = self._client.conferences(conference_sid).participants(call_sid)
        participant.update(hold=held, hold_url=hold_url, hold_method="POST")

    def call_status(self, call_sid: str) -> str:
        """The telephone company's own word on a call, such as 'in-progress' or 'completed'. Raises CallGone."""
        return self._client.calls(call_sid).fetch().status

    def list_live_calls(self, number: str, begun_after: datetime) -> list[str]:
        """The CallSids of our calls to this number that ring or are being talked on, begun after this instant."""
        found = self._client.calls.list(to=number, from_=self._caller_id, limit=20)
        return [call.sid for call in found if call.status in LIVE_CALL and _began(call) >= begun_after]

    def send_text(self, number: str, line: str, body: str, message_id: str) -> str:
        """Send a text from our line, by SMS or WhatsApp as the line is reached. Returns its MessageSid."""
        to, callback = text_address(line, number), self._address("/sms/status", message=message_id)
        return self._client.messages.create(to=to, from_=line, body=body, status_callback=callback).sid

    def find_texts(self, number: str, line: str, body: str, since: datetime) -> list[str]:
        """The MessageSids of our texts to this number, made since then, that say just this, newest first."""
        latest = self._client.messages.list(to=text_address(line, number), from_=line, limit=50)
        earliest = since - CLOCKS_DIFFER
        return [text.sid for text in latest if text.body == body and _made(text) >= earliest]

    def text_state(self, message_sid: str) -> tuple[str, str | None]:
        """The telephone company's own word on a text of ours, with its error code if it failed. Raises CallGone."""
        text = self._client.messages(message_sid).fetch()
        return text.status, str(text.error_code) if text.error_code else None

    def list_received(self, line: str, since: datetime) -> list[tuple[InboundText, datetime]]:
        """The texts that came to this line of ours since then, each with its time, the oldest first."""
        listed = self._client.messages.list(to=line, date_sent_after=since, limit=MOST_RECEIVED)
        received = [(_read_listed(text), _made(text)) for text in listed if text.direction == "inbound"]
        return sorted(received, key=lambda one: one[1])


def _began(call: CallInstance) -> datetime:
    # A call that does not ring yet has no start; then it has been made just now.
    return call.start_time or call.date_created or datetime.now(UTC)


def _made(text: MessageInstance) -> datetime:
    # One of which no time is known may be the one that is looked for.
    return text.date_created or datetime.now(UTC)


def _read_listed(text: MessageInstance) -> InboundText:
    """A text as its webhook would have told it; where attachments are kept, the list does not say."""
    told = {"MessageSid": text.sid, "To": text.to, "From": text.from_, "Body": text.body or ""}
    return read_text(told | {"NumMedia": text.num_media or "0"})


def _read_json(text: str) -> dict | None:
    try:
        told = json.loads(text)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _fault_of(status: int, code: int | None) -> PhoneLineFault:
    if status == 429 or code in BUSY_CODES:
        return PhoneLineBusy("asked to slow down")
    if status >= 500:
        return PhoneLineUnsure(f"their error {status}")
    if code in GONE_CODES or status == 404:
        return CallGone(f"code {code}")
    return PhoneLineRefused(code or status)


def _unless_gone(call: Callable[[], object]) -> None:
    try:
        call()
    except CallGone:
        return
