"""What a webhook says, read from its form: known fields only, each of sane length and of characters we can keep."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from helpline.telephony.numbers import Caller, read_caller

LONGEST_FIELD = 2000
MOST_ATTACHMENTS = 10
LONGEST_KIND = 100


@dataclass(frozen=True)
class InboundCall:
    """A call that someone makes to us. `line` is the number of ours that was called."""

    call_sid: str
    line: str
    caller: Caller


@dataclass(frozen=True)
class Attachment:
    """A picture or file that came with a text: where the telephone company keeps it, and what kind it says it is."""

    url: str
    kind: str


@dataclass(frozen=True)
class InboundText:
    """A text that someone sends to us, by SMS or by WhatsApp. `line` is our address that it was sent to.

    `acted_on` is STOP, START or HELP when the telephone company has itself acted on such a word, else empty.
    """

    message_sid: str
    line: str
    caller: Caller
    body: str
    media_count: int
    attachments: tuple[Attachment, ...]
    acted_on: str


def read_call(form: Mapping[str, str]) -> InboundCall:
    """The call of a voice webhook."""
    return InboundCall(field(form, "CallSid"), field(form, "To"), read_caller(field(form, "From")))


def read_text(form: Mapping[str, str]) -> InboundText:
    """The text of an SMS webhook."""
    media_count = _read_count(field(form, "NumMedia"))
    return InboundText(
        message_sid=field(form, "MessageSid"),
        line=field(form, "To"),
        caller=read_caller(field(form, "From")),
        body=field(form, "Body"),
        media_count=media_count,
        attachments=tuple(_read_attachments(form, media_count)),
        acted_on=field(form, "OptOutType"),
    )


def _read_count(given: str) -> int:
    return min(int(given), 99) if given.isdecimal() and len(given) < 4 else 0


def _read_attachments(form: Mapping[str, str], count: int) -> Iterator[Attachment]:
    for place in range(min(count, MOST_ATTACHMENTS)):
        if url := field(form, f"MediaUrl{place}"):
            yield Attachment(url, field(form, f"MediaContentType{place}")[:LONGEST_KIND])


def field(form: Mapping[str, str], name: str) -> str:
    """One field, or an empty string. Characters that no database or page can hold are left out."""
    return _clean(form.get(name, "")[:LONGEST_FIELD])


def _clean(text: str) -> str:
    # Without NUL and lone surrogates, which PostgreSQL and UTF-8 refuse; everything else a child writes stays.
    return text.replace("\x00", "").encode("utf-8", "ignore").decode("utf-8")
