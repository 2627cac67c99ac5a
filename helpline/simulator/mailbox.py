"""A mail server that delivers to nobody: it takes letters and keeps them for a person to read."""

import socketserver
import threading
from email import message_from_bytes, policy
from email.message import EmailMessage

MOST_KEPT = 200
LONGEST_LINE = 64 * 1024
LARGEST_LETTER = 1024 * 1024


class Mailbox:
    """Every letter that was taken, the newest first. Those whose address begins with `nobody` are refused for good."""

    def __init__(self):
        self._letters: list[EmailMessage] = []
        self._lock = threading.Lock()

    def keep(self, raw: bytes) -> None:
        """Put one letter in."""
        letter = message_from_bytes(raw, policy=policy.default)
        with self._lock:
            self._letters = [letter, *self._letters][:MOST_KEPT]

    def list_letters(self) -> list[EmailMessage]:
        """What is there now."""
        with self._lock:
            return list(self._letters)


class _Talk(socketserver.StreamRequestHandler):
    """One client's connection, as far as RFC 5321 asks of a server that takes mail and sends none."""

    timeout = 30

    def handle(self) -> None:
        self._say("220 mailbox")
        while line := self.rfile.readline(LONGEST_LINE):
            command = line.decode("ascii", "replace").strip()
            verb = command.split(" ", 1)[0].upper()
            if verb == "QUIT":
                self._say("221 bye")
                return
            if verb == "DATA":
                self._take_letter()
            else:
                self._say(self._answer_to(verb, command))

    def _answer_to(self, verb: str, command: str) -> str:
        if verb == "RCPT" and "<nobody" in command.lower():
            return "550 no such mailbox"
        if verb in ("HELO", "EHLO", "MAIL", "RCPT", "RSET", "NOOP"):
            return "250 ok"
        return "502 not known here"

    def _take_letter(self) -> None:
        self._say("354 go on")
        lines, size = [], 0
        while (line := self.rfile.readline(LONGEST_LINE)) not in (b".\r\n", b".\n", b""):
            size += len(line)
            if size <= LARGEST_LETTER:
                lines.append(line[1:] if line.startswith(b".") else line)
        if size > LARGEST_LETTER:
            self._say("552 too large")
            return
        self.server.mailbox.keep(b"".join(lines))
        self._say("250 kept")

    def _say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """Listens on this machine only. Port 0 takes a free one; `port` tells which."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, mailbox: Mailbox, port: int):
        self.mailbox = mailbox
        super().__init__(("127.0.0.1", port), _Talk)

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.server_address[1]

    def start(self) -> None:
        """Listen beside whatever else this process does, until `shutdown`."""
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True, name="mailbox").start()
