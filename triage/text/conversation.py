"""A conversation of texts: the newest by itself, and the last few together, since children write in pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from triage.model import Signal
from triage.text.lexicon import Lexicon
from triage.text.reading import Finding, Reading, Span, read_text

MOST_JOINED = 6
JOINED_WITHIN = timedelta(minutes=10)
ONLY_ATTACHMENT = "text_attachment_only"


@dataclass(frozen=True, slots=True)
class TextMessage:
    """One text of a child, and when it came."""

    text: str
    at: datetime
    attachments: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """What one text told, as signals, and where in it: the spans of each signal name."""

    signals: tuple[Signal, ...]
    spans: dict[str, tuple[Span, ...]]


def read_messages(messages: Sequence[TextMessage], lexicon: Lexicon) -> tuple[Signal, ...]:
    """The signals of the newest message, and of the last six of ten minutes read as one.

    Oldest first; earlier ones serve only to be joined. What a text says is never taken back by the next:
    signals only add up, on whoever keeps them. No messages give no signals.
    """
    if not messages:
        return ()
    newest = messages[-1]
    names = dict.fromkeys(_tell(newest, lexicon))
    recent = [one for one in messages[-MOST_JOINED:] if newest.at - one.at <= JOINED_WITHIN]
    if len(recent) > 1:
        names.update(dict.fromkeys(_tell_together(recent, lexicon)))
    return tuple(Signal(name) for name in names)


def read_one(text: str, lexicon: Lexicon) -> Told:
    """The signals of one text by itself, and where they stand in it."""
    reading = read_text(text, lexicon)
    names = [*_signals_of(reading, lexicon), *reading.noticed]
    spans = _gather_spans(reading.found)
    spans |= {"text_denied": _spans_of(reading.denied), "text_idiom": _spans_of(reading.figures)}
    told = {name: spans[name] for name in names if spans.get(name)}
    return Told(tuple(Signal(name) for name in dict.fromkeys(names)), told)


def _tell(message: TextMessage, lexicon: Lexicon) -> list[str]:
    if message.attachments and not message.text.strip():
        return [ONLY_ATTACHMENT]
    return [signal.name for signal in read_one(message.text, lexicon).signals]


def _tell_together(messages: Sequence[TextMessage], lexicon: Lexicon) -> list[str]:
    """What the messages tell as one, as far as the newest has a part in it: the rest a person may have weighed."""
    before = " ".join(one.text for one in messages[:-1])
    reading = read_text(f"{before} {messages[-1].text}", lexicon)
    new = [one for one in reading.found if any(end > len(before) for _, end in one.spans)]
    return [one.concept for one in new if one.concept in lexicon.signals]


def _signals_of(reading: Reading, lexicon: Lexicon) -> list[str]:
    return [one.concept for one in reading.found if one.concept in lexicon.signals]


def _gather_spans(found: Sequence[Finding]) -> dict[str, tuple[Span, ...]]:
    gathered: dict[str, set[Span]] = {}
    for one in found:
        gathered.setdefault(one.concept, set()).update(one.spans)
    return {name: tuple(sorted(spans)) for name, spans in gathered.items()}


def _spans_of(found: Sequence[Finding]) -> tuple[Span, ...]:
    return tuple(sorted({span for one in found for span in one.spans}))
