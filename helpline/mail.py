"""Sends letters by e-mail, one connection each, and tells a refusal for good from one that may pass.

Where mail goes is one address in the settings: smtps:// speaks TLS from the first byte, smtp:// must turn TLS on before
anything is said, and smtp+plain:// is for a server on this machine.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from urllib.parse import SplitResult, unquote, urlsplit

from config.settings import Settings

# Connecting, and each answer: shorter together than the lease of the work that sends.
PATIENCE_S = 6
USUAL_PORTS = {"smtps": 465, "smtp": 587, "smtp+plain": 25}


class LetterRefused(Exception):
    """The server will not take this letter however often it is tried; the words are a code."""


class NoMailServer(Exception):
    """The settings name no server for mail."""


def send_letter(settings: Settings, letter: EmailMessage) -> None:
    """Hand the letter to the server. Raises LetterRefused, NoMailServer, or a passing fault (smtplib, OSError)."""
    if not settings.can_send_mail:
        raise NoMailServer
    try:
        with _connected(urlsplit(settings.smtp_url)) as server:
            server.send_message(letter)
    except smtplib.SMTPRecipientsRefused as refused:
        # Its own words repeat the address, so they go no further.
        codes = [code for code, _said in refused.recipients.values()]
        _judge(min(codes), "address_refused")
    except smtplib.SMTPResponseException as refused:
        _judge(refused.smtp_code, "mail_refused")


def _judge(code: int, refused_as: str) -> None:
    if code >= 500:
        raise LetterRefused(refused_as) from None
    raise ConnectionError(f"the mail server answers {code}") from None


@contextmanager
def _connected(address: SplitResult) -> Iterator[smtplib.SMTP]:
    port = address.port or USUAL_PORTS[address.scheme]
    trusted = ssl.create_default_context()
    if address.scheme == "smtps":
        server = smtplib.SMTP_SSL(address.hostname, port, timeout=PATIENCE_S, context=trusted)
    else:
        server = smtplib.SMTP(address.hostname, port, timeout=PATIENCE_S)
    with server:
        if address.scheme == "smtp":
            server.starttls(context=trusted)
        if address.username:
            server.login(unquote(address.username), unquote(address.password or ""))
        yield server
