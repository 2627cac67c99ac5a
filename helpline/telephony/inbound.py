"""What a webhook says, read from its form: known fields only, each of sane length and of characters we can keep."""

from collections.abc import Mapping
from dataclasses import dataclass

from helpline.telephony.numbers import Caller, read_caller

LONGEST_FIELD = 2000


@dataclass(frozen=True)
class InboundCall:
    """A call that someone makes to us. `line` is the number of ours that was called."""

    call_sid: str
    line: str
    caller: Caller


@dataclass(frozen=True)
class InboundText:
    """A text that someone sends to us."""

    message_sid: str
    line: str
    caller: Caller
    body: str
    media_count: int
    opted_out: bool


def read_call(form: Mapping[str, str]) -> InboundCall:
    """The call of a voice webhook."""
    return InboundCall(field(form, "CallSid"), field(form, "To"), read_caller(field(form, "From")))


def read_text(form: Mapping[str, str]) -> InboundText:
    """The text of an SMS webhook."""
    media = field(form, "NumMedia")
    return InboundText(
        message_sid=field(form, "MessageSid"),
        line=field(form, "To"),
        caller=read_caller(field(form, "From")),
        body=field(form, "Body"),
        media_count=min(int(media), 99) if media.isdecimal() and len(media) < 4 else 0,
        opted_out=field(form, "OptOutType") == "STOP",
    )


def field(form: Mapping[str, str], name: str) -> str:
    """One field, or an empty string. Characters that no database or page can hold are left out."""
    return _clean(form.get(name, "")[:LONGEST_FIELD])


def _clean(text: str) -> str:
    # Without NUL and lone surrogates, which PostgreSQL and UTF-8 refuse; everything else a child writes stays.
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")
