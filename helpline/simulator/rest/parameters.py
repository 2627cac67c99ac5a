"""The fields each REST call takes, and what kind of value each holds.

Twilio silently drops a field it does not know; the line refuses it, so that a misspelt one is found here
and not by a child.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from werkzeug.datastructures import MultiDict

from helpline.simulator.rest.errors import UNKNOWN_PARAMETERS, Refused

TEXT, WHOLE, YES_NO, ADDRESS, METHOD = "text", "whole number", "true or false", "web address", "GET or POST"


def _is_web_address(value: str) -> bool:
    parts = urlsplit(value)
    return parts.scheme in ("http", "https") and bool(parts.hostname)


_CHECKS: dict[str, Callable[[str], bool]] = {
    TEXT: lambda value: True,
    WHOLE: lambda value: value.isdigit(),
    YES_NO: lambda value: value.lower() in ("true", "false"),
    ADDRESS: _is_web_address,
    METHOD: lambda value: value in ("GET", "POST"),
}


def _fields(**by_kind: str) -> dict[str, str]:
    kinds = {"text": TEXT, "whole": WHOLE, "yes_no": YES_NO, "address": ADDRESS, "method": METHOD}
    return {name: kinds[kind] for kind, names in by_kind.items() for name in names.split()}


_NEW_LEG = _fields(
    text=(
        "To From StatusCallbackEvent RecordingStatusCallbackEvent RecordingChannels RecordingTrack Trim CallerId "
        "MachineDetection SipAuthUsername SipAuthPassword Byoc CallReason CallToken"
    ),
    whole=(
        "Timeout TimeLimit MachineDetectionTimeout MachineDetectionSpeechThreshold "
        "MachineDetectionSpeechEndThreshold MachineDetectionSilenceTimeout"
    ),
    yes_no="Record",
    address="StatusCallback RecordingStatusCallback ClientNotificationUrl",
    method="StatusCallbackMethod RecordingStatusCallbackMethod",
)
CREATE_CALL = _NEW_LEG | _fields(
    text="Twiml SendDigits ApplicationSid AsyncAmd",
    address="Url FallbackUrl AsyncAmdStatusCallback",
    method="Method FallbackMethod AsyncAmdStatusCallbackMethod",
)
UPDATE_CALL = _fields(
    text="Status Twiml",
    whole="TimeLimit",
    address="Url FallbackUrl StatusCallback",
    method="Method FallbackMethod StatusCallbackMethod",
)
CREATE_PARTICIPANT = _NEW_LEG | _fields(
    text=(
        "Label Beep ConferenceStatusCallbackEvent ConferenceRecordingStatusCallbackEvent ConferenceRecord "
        "ConferenceTrim Region CallSidToCoach JitterBufferSize CallerDisplayName"
    ),
    whole="MaxParticipants",
    yes_no="Muted StartConferenceOnEnter EndConferenceOnExit EarlyMedia Coaching",
    address="WaitUrl ConferenceStatusCallback ConferenceRecordingStatusCallback AmdStatusCallback",
    method=(
        "WaitMethod ConferenceStatusCallbackMethod ConferenceRecordingStatusCallbackMethod AmdStatusCallbackMethod"
    ),
)
UPDATE_PARTICIPANT = _fields(
    text="CallSidToCoach",
    yes_no="Muted Hold BeepOnExit EndConferenceOnExit Coaching",
    address="HoldUrl AnnounceUrl WaitUrl",
    method="HoldMethod AnnounceMethod WaitMethod",
)
UPDATE_CONFERENCE = _fields(text="Status", address="AnnounceUrl", method="AnnounceMethod")
CREATE_QUEUE = _fields(text="FriendlyName", whole="MaxSize")
DEQUEUE_MEMBER = _fields(address="Url", method="Method")
CREATE_MESSAGE = _fields(
    text=(
        "To From Body MessagingServiceSid ApplicationSid MediaUrl ContentSid ContentVariables ScheduleType SendAt "
        "ContentRetention AddressRetention PersistentAction TrafficType RiskCheck FallbackFrom MaxPrice"
    ),
    whole="Attempt ValidityPeriod",
    yes_no="ProvideFeedback ForceDelivery SmartEncoded ShortenUrls SendAsMms",
    address="StatusCallback",
)
UPDATE_MESSAGE = _fields(text="Body Status")

_PAGE = _fields(whole="PageSize Page", text="PageToken")
LIST_CALLS = _PAGE | _fields(
    text="To From Status ParentCallSid StartTime StartTime< StartTime> EndTime EndTime< EndTime>"
)
LIST_CONFERENCES = _PAGE | _fields(
    text="FriendlyName Status DateCreated DateCreated< DateCreated> DateUpdated DateUpdated< DateUpdated>"
)
LIST_PARTICIPANTS = _PAGE | _fields(yes_no="Muted Hold Coaching")
LIST_MESSAGES = _PAGE | _fields(text="To From DateSent DateSent< DateSent>")
LIST_PLAIN = _PAGE


def check_fields(given: MultiDict, known: dict[str, str], *required: str) -> None:
    """Refuse unknown fields, missing ones and values of the wrong kind, all named at once."""
    faults = [f"{name} is unknown" for name in given if name not in known]
    faults += [f"{name} is required" for name in required if not given.get(name)]
    for name in given:
        kind = known.get(name, TEXT)
        # An empty address or label is how a caller of the REST interface says "none".
        faults += [f"{name} is not a {kind}" for value in given.getlist(name) if value and not _CHECKS[kind](value)]
    if faults:
        raise Refused(400, UNKNOWN_PARAMETERS, "; ".join(faults))


def yes(form: MultiDict, name: str, default: bool) -> bool:
    """A true or false field."""
    return form[name].lower() == "true" if form.get(name) else default


def words(form: MultiDict, name: str, default: str) -> frozenset[str]:
    """A repeated field, or one with several words, as a set."""
    return frozenset(word for value in form.getlist(name) or [default] for word in value.split())
