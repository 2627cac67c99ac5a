"""The telephone company's REST interface, saying whatever a test tells it to say, and remembering what was asked."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    """One request: `what` is the path below the account, without .json."""

    method: str
    what: str
    form: dict[str, str]


# An HTTP status with a body: JSON of a dict, or these very words.
Reply = tuple[int, dict | str]


def go_well(asked: Asked) -> Reply:
    """Whatever is asked for is done."""
    return 200, {"sid": "CA" + "5" * 32, "call_sid": "CA" + "5" * 32, "status": "queued"}


@dataclass
class TelephoneRest:
    """Set `reply` to a function of what is asked."""

    url: str = ""
    reply: Callable[[Asked], Reply] = go_well
    asked: list[Asked] = field(default_factory=list)

    def always(self, status: int, body: dict | str) -> None:
        self.reply = lambda _asked: (status, body)

    def fails_with(self, status: int, code: int) -> None:
        """The telephone company's own form of an error."""
        self.always(status, {"code": code, "message": "no", "status": status})


class _Listener(BaseHTTPRequestHandler):
    rest: TelephoneRest

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

    def do_GET(self) -> None:
        self._answer(urlsplit(self.path).query)

    def _answer(self, sent: str) -> None:
        form = {name: values[0] for name, values in parse_qs(sent).items()}
        asked = Asked(self.command, urlsplit(self.path).path.split("/", 4)[4].removesuffix(".json"), form)
        self.rest.asked.append(asked)
        status, told = self.rest.reply(asked)
        body = (told if isinstance(told, str) else json.dumps(told)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(BrokenPipeError):  # whoever asked has given up
            self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Quiet."""


@contextmanager
def run_telephone_rest() -> Iterator[TelephoneRest]:
    """On a free port of its own, until the end of the block."""
    rest = TelephoneRest()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Listener", (_Listener,), {"rest": rest}))
    server.daemon_threads = True
    rest.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield rest
    finally:
        server.shutdown()
        server.server_close()
