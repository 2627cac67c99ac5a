"""Announcements into a conference: fetched once, heard by one leg or by everybody in the room."""

from helpline.simulator.exchange.calls import Heard
from helpline.simulator.exchange.conferences import Conference, Participant
from helpline.simulator.twiml.document import Document, DocumentRefused, parse_answer
from helpline.simulator.wire.webhooks import WebhookFailed


def announce(conference: Conference, url: str, method: str, only_to: Participant | None) -> None:
    """Fetch the announcement and let it be heard; the service is told how it went."""
    line = conference.line
    params = {"AccountSid": line.account.sid, "ConferenceSid": conference.sid}
    params |= {"FriendlyName": conference.friendly_name}
    if only_to is not None:
        params["CallSid"] = only_to.call.sid
    try:
        reply = line.webhooks.ask("voice", url, params, method)
        document = parse_answer(reply.content_type, reply.body)
    except (WebhookFailed, DocumentRefused) as failure:
        with line.lock:
            conference.tell("announcement-fail", only_to, AnnounceUrl=url, ReasonAnnouncementFailed=str(failure))
        return
    with line.lock:
        for listener in [only_to] if only_to else conference.joined:
            _hear_all(listener, document)
        conference.tell("announcement-end", only_to, AnnounceUrl=url)


def _hear_all(listener: Participant, document: Document) -> None:
    for verb in document.verbs:
        if verb.name in ("Say", "Play"):
            kind = "say" if verb.name == "Say" else "play"
            listener.call.hear(Heard(kind, verb.text, verb.get("language"), verb.get("voice")))
