"""Texts: from a child's phone to the service, and from the service to a phone, with their delivery reports."""

import logging
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from helpline.simulator.account import API_VERSION
from helpline.simulator.moments import new_sid, now
from helpline.simulator.twiml.document import DocumentRefused, Verb, parse_answer
from helpline.simulator.wire.callbacks import Callback, CallbackPlan
from helpline.simulator.wire.journal import DeadLine
from helpline.simulator.wire.webhooks import WebhookFailed

if TYPE_CHECKING:
    from helpline.simulator.exchange.line import Line

log = logging.getLogger(__name__)
GSM_LETTERS = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)
OPT_OUT_WORDS = {"stop", "unsubscribe", "end", "quit", "stopall", "revoke", "optout", "cancel"}
OPT_IN_WORDS = {"start", "unstop", "yes"}
MILESTONES = ("sent", "delivered")
WHATSAPP = "whatsapp:"
UNREACHABLE = 30003
# Codes from here on befall a text on its way; those below are refused at once.
FIRST_CODE_ON_THE_WAY = 30000
DELIVERY_STEP_S = 1.0


@dataclass(eq=False)
class Message:
    """One text."""

    from_number: str
    to_number: str
    body: str
    direction: str
    status: str
    sid: str = field(default_factory=lambda: new_sid("SM"))
    messaging_service_sid: str | None = None
    callback: CallbackPlan | None = None
    error_code: int | None = None
    media: tuple[str, ...] = ()  # the kinds of what is attached
    created_at: datetime = field(default_factory=now)
    updated_at: datetime = field(default_factory=now)
    sent_at: datetime | None = None


def count_segments(body: str) -> int:
    """How many parts the network cuts a text into: 160/153 letters, or 70/67 with any Arabic letter."""
    single, part = (160, 153) if set(body) <= GSM_LETTERS else (70, 67)
    units = len(body) if single == 160 else len(body.encode("utf-16-le")) // 2
    return 1 if units <= single else -(-units // part)


def bare_number(address: str) -> str:
    """The number behind an address, by SMS or by WhatsApp."""
    return address.removeprefix(WHATSAPP)


def receive_text(line: "Line", from_number: str, to_number: str, body: str, media: tuple[str, ...] = ()) -> Message:
    """A phone texts the service; replies in the service's answer are sent back."""
    message = Message(from_number, to_number, body, "inbound", "received", media=media, sent_at=now())
    with line.lock:
        line.messages.append(message)
        _keep_opt_out(line, from_number, body)
        line.touch()
    threading.Thread(target=_deliver_to_service, args=(line, message), daemon=True).start()
    return message


def _keep_opt_out(line: "Line", number: str, body: str) -> None:
    """The carrier's own rule: an SMS that is only STOP blocks our texts to that phone until START."""
    word = body.strip().lower()
    if number.startswith(WHATSAPP):
        return
    if word in OPT_OUT_WORDS:
        line.opted_out.add(number)
    elif word in OPT_IN_WORDS:
        line.opted_out.discard(number)


def _deliver_to_service(line: "Line", message: Message) -> None:
    url = line.account.webhook("/sms/incoming")
    try:
        reply = line.webhooks.ask("sms", url, _inbound_params(line, message))
        document = parse_answer(reply.content_type, reply.body) if reply.body else None
    except (WebhookFailed, DocumentRefused) as failure:
        log.warning("a text was not taken: %s", failure)
        line.journal.dead_lines.append(
            DeadLine(
                message.sid,
                "inbound-text",
                message.from_number,
                message.to_number,
                failure.code,
                url,
                str(failure),
            )
        )
        return
    for verb in document.verbs if document else ():
        if verb.name == "Message":
            _reply(line, message, verb, url)


def _reply(line: "Line", message: Message, verb: Verb, url: str) -> None:
    body = "".join(child.text for child in verb.children if child.name == "Body") or verb.text
    plan = None
    if verb.get("statusCallback"):
        plan = CallbackPlan(urljoin(url, verb.get("statusCallback")), frozenset(MILESTONES))
    to_number = verb.get("to", message.from_number)
    reply = Message(message.to_number, to_number, body, "outbound-reply", "queued", callback=plan)
    send_text(line, reply)


def _inbound_params(line: "Line", message: Message) -> dict[str, str]:
    return _media_params(line, message) | {
        "MessageSid": message.sid,
        "SmsSid": message.sid,
        "SmsMessageSid": message.sid,
        "AccountSid": line.account.sid,
        "From": message.from_number,
        "To": message.to_number,
        "Body": message.body,
        "NumMedia": str(len(message.media)),
        "NumSegments": str(count_segments(message.body)),
        "SmsStatus": "received",
        "ApiVersion": API_VERSION,
        "FromCountry": "",
        "ToCountry": "",
    }


def _media_params(line: "Line", message: Message) -> dict[str, str]:
    params = {}
    for place, kind in enumerate(message.media):
        params[f"MediaUrl{place}"] = (
            f"https://api.twilio.com{line.account.path}/Messages/{message.sid}/Media/{new_sid('ME')}"
        )
        params[f"MediaContentType{place}"] = kind
    return params


def send_text(line: "Line", message: Message) -> None:
    """Send the service's text to a phone; it arrives a moment later, and each step is reported."""
    with line.lock:
        line.messages.append(message)
        line.touch()
    _tell_status(line, message)
    threading.Thread(target=_carry, args=(line, message), daemon=True).start()


def _carry(line: "Line", message: Message) -> None:
    steps = MILESTONES
    if code := _fault_on_the_way(line, message.to_number):
        steps, message.error_code = ("sent", "undelivered"), code
    for status in steps:
        time.sleep(line.account.real_seconds(DELIVERY_STEP_S))
        with line.lock:
            message.status, message.updated_at = status, now()
            message.sent_at = message.sent_at or now()
            line.touch()
        _tell_status(line, message)


def _fault_on_the_way(line: "Line", address: str) -> int | None:
    number = bare_number(address)
    if line.behaviour_of(number).kind == "failed":
        return UNREACHABLE
    code = line.text_faults.get(number, 0)
    return code if code >= FIRST_CODE_ON_THE_WAY else None


def _tell_status(line: "Line", message: Message) -> None:
    if message.callback is None:
        return
    params = {
        "MessageSid": message.sid,
        "SmsSid": message.sid,
        "MessageStatus": message.status,
        "SmsStatus": message.status,
        "AccountSid": line.account.sid,
        "From": message.from_number,
        "To": message.to_number,
        "ApiVersion": API_VERSION,
    }
    if message.messaging_service_sid:
        params["MessagingServiceSid"] = message.messaging_service_sid
    if message.error_code and message.status == "undelivered":
        params["ErrorCode"] = str(message.error_code)
    plan = message.callback
    line.callbacks.send(Callback(message.sid, "message-status", message.status, plan.url, params, plan.method))
