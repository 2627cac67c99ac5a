"""What has to be recorded before a language without a voice can be spoken on calls."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from ivr_flows.library import Language, Recorded, can_be_recorded

# Who hears a sentence, by the first word of its key; all others are for the child.
HEARERS = {"desk": "a partner", "page": "our staff", "callback": "who picks up"}


@dataclass(frozen=True, slots=True)
class ToRecord:
    """One sentence to be spoken by a person: its key, its words, who will hear it, and about how long it is."""

    key: str
    words: str
    heard_by: str
    seconds: int


def list_to_record(language: Language) -> list[ToRecord]:
    """Every sentence that is heard and has neither a voice nor a recording yet, in the order of the file."""
    if language.voice and language.say_language:
        return []
    return [
        ToRecord(key, sentence.text, _hearer_of(key), ceil(len(sentence.text) / language.characters_per_second))
        for key, sentence in language.prompts.items()
        if can_be_recorded(key, sentence.text) and not isinstance(sentence, Recorded)
    ]


def _hearer_of(key: str) -> str:
    return HEARERS.get(key.partition(".")[0], "the child")
