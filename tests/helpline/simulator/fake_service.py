"""A tiny service for the line to talk to: says what a test tells it to, and remembers every request."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, request
from werkzeug.serving import make_server

from tests.helpline.simulator.ports import free_port

Answer = str | Response | Callable[[dict[str, str]], str | Response]


@dataclass(frozen=True)
class Received:
    """One request from the line."""

    path: str
    url: str
    params: dict[str, str]
    signature: str
    token: str


def twiml(verbs: str, status: int = 200) -> Response:
    """An answer as the service gives it."""
    return Response(f"<Response>{verbs}</Response>", status, content_type="text/xml; charset=utf-8")


class FakeService:
    """Answers each path with the TwiML it was told, 204 elsewhere."""

    def __init__(self):
        self.received: list[Received] = []
        self._answers: dict[str, Answer] = {}
        app = Flask("fake_service")
        app.add_url_rule("/<path:path>", "any", self._take, methods=["GET", "POST"])
        self._server = make_server("127.0.0.1", free_port(), app, threaded=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answers(self, path: str, answer: Answer) -> None:
        """From now on `path` is answered so: verbs, a whole response, or a function of the parameters."""
        self._answers[path] = answer

    def requests_to(self, path: str) -> list[dict[str, str]]:
        """The parameters of every request to a path, in order of arrival."""
        return [received.params for received in self.received if received.path == path]

    def events(self, path: str, name: str = "StatusCallbackEvent") -> list[str]:
        """One field of every request to a path, in order of arrival."""
        return [params.get(name, "") for params in self.requests_to(path)]

    def _take(self, path: str):
        params = request.form.to_dict() or request.args.to_dict()
        path = f"/{path}"
        self.received.append(
            Received(
                path,
                request.url,
                params,
                request.headers.get("X-Twilio-Signature", ""),
                request.headers.get("I-Twilio-Idempotency-Token", ""),
            )
        )
        answer = self._answers.get(path)
        if callable(answer) and not isinstance(answer, Response):
            answer = answer(params)
        if answer is None:
            return "", 204
        return twiml(answer) if isinstance(answer, str) else answer


def eventually(look: Callable, within_s: float = 8.0):
    """What `look` returns as soon as it is true; the last it returned when time is up, as a failure."""
    deadline = time.monotonic() + within_s
    while not (seen := look()):
        assert time.monotonic() < deadline, f"never came true; last seen: {seen!r}"
        time.sleep(0.01)
    return seen
