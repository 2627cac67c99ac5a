"""Carries out the service's TwiML on one call: fetch, obey verb by verb, follow where it leads."""

from collections.abc import Callable
from urllib.parse import urldefrag, urljoin, urlsplit

from helpline.simulator.exchange.answering import answer
from helpline.simulator.exchange.call_events import voice_params
from helpline.simulator.exchange.calls import Call, DocumentRequest, Heard
from helpline.simulator.twiml.document import PARSE_FAILURE, Document, DocumentRefused, Verb, parse, parse_answer
from helpline.simulator.wire.callbacks import Callback
from helpline.simulator.wire.webhooks import WebhookFailed

MOST_DOCUMENTS_WITHOUT_A_PAUSE = 30
TOO_MANY_REDIRECTS = 11215
LETTERS_A_SECOND = 14

VerbRule = Callable[["Execution", Verb], DocumentRequest | None]


class DocumentFailed(Exception):
    """No usable instructions came from `url`; `code` is Twilio's error number."""

    def __init__(self, code: int, url: str, why: str):
        super().__init__(why)
        self.code, self.url = code, url


class Execution:
    """One call's way through the service's documents.

    `over` tells a waiting document (hold music, queue) that what it bridges has come.
    """

    def __init__(self, call: Call, verbs: dict[str, VerbRule], over: Callable[[], bool] | None = None):
        self.call = call
        self.verbs = verbs
        self.document_url = ""
        self.document_method = "POST"
        self._over = over
        self._documents_without_a_pause = 0

    def waiting(self, verbs: dict[str, VerbRule], over: Callable[[], bool] | None = None) -> "Execution":
        """A second execution for a document that fills a wait, with the verbs allowed there."""
        inner = Execution(self.call, verbs, over)
        inner.document_url, inner.document_method = self.document_url, self.document_method
        return inner

    def run(self, request: DocumentRequest | None) -> None:
        """Obey documents until one ends without leading to another."""
        self._documents_without_a_pause = 0
        while request is not None:
            self._count_document(request)
            request = self.obey(self.fetch(request))

    def obey(self, document: Document) -> DocumentRequest | None:
        """Carry out one document's verbs; the request that one of them leads to, or None at the end."""
        for warning in document.warnings:
            self.call.note(f"12200 {warning}")
        first = document.verbs[0].name if document.verbs else ""
        if self.call.answered_at is None and first != "Reject":
            answer(self.call)
        for verb in document.verbs:
            self.call.check_for_interruption(self._over)
            if verb.name not in self.verbs:
                self.call.note(f"12200 <{verb.name}> cannot be used here")
                continue
            following = self.verbs[verb.name](self, verb)
            if following is not None:
                return following
        return None

    def fetch(self, request: DocumentRequest) -> Document:
        """The instructions at `request`; raises DocumentFailed."""
        try:
            if request.twiml is not None:
                self.document_url = ""  # inline instructions have no address for others to be relative to
                return parse(request.twiml)
            self.document_url, self.document_method = request.url, request.method
            params = voice_params(self.call) | request.params
            reply = self.call.line.webhooks.ask("voice", request.url, params, request.method)
            self.call.check_for_interruption(self._over)
            return parse_answer(reply.content_type, reply.body)
        except (WebhookFailed, DocumentRefused) as failure:
            self.call.check_for_interruption(self._over)
            self.call.note(str(failure))
            raise DocumentFailed(failure.code, urldefrag(request.url).url, str(failure)) from failure

    def leading_to(self, verb: Verb, method: str | None = None, url: str | None = None, **params: str):
        """The request that a verb's address stands for, seen from the document it was written in."""
        address = verb.get("action") if url is None else url
        target = urljoin(self.document_url, address)
        if not urlsplit(target).scheme:
            raise DocumentFailed(PARSE_FAILURE, target, f"<{verb.name}> has a relative address in inline TwiML")
        return DocumentRequest(target, method or verb.get("method", "POST").upper(), params)

    def tell_action(self, request: DocumentRequest) -> None:
        """Request an action whose answer nobody obeys, because the call has already gone elsewhere."""
        params = voice_params(self.call) | request.params
        self.call.line.callbacks.send(
            Callback(self.call.sid, "voice-notice", "action", request.url, params, request.method)
        )

    def pause(self, seconds: float | None, until: Callable[[], bool] = lambda: False) -> bool:
        """Let time pass on the call; True as soon as `until` holds."""
        if seconds is None or seconds > 0:
            self._documents_without_a_pause = 0
        return self.call.wait(seconds, until, self._over)

    def play(self, heard: Heard, seconds: float, until: Callable[[], bool] = lambda: False) -> bool:
        """Let the person hear something that takes `seconds`; True if `until` cut it short."""
        self.call.hear(heard)
        return self.pause(seconds, until)

    def _count_document(self, request: DocumentRequest) -> None:
        self._documents_without_a_pause += 1
        if self._documents_without_a_pause > MOST_DOCUMENTS_WITHOUT_A_PAUSE:
            raise DocumentFailed(
                TOO_MANY_REDIRECTS, request.url, "documents lead to each other without a word to the caller"
            )


def seconds_to_say(text: str) -> float:
    """How long a voice needs for a text."""
    return len(text) / LETTERS_A_SECOND
