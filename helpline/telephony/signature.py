"""Is this webhook really from our telephone company?

Twilio signs the address it called, exactly as it was told that address, and the posted fields. So the
address is rebuilt from the configured public one and the request's own target, never from the Host header
or a proxy's word. Anything that is not right is a plain no: never an error page, never a hint.
"""

import hmac
from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

# What a URL path may hold unescaped (RFC 3986, pchar and '/').
PATH_SAFE = "/:@!$&'()*+,;=~-._"


class SignatureCheck:
    """Checks signatures against one public address and the current and, while tokens rotate, the previous token."""

    def __init__(self, public_base_url: str, tokens: Sequence[str]):
        self._validators = [RequestValidator(token) for token in tokens]
        self._bases = _with_and_without_port(public_base_url)

    def passes(self, signature: str | None, target: str, form: MultiDict[str, str]) -> bool:
        """True when `signature` fits `target` (raw path and query) below our public address, and `form`."""
        if not signature or any(len(form.getlist(name)) > 1 for name in form):
            # A doubled field signs like a single one (the signature folds equal values), so it is refused.
            return False
        return any(
            hmac.compare_digest(validator.compute_signature(base + target, form).encode(), signature.encode())
            for base in self._bases
            for validator in self._validators
        )


def raw_target(environ: dict) -> str:
    """The request's path and query as they came over the wire.

    Servers that keep the raw target tell it; others hand over a decoded path, which is escaped again the one
    standard way (upper-case hex of UTF-8 bytes), as Twilio's own client does.
    """
    for name in ("RAW_URI", "REQUEST_URI"):
        if raw := environ.get(name):
            parts = urlsplit(raw)
            return parts.path + (f"?{parts.query}" if parts.query else "")
    path = quote((environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")).encode("latin-1"), safe=PATH_SAFE)
    query = environ.get("QUERY_STRING", "")
    return f"{path}?{query}" if query else path


def _with_and_without_port(base: str) -> list[str]:
    """Twilio has signed both with and without a standard port; a port of our own always counts."""
    parts = urlsplit(base)
    if parts.port is not None and parts.port not in (80, 443):
        return [base]
    standard = 443 if parts.scheme == "https" else 80
    host = parts.netloc.rsplit("@", 1)
    bare = host[-1].removesuffix(f":{standard}")
    prefix = host[0] + "@" if len(host) == 2 else ""
    return [f"{parts.scheme}://{prefix}{name}{parts.path}" for name in (bare, f"{bare}:{standard}")]
