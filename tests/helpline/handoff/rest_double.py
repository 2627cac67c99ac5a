"""The telephone company's REST interface as far as a hand-off uses it: says yes, and remembers what was asked."""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    """One REST request: `what` is the path below the account, without .json."""

    method: str
    what: str
    form: dict[str, str]
    sid: str


@dataclass
class RestDouble:
    """What was asked, in order; `refuses` maps a phone number to the error code that ringing it gives."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    refuses: dict[str, int] = field(default_factory=dict)
    # Numbers whose ring is carried out though its answer is lost on the way.
    loses_answer_to: set[str] = field(default_factory=set)

    def rings(self, number: str) -> list[Asked]:
        """The calls that were made to this number."""
        return [asked for asked in self.asked if asked.what == "Calls" and asked.form.get("To") == number]

    def changes_of(self, call_sid: str) -> list[dict[str, str]]:
        """What was done to one call."""
        return [asked.form for asked in self.asked if asked.what == f"Calls/{call_sid}" and asked.method == "POST"]

    def announcements(self) -> list[str]:
        """The addresses of what was announced into rooms."""
        return [asked.form["AnnounceUrl"] for asked in self.asked if "AnnounceUrl" in asked.form]

    def answer(self, method: str, path: str, form: dict[str, str]) -> tuple[int, dict]:
        what = urlsplit(path).path.split("/", 4)[4].removesuffix(".json")
        if method == "GET" and what == "Calls":
            found = [{"sid": a.sid, "status": "ringing", "to": a.form["To"]} for a in self.rings(form.get("To", ""))]
            return 200, {"calls": found, "page": 0, "page_size": 20, "next_page_uri": None, "uri": path}
        sid = "CA" + os.urandom(16).hex() if what == "Calls" else what.split("/")[-1]
        self.asked.append(Asked(method, what, form, sid))
        if code := self.refuses.get(form.get("To", "")):
            return 400, {"code": code, "message": "refused", "status": 400}
        if form.get("To") in self.loses_answer_to:
            self.loses_answer_to.discard(form["To"])
            return 503, {"code": 20500, "message": "lost on the way", "status": 503}
        return 201 if method == "POST" else 200, {"sid": sid, "call_sid": sid, "status": "queued"}


class _Handler(BaseHTTPRequestHandler):
    double: RestDouble

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

    def do_GET(self) -> None:
        self._answer(urlsplit(self.path).query)

    def _answer(self, sent: str) -> None:
        form = {name: values[0] for name, values in parse_qs(sent).items()}
        status, told = self.double.answer(self.command, self.path, form)
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        """Quiet."""


@contextmanager
def run_rest_double() -> Iterator[RestDouble]:
    """A double on a free port of its own, until the end of the block."""
    double = RestDouble()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"double": double}))
    double.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield double
    server.shutdown()
    server.server_close()
